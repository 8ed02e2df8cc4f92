import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTable } from '../../../test/support/read-report.ts';
import { runWebpos, type Run } from '../../../test/support/run-webpos.ts';
import { sampleOrder, samplePayment } from '../../../test/support/samples.ts';
import { testKey } from '../../../test/support/test-gateway.ts';
import { openBase } from '../../app/open-base.ts';
import { epochMs } from '../../kernel/clock.ts';
import type { PosId } from '../../kernel/ids.ts';
import { parseCurrency } from '../../orders/currency.ts';
import { writeWholeFile } from './write-whole-file.ts';

const SEEN = epochMs(Date.UTC(2025, 10, 3, 12));
const PERIOD = ['--from', '2025-11-01'];

let folder: string;
const webpos = (...words: string[]): Promise<Run> => runWebpos(folder, words);
const out = (): string => join(folder, 'november.csv');

async function json<T>(...words: string[]): Promise<T> {
  const { status, out: lines, err } = await webpos(...words, '--json');
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(lines) as T;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-export-'));
  const account = (await json<{ uuid: string }>('account', 'create', '--name', 'Wallet', '--xpub', testKey(1))).uuid;
  const pos = (currency: string): Promise<{ uuid: PosId }> =>
    json('pos', 'create', '--name', 'Till', '--account', account, '--currency', currency);
  const ids = [(await pos('EUR')).uuid, (await pos('USD')).uuid];
  const { store } = await openBase({
    databaseUrl: `sqlite:${join(folder, 'webpos.db')}`,
    keyFile: join(folder, 'webpos.key'),
    marksFile: join(folder, 'webpos.marks'),
  } as Parameters<typeof openBase>[0]);
  try {
    for (const [at, id] of ids.entries()) {
      const fiat = { currency: parseCurrency(['EUR', 'USD'][at]!), minorUnits: 6000n };
      const order = sampleOrder((await store.pos.get(id))!, { createdAt: SEEN, fiat, addressIndex: at });
      const place = { kind: 'block', height: 1, hash: 'ab' as never } as const;
      await store.transaction(async (tx) => {
        await tx.orders.insert(order);
        await tx.orders.placePayment(samplePayment(order, at, { firstSeenAt: SEEN, place }));
      });
    }
  } finally {
    await store.close();
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('webpos export', () => {
  it('writes a file that only its owner reads, whose sums are those of report totals, and records it', async () => {
    expect(await json('export', ...PERIOD, '--out', out())).toMatchObject({
      kind: 'payments',
      from: '2025-11-01',
      to: '2025-11-30',
    });
    const rows = parseTable(await readFile(out(), 'utf8'));
    expect(rows.map(({ currency, satoshi, value_at_order_rate: value }) => [currency, satoshi, value])).toEqual(
      expect.arrayContaining([
        ['EUR', '50000', '30.00'],
        ['USD', '50000', '30.00'],
      ]),
    );
    expect((await stat(out())).mode & 0o777).toBe(0o600);
    const totals = await json<Record<string, unknown>[]>('report', 'totals', ...PERIOD);
    expect(totals).toEqual([
      expect.objectContaining({
        currency: 'EUR',
        rows: 1,
        received_satoshi: 50_000,
        value_at_order_rate: '30.00',
        payments_without_rate: 1,
      }),
      expect.objectContaining({ currency: 'USD', rows: 1 }),
    ]);
    expect((await webpos('report', 'totals', ...PERIOD)).out).toMatch(
      /payments from 2025-11-01 to 2025-11-30 \(UTC\)\n.*\nEUR +1 +50000 +30.00/s,
    );
  });

  it('leaves no file, and the one that was there, when it fails midway', async () => {
    await writeFile(out(), 'before');
    const { status, err } = await webpos('export', ...PERIOD, '--format', 'datev', '--out', out());
    expect([status, err]).toEqual([1, expect.stringContaining('DATEV: expected payments in EUR, got one in USD')]);
    expect(await readFile(out(), 'utf8')).toBe('before');
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('the database does not answer');
    }
    await expect(writeWholeFile(out(), failing())).rejects.toThrow('the database does not answer');
    expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it.each([
    [['--from', 'yesterday', '--out', 'x'], '--from: expected a day such as 2026-11-30, got "yesterday"'],
    [['--from', '2025-11-01', '--to', '2025-10-01', '--out', 'x'], '--to: expected a day from 2025-11-01 on'],
    [[...PERIOD, '--kind', 'days', '--format', 'koinly', '--out', 'x'], '--format: koinly has one row per payment'],
    [[...PERIOD, '--time-zone', 'Mars', '--out', 'x'], '--time-zone: expected the name of a time zone'],
    [[...PERIOD, '--pos', '00000000-0000-4000-8000-000000000000', '--out', 'x'], '--pos: no POS with this id'],
    [[...PERIOD, '--datev-account', '12', '--out', 'x'], '--datev-account: expected digits'],
    [PERIOD, '--out: expected a value, got nothing'],
  ])('refuses %s', async (words, message) => {
    const { status, err } = await webpos('export', ...words);
    expect([status, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('names a path that cannot be written', async () => {
    const { status, err } = await webpos('export', ...PERIOD, '--out', join(folder, 'missing', 'x.csv'));
    expect([status, err]).toEqual([
      1,
      expect.stringContaining('--out: expected the path of a file that can be written, got one that cannot (ENOENT)'),
    ]);
  });
});
