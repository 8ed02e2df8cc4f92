/**
 * Checks with real processes that an address is never handed out twice, whatever happens to the database: restored backups, copies, fresh
 * databases and kills.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findPostgres, freshSchema } from '../../../test/support/postgres.ts';
import { parseAccount } from '../src/wallet/descriptor/parse-account.ts';
import { MAX_BLOCK } from '../src/services/addresses/index-blocks.ts';
import { readMarks } from '../src/store/marks/marks-file.ts';
import { runWebpos } from './support/run-webpos.ts';
import { DISKS } from './support/small-disk.ts';
import { ask, loginAt, serveGateway, type ServedGateway } from './support/served-gateway.ts';
import { testKey } from './support/test-gateway.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const WALLET = testKey(23);
const addressAt = (index: number): string => parseAccount({ xpub: WALLET }, 'regtest').receive(index).address;
const postgres = await findPostgres('restored-database.test.ts');

let base: string;
let folder: string;
const running: ServedGateway[] = [];
beforeEach(async () => {
  base = await temporaryFolder();
  folder = join(base, 'original');
  await mkdir(folder);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.kill('SIGKILL')));
});

type Settings = Readonly<Record<string, string>>;
interface Shop {
  readonly account: string;
  readonly client_id: string;
  readonly secret: string;
}
interface AccountShown {
  readonly next_index: number;
  readonly skipped: readonly { readonly first: number; readonly last: number; readonly reason: string }[];
}

async function serve(where: string, settings: Settings = {}): Promise<ServedGateway> {
  const served = await serveGateway(where, { WEBPOS_RATE_LIMIT_CLIENT: '0', WEBPOS_ADDRESS_POOL_SIZE: '50', ...settings });
  running.push(served);
  return served;
}

async function command(where: string, words: readonly string[], settings: Settings = {}): Promise<unknown> {
  const { status, out, err } = await runWebpos(where, [...words, '--json'], settings);
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out);
}

async function newShop(where: string, settings: Settings = {}): Promise<Shop> {
  const { uuid: account } = (await command(where, ['account', 'create', '--name', 'Wallet', '--xpub', WALLET], settings)) as {
    uuid: string;
  };
  const words = ['pos', 'create', '--name', 'Till', '--account', account, '--currency', 'EUR'];
  return { account, ...((await command(where, words, settings)) as Omit<Shop, 'account'>) };
}

/** Creates orders one after the other, and returns their addresses. */
async function makeOrders({ url }: ServedGateway, shop: Shop, count: number): Promise<string[]> {
  const { token } = await loginAt(url, shop.client_id, shop.secret);
  const made: string[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const { address } = await ask(url, 'POST', '/payment-order', `Bearer ${token}`, { amount: '10.00' });
    made.push(address ?? 'none');
  }
  return made;
}

async function accountOf(where: string, settings: Settings = {}): Promise<AccountShown> {
  const [account] = (await command(where, ['account', 'list'], settings)) as AccountShown[];
  if (account === undefined) throw new Error('no account exists');
  return account;
}

const DATABASE = ['webpos.db', 'webpos.db-wal'];

/**
 * Copies the database, which nothing serves, and the key file, but not the marks. The log goes first: a command that has run in this
 * process may only now close the database, and with it the log.
 */
async function copyTo(there: string): Promise<void> {
  await mkdir(there, { recursive: true });
  for (const name of [...DATABASE.toReversed(), 'webpos.key'])
    await cp(join(folder, name), join(there, name)).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    });
}

/** Restores the database from a copy, and leaves the marks as they are. */
async function putBack(copy: string): Promise<void> {
  for (const name of [...DATABASE, 'webpos.db-shm']) await rm(join(folder, name), { force: true });
  for (const name of DATABASE) if (existsSync(join(copy, name))) await cp(join(copy, name), join(folder, name));
}

/** Logs in and returns what a page of the panel says. */
async function panelPage(where: string, { url }: ServedGateway): Promise<string> {
  const { code } = (await command(where, ['panel', 'login'])) as { code: string };
  const entered = await fetch(`${url}/panel/login`, {
    method: 'POST',
    body: new URLSearchParams({ code }),
    headers: { origin: url },
    redirect: 'manual',
  });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const html = await (await fetch(`${url}/panel/callbacks`, { headers: { cookie } })).text();
  return html.replaceAll(/<[^>]*>/g, '');
}

/** Waits until the mark equals the next index, so that a kill skips nothing. */
async function marksAreExact(next: number, path = join(folder, 'webpos.key.marks')): Promise<void> {
  await vi.waitFor(
    async () => {
      const [mark] = [...((await readMarks(path)) ?? new Map()).values()];
      expect(mark).toMatchObject({ from: next, mark: next });
    },
    { timeout: 20_000, interval: 100 },
  );
}

describe('an address is handed out only once', () => {
  it('when an older database is restored: the gateway continues after the marks, and reports it everywhere', async () => {
    const shop = await newShop(folder);
    const first = await serve(folder);
    const before = await makeOrders(first, shop, 3);
    await first.kill('SIGTERM');
    await copyTo(join(base, 'backup'));
    const second = await serve(folder);
    const after = await makeOrders(second, shop, 7);
    await second.kill('SIGTERM');
    expect([...before, ...after]).toEqual(Array.from({ length: 10 }, (_, nth) => addressAt(nth)));

    await putBack(join(base, 'backup'));
    const doctorBefore = JSON.parse((await runWebpos(folder, ['doctor', '--json'])).out) as { findings: unknown[] };
    expect(doctorBefore.findings).toContainEqual({
      what: 'marks file',
      level: 'warning',
      says: expect.stringContaining('the next start skips to 10') as string,
    });

    const third = await serve(folder);
    expect(await makeOrders(third, shop, 2)).toEqual([addressAt(10), addressAt(11)]);
    expect(third.log()).toContain('the database is older than the marks file');
    expect((await accountOf(folder)).skipped).toMatchObject([{ first: 3, last: 9, reason: 'older_database' }]);
    const says = 'addresses 3 to 9 were skipped: the database was older than the marks file';
    expect(await panelPage(folder, third)).toContain(says);
    const doctor = JSON.parse((await runWebpos(folder, ['doctor', '--json'])).out) as { findings: unknown[] };
    expect(doctor.findings).toContainEqual({
      what: 'marks file',
      level: 'warning',
      says: expect.stringContaining(says) as string,
    });
  }, 90_000);

  it('when a copy of database and key file is started in another folder while the original serves', async () => {
    const shop = await newShop(folder);
    const first = await serve(folder);
    const before = await makeOrders(first, shop, 2);
    await first.kill('SIGTERM');
    await copyTo(join(base, 'copy'));
    const original = await serve(folder);
    const meanwhile = await makeOrders(original, shop, 5);

    const copy = await serve(join(base, 'copy'));
    const inCopy = await makeOrders(copy, shop, 5);
    const all = [...before, ...meanwhile, ...inCopy];
    expect(new Set(all).size).toBe(12);
    expect(copy.log()).toContain('the database is older than the marks file');
    expect(copy.log()).toContain('was served with another marks file');
  }, 90_000);

  it('when the marks file is missing: the gateway reports that it cannot know, and what to do', async () => {
    const shop = await newShop(folder);
    const first = await serve(folder);
    await makeOrders(first, shop, 2);
    await first.kill('SIGTERM');
    await rm(join(folder, 'webpos.key.marks'));
    const second = await serve(folder);
    expect(second.log()).toMatch(/the marks file of this database is missing.*webpos account skip/);
    expect(await panelPage(folder, second)).toContain('the marks file of this database was missing');
    expect(await makeOrders(second, shop, 1)).toEqual([addressAt(2)]);
  }, 60_000);

  // skip: no PostgreSQL is available; findPostgres says why, and fails in CI
  it.skipIf(postgres === undefined)(
    'when a shop moves from SQLite to a fresh PostgreSQL with the same wallet',
    async () => {
      const shop = await newShop(folder);
      const first = await serve(folder);
      const before = await makeOrders(first, shop, 4);
      await first.kill('SIGTERM');

      await using schema = await freshSchema(postgres ?? '');
      const there = new URL(postgres ?? '');
      there.searchParams.set('options', `-c search_path=${schema.name}`);
      const moved = { WEBPOS_DATABASE_URL: there.href };
      const movedShop = await newShop(folder, moved);
      expect(await accountOf(folder, moved)).toMatchObject({ next_index: 4, skipped: [{ first: 0, last: 3, reason: 'mark' }] });
      const second = await serve(folder, moved);
      const after = await makeOrders(second, movedShop, 3);
      expect(new Set([...before, ...after]).size).toBe(7);
      await second.kill('SIGTERM');
    },
    90_000,
  );

  it('when two gateways with the same wallet and two databases serve at the same time', async () => {
    const other = join(base, 'other');
    await mkdir(other);
    const marks = { WEBPOS_MARKS_FILE: join(base, 'marks') };
    const [shop, otherShop] = [await newShop(folder, marks), await newShop(other, marks)];
    const [a, b] = [await serve(folder, marks), await serve(other, marks)];
    const rounds: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const both = await Promise.all([makeOrders(a, shop, round), makeOrders(b, otherShop, round)]);
      rounds.push(...both.flat());
    }
    expect(new Set(rounds).size).toBe(rounds.length);
    expect(rounds).toHaveLength(30);
    expect(rounds).not.toContain('none');
  }, 90_000);

  it('when the gateway is killed repeatedly while it creates orders, and a kill skips at most one block of indexes', async () => {
    const shop = await newShop(folder);
    const reported: string[] = [];
    for (let life = 0; life < 4; life += 1) {
      const served = await serve(folder);
      const { token } = await loginAt(served.url, shop.client_id, shop.secret);
      const enough = reported.length + 10 + life * 30;
      const untilKilled = async (): Promise<void> => {
        while (reported.length < enough) {
          const made = await ask(served.url, 'POST', '/payment-order', `Bearer ${token}`, { amount: '10.00' }).catch(() => ({
            error_code: 'killed',
            address: undefined,
          }));
          if (made.address === undefined) return expect(made.error_code).toBe('killed');
          reported.push(made.address);
        }
        void served.kill('SIGKILL');
      };
      await Promise.all(Array.from({ length: 8 }, untilKilled));
      await served.kill('SIGKILL');
      // The database is replaced by an older one as well.
      if (life === 0) await copyTo(join(base, 'backup'));
      if (life === 2) await putBack(join(base, 'backup'));
    }
    expect(reported.length).toBeGreaterThanOrEqual(220);
    expect(new Set(reported).size).toBe(reported.length);
    const last = await serve(folder);
    await makeOrders(last, shop, 1);
    const { skipped } = await accountOf(folder);
    for (const { first, last: end, reason } of skipped)
      if (reason === 'unclean_stop') expect(end + 1 - first).toBeLessThanOrEqual(MAX_BLOCK);
  }, 180_000);

  it('and no index is skipped by a clean stop, or by a kill while no orders are created', async () => {
    const shop = await newShop(folder);
    const made: string[] = [];
    for (const signal of ['SIGTERM', 'SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
      const served = await serve(folder);
      made.push(...(await makeOrders(served, shop, 9)));
      if (signal === 'SIGKILL') await marksAreExact(made.length);
      await served.kill(signal);
    }
    expect(made).toEqual(Array.from({ length: 36 }, (_, nth) => addressAt(nth)));
    expect(await accountOf(folder)).toMatchObject({ next_index: 36, skipped: [] });
  }, 120_000);
});

describe('the marks file', () => {
  it('that cannot be written makes creations fail with 4006 and Retry-After until it can be written again', async () => {
    const keys = join(base, 'keys');
    await mkdir(keys);
    const settings = { WEBPOS_MARKS_FILE: join(keys, 'marks') };
    const shop = await newShop(folder, settings);
    const served = await serve(folder, settings);
    const { token } = await loginAt(served.url, shop.client_id, shop.secret);
    const order = (): Promise<Response> =>
      fetch(`${served.url}/payment-order`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"amount":"10.00"}',
      });
    expect((await order()).status).toBe(201);
    await rename(keys, join(base, 'away'));
    const refused = await order();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.json()).toMatchObject({ error_code: '4006' });
    expect(served.log()).toContain('the marks file cannot be written, so no order is created');
    const doctor = await runWebpos(folder, ['doctor', '--json'], settings);
    expect(doctor.status).toBe(1);
    expect(doctor.out).toContain('WEBPOS_MARKS_FILE sets another path');
    // Everything else still works.
    expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
    await rename(join(base, 'away'), keys);
    const again = await order();
    expect(again.status).toBe(201);
    expect(await again.json()).toMatchObject({ address: addressAt(1) });
  }, 60_000);

  it.each(Object.entries(DISKS).filter(([what]) => what === 'a full file system'))(
    'on %s makes creations fail with 4006, and no address is lost or handed out twice',
    async (_what, makeDisk) => {
      const disk = await makeDisk();
      try {
        const settings = { WEBPOS_MARKS_FILE: join(disk.folder, 'marks') };
        const shop = await newShop(folder, settings);
        const served = await serve(folder, settings);
        expect(await makeOrders(served, shop, 2)).toEqual([addressAt(0), addressAt(1)]);
        // A write in progress would free its space again.
        await marksAreExact(2, settings.WEBPOS_MARKS_FILE);
        await disk.fill(served.pid);
        expect(await makeOrders(served, shop, 2)).toEqual(['none', 'none']);
        expect(served.log()).toContain('the marks file cannot be written, so no order is created');
        await disk.makeRoom(served.pid);
        expect(await makeOrders(served, shop, 2)).toEqual([addressAt(2), addressAt(3)]);
        await served.kill('SIGTERM');
      } finally {
        await Promise.all(running.splice(0).map((one) => one.kill('SIGKILL')));
        await disk.remove();
      }
    },
    90_000,
  );

  it('that is corrupt aborts the start, which says what to do, and is left unchanged', async () => {
    const shop = await newShop(folder);
    const first = await serve(folder);
    await makeOrders(first, shop, 1);
    await first.kill('SIGTERM');
    const path = join(folder, 'webpos.key.marks');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(' 1 1 ', ' 0 0 '));
    await expect(serve(folder)).rejects.toThrow(/its SHA-256 does not match.*Restore the file from a backup/);
    expect(await readFile(path, 'utf8')).toBe(text.replace(' 1 1 ', ' 0 0 '));
  }, 60_000);
});

describe('webpos account skip', () => {
  it('works while a gateway serves, which continues after the skipped range', async () => {
    const shop = await newShop(folder);
    const served = await serve(folder);
    await makeOrders(served, shop, 2);
    const skip = ['account', 'skip', '--account', shop.account, '--to', '40'];
    expect(await command(folder, skip)).toEqual({ uuid: shop.account, first: 2, last: 39, next_index: 40 });
    expect(await makeOrders(served, shop, 2)).toEqual([addressAt(40), addressAt(41)]);
    const refused = await runWebpos(folder, [...skip.slice(0, 4), '--to', '42']);
    expect(refused.status).toBe(1);
    expect(refused.err).toContain('--to: expected more than 42, the next index of account');
    const far = await runWebpos(folder, [...skip.slice(0, 4), '--to', '100043']);
    expect([far.status, far.err]).toEqual([1, expect.stringContaining('--to: expected at most 100042')]);
    await served.kill('SIGTERM');
    expect((await accountOf(folder)).skipped).toMatchObject([{ first: 2, last: 39, reason: 'operator' }]);
  }, 60_000);
});
