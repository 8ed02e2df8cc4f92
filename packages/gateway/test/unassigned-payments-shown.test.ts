/** Unassigned payments are shown everywhere an operator may look, until they are acknowledged. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sats } from '../src/kernel/sats.ts';
import { issueCode } from '../src/services/people/panel-access.ts';
import { parseAccount } from '../src/wallet/descriptor/parse-account.ts';
import { runWebpos, type Run } from './support/run-webpos.ts';
import { openTestGateway, type Shop, type TestGateway } from './support/test-gateway.ts';
import { gatewayFiles } from '../../../test/support/gateway-files.ts';

const TOKEN = 'a-token-of-the-operator';

let folder: string;
let test: TestGateway;
let shop: Shop;
let output: string;
let address: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-shown-'));
  test = await openTestGateway({
    ...gatewayFiles(folder),
    WEBPOS_OPS_TOKEN: TOKEN,
  });
  shop = await test.newPos();
  const received = parseAccount({ descriptor: shop.account.descriptor }, 'regtest').receive(3);
  ({ address } = received);
  const txid = await test.gateway.sandbox!.pay(received.script, sats(4_321n));
  await test.gateway.caughtUp(AbortSignal.timeout(20_000));
  const [payment] = await test.gateway.context.store.unassigned.list({ accountId: undefined, open: true, limit: 9 });
  output = `${txid}:${payment!.outPoint.vout}`;
});
afterAll(async () => {
  await test?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const webpos = (...words: string[]): Promise<Run> => runWebpos(folder, words);
const json = async (...words: string[]): Promise<unknown> => {
  const { status, out, err } = await webpos(...words, '--json');
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out);
};
const metrics = async (): Promise<string> => (await test.call('GET', '/metrics', { token: TOKEN })).text;
async function panel(): Promise<string> {
  const { secret: code } = await issueCode(test.gateway.context);
  const entered = await test.call('POST', '/panel/login', {
    body: new URLSearchParams({ code }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  const cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
  return (await test.call('GET', '/panel/callbacks', { headers: { cookie } })).text;
}
const finding = async (): Promise<{ level: string; says: string } | undefined> => {
  const { findings } = JSON.parse((await webpos('doctor', '--json')).out) as {
    findings: { what: string; level: string; says: string }[];
  };
  return findings.find(({ what }) => what === 'unassigned payments');
};

describe('an unassigned payment', () => {
  it('is logged once, with its account, index, amount and output', async () => {
    await test.gateway.caughtUp(AbortSignal.timeout(20_000));
    const logged = test.logLines.filter((line) => line.includes('received bitcoin at an address without an order'));
    expect(logged).toHaveLength(1);
    const [txid, vout] = output.split(':');
    expect(JSON.parse(logged[0]!)).toMatchObject({
      account: shop.account.id,
      index: 3,
      sats: '4321',
      txid,
      vout: Number(vout),
    });
  });

  it('is listed by the command', async () => {
    const [txid, vout] = output.split(':');
    const listed = { txid, vout: Number(vout), account: shop.account.id, address_index: 3, address, amount: 4321 };
    expect(await json('payment', 'unassigned')).toEqual([
      { ...listed, place: 'mempool', block_height: null, first_seen_at: expect.any(String), acknowledged_at: null, note: null },
    ]);
    expect((await webpos('payment', 'unassigned')).out).toContain(output);
    expect(await json('payment', 'unassigned', '--account', '00000000-0000-4000-8000-000000000000')).toEqual([]);
  });

  it('is shown by the account list, the metrics, the doctor and the panel', async () => {
    expect(await json('account', 'list')).toMatchObject([{ next_index: 4, unassigned_payments: 1 }]);
    expect((await webpos('account', 'list')).out).toContain('webpos payment unassigned lists the payments');
    expect(await metrics()).toMatch(/^webpos_unassigned_payments 1$/m);
    expect(await metrics()).toMatch(/^webpos_unassigned_satoshi 4321$/m);
    expect(await finding()).toMatchObject({ level: 'warning', says: expect.stringContaining('4321 satoshi') as string });
    for (const text of [output, address, '<span>21\u00A0BTC</span>', 'payment acknowledge'])
      expect(await panel()).toContain(text);
  });

  it.each([
    ['no output', ['--note', 'x'], '--output: expected a value'],
    ['an output without its number', ['--output', 'a'.repeat(64), '--note', 'x'], '--output: expected a transaction id'],
    ['an unknown output', ['--output', `${'a'.repeat(64)}:0`, '--note', 'x'], 'such as webpos payment unassigned lists'],
    ['an empty note', ['--output', `${'a'.repeat(64)}:0`, '--note', ' '], '--note: expected a value'],
    ['a note of two lines', ['--output', `${'a'.repeat(64)}:0`, '--note', 'a\nb'], '--note: expected at most 500'],
    ['a long note', ['--output', `${'a'.repeat(64)}:0`, '--note', 'a'.repeat(501)], '--note: expected at most 500'],
  ])('cannot be acknowledged with %s', async (_, words, message) => {
    const { status, err } = await webpos('payment', 'acknowledge', ...words);
    expect(status).not.toBe(0);
    expect(err).toContain(message);
    expect(await json('payment', 'unassigned')).toHaveLength(1);
  });

  it('causes no more warnings once it is acknowledged, and is then listed only with --all', async () => {
    const acknowledged = await json('payment', 'acknowledge', '--output', output, '--note', 'order 1042, delivered');
    expect(acknowledged).toMatchObject({ note: 'order 1042, delivered', acknowledged_at: expect.any(String) as string });
    expect((await webpos('payment', 'acknowledge', '--output', output, '--note', 'again')).status).not.toBe(0);
    expect((await webpos('payment', 'unassigned')).out).toBe('No unassigned payments.');
    expect(await json('payment', 'unassigned', '--all')).toHaveLength(1);
    expect(await finding()).toMatchObject({ level: 'ok' });
    expect(await json('account', 'list')).toMatchObject([{ unassigned_payments: 0 }]);
    expect(await panel()).not.toContain(address);
    // The metric may be up to 15 seconds old.
    await vi.waitFor(async () => expect(await metrics()).toMatch(/^webpos_unassigned_payments 0$/m), {
      timeout: 30_000,
      interval: 500,
    });
  });
});
