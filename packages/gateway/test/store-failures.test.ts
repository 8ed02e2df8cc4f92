/** A gateway whose database cannot be written: it returns errors, answers everything else, recovers by itself and leaves nothing half-done. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { runWebpos } from './support/run-webpos.ts';
import { loginAt, serveGateway, type ServedGateway } from './support/served-gateway.ts';
import { DISKS, MAY_MOUNT } from './support/small-disk.ts';
import { testKey } from './support/test-gateway.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

interface Shop {
  readonly url: string;
  readonly token: string;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: {
    readonly uuid?: string;
    readonly error_code?: string;
    readonly total_items?: number;
    readonly state?: { readonly status: string };
  };
}

async function openShop(
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Shop & { gateway: ServedGateway }> {
  const account = await runWebpos(folder, ['account', 'create', '--name', 'Wallet', '--xpub', testKey(1), '--json']);
  const { uuid } = JSON.parse(account.out) as { uuid: string };
  const made = await runWebpos(folder, ['pos', 'create', '--name', 'Shop', '--account', uuid, '--currency', 'EUR', '--json']);
  const { client_id: id, secret } = JSON.parse(made.out) as { client_id: string; secret: string };
  const gateway = await serveGateway(folder, settings);
  onTestFinished(() => gateway.kill('SIGKILL'));
  const { token = '' } = await loginAt(gateway.url, id, secret);
  // Orders can be created once the chain has been read.
  await vi.waitFor(async () => expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200), { timeout: 20_000 });
  return { url: gateway.url, token, gateway };
}

async function call({ url, token }: Shop, method: string, path: string, key?: string): Promise<Answer> {
  const answer = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(method === 'POST' ? { body: '{"amount":"10.00"}' } : {}),
    signal: AbortSignal.timeout(30_000),
  });
  const body = (await answer.json()) as Answer['body'];
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), body };
}

const create = (shop: Shop, key: string): Promise<Answer> => call(shop, 'POST', '/payment-order', key);

/** Polls the health endpoint, and returns how long the slowest answer took. */
function watchHealth(url: string): { stop(): Promise<number> } {
  const stopping = new AbortController();
  let slowestMs = 0;
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const askedMs = performance.now();
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      slowestMs = Math.max(slowestMs, performance.now() - askedMs);
      await sleep(25);
    }
  };
  const ended = watch();
  // If a test fails before it stops the polling, the gateway is killed and the polling fails too.
  ended.catch(() => undefined);
  return {
    stop: async () => {
      stopping.abort();
      await ended;
      return slowestMs;
    },
  };
}

const HOLDER = `
  import { DatabaseSync } from '@photostructure/sqlite';
  const [, file, statements] = process.argv;
  const database = new DatabaseSync(file, { timeout: 5000 });
  database.exec(statements);
  console.log('held');
  process.stdin.once('data', () => (database.exec('rollback'), process.exit(0)));
`;

/** Begins a transaction in another process, which holds it until `end`. */
async function holdTransaction(folder: string, statements: string): Promise<{ end(): Promise<void> }> {
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, join(folder, 'webpos.db'), statements], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  return {
    end: async () => {
      const exited = once(holder, 'exit');
      holder.stdin.write('enough\n');
      await exited;
    },
  };
}

/** The answer to every creation, by its key. */
type Outcomes = Map<string, Answer>;

async function createTwenty(shop: Shop): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  for (let n = 0; n < 20; n += 1) outcomes.set(`before-${n}`, await create(shop, `before-${n}`));
  return outcomes;
}

/** Creates orders, several at a time, until one is refused, and then a few more. */
async function createUntilRefused(shop: Shop, outcomes: Outcomes): Promise<void> {
  let roundsLeft = 5;
  for (let round = 0; roundsLeft > 0; round += 1) {
    const keys = Array.from({ length: 8 }, (_, n) => `round-${round}-${n}`);
    const answers = await Promise.all(keys.map((key) => create(shop, key)));
    for (const [n, answer] of answers.entries()) {
      outcomes.set(keys[n]!, answer);
      if (answer.status === 201) continue;
      expect(answer).toMatchObject({ status: 503, body: { error_code: '4006' } });
      expect(Number(answer.retryAfter)).toBeGreaterThan(0);
    }
    if (answers.some(({ status }) => status !== 201)) roundsLeft -= 1;
    expect(round).toBeLessThan(5_000);
  }
}

/** Cancels orders until that is refused. A cancellation needs less room than a creation, so the log may have some for it. */
async function cancelUntilRefused(shop: Shop, outcomes: Outcomes): Promise<{ cancelled: string[]; refused: string }> {
  const cancelled: string[] = [];
  for (const { status, body } of outcomes.values()) {
    if (status !== 201) continue;
    const uuid = body.uuid!;
    const answer = await call(shop, 'DELETE', `/payment-order/${uuid}`);
    if (answer.status !== 200) {
      expect(answer).toMatchObject({ status: 503, body: { error_code: '4006' } });
      return { cancelled, refused: uuid };
    }
    cancelled.push(uuid);
  }
  return expect.fail('every order was cancelled');
}

/** Checks that acknowledged orders exist, and that the keys of refused creations create or return exactly one order. */
async function expectNothingHalfDone(shop: Shop, outcomes: Outcomes): Promise<void> {
  const uuids = new Set<string>();
  for (const [key, { status, body }] of outcomes) {
    const { body: again, status: statusAgain } = await create(shop, key);
    expect(statusAgain).toBe(201);
    if (status === 201) expect(again.uuid).toBe(body.uuid);
    uuids.add(again.uuid!);
  }
  expect(uuids.size).toBe(outcomes.size);
  expect((await call(shop, 'GET', '/payment-order')).body.total_items).toBe(outcomes.size);
}

it.each(Object.entries(DISKS))(
  'with %s, creations fail with 4006, health and reads keep working, and everything recovers when there is space again',
  async (_, makeDisk) => {
    const disk = await makeDisk();
    onTestFinished(() => disk.remove());
    const { gateway, ...shop } = await openShop(disk.folder);
    const outcomes = await createTwenty(shop);
    const first = outcomes.get('before-0')?.body.uuid ?? '';
    // While it reads, SQLite cannot reuse its log from the start, so that every write needs room.
    const reader = await holdTransaction(disk.folder, 'begin; select count(*) from orders');
    await disk.fill(gateway.pid);
    const health = watchHealth(shop.url);
    await createUntilRefused(shop, outcomes);
    expect(await call(shop, 'GET', `/payment-order/${first}`)).toMatchObject({ status: 200 });
    const { cancelled, refused } = await cancelUntilRefused(shop, outcomes);
    await reader.end();
    await disk.makeRoom(gateway.pid);
    await vi.waitFor(async () => expect((await create(shop, 'room-again')).status).toBe(201), { timeout: 30_000, interval: 200 });
    outcomes.set('room-again', await create(shop, 'room-again'));
    expect(await health.stop()).toBeLessThan(4_000);
    await expectNothingHalfDone(shop, outcomes);
    const stateOf = async (uuid: string): Promise<string> => {
      const { body } = await call(shop, 'GET', `/payment-order/${uuid}`);
      return body.state!.status;
    };
    for (const uuid of cancelled) expect(await stateOf(uuid)).toBe('cancelled');
    expect(await stateOf(refused)).toBe('pending');
    await gateway.kill('SIGKILL');
  },
  120_000,
);

// skip: this process may not mount file systems (it needs root)
it.skipIf(!MAY_MOUNT)(
  'after a kill, a gateway on a full disk says why it does not start, and starts with every order when there is space again',
  async () => {
    const disk = await DISKS['a full file system']!();
    onTestFinished(() => disk.remove());
    const { gateway, ...shop } = await openShop(disk.folder);
    const outcomes = await createTwenty(shop);
    await gateway.kill('SIGKILL');
    await disk.fill(gateway.pid);
    await expect(serveGateway(disk.folder)).rejects.toThrow(/webpos: WEBPOS_DATABASE_URL: .*database or disk is full/);
    // A start that is refused may still have copied the log into the database. SQLite then removes the log and its index together.
    const left = await readdir(disk.folder);
    expect(left.includes('webpos.db-shm')).toBe(left.includes('webpos.db-wal'));
    // A log is read without its index now, and there is no room for a new one.
    await rm(join(disk.folder, 'webpos.db-shm'), { force: true });
    await disk.fill(gateway.pid);
    await expect(serveGateway(disk.folder)).rejects.toThrow(/webpos: WEBPOS_DATABASE_URL: .*database or disk is full/);
    await disk.makeRoom(gateway.pid);
    const again = await serveGateway(disk.folder);
    onTestFinished(() => again.kill('SIGKILL'));
    await expectNothingHalfDone({ ...shop, url: again.url }, outcomes);
  },
  120_000,
);

it('while another process holds a lock, creations fail with 4006 after five seconds, health never waits, and everything recovers', async () => {
  const folder = await temporaryFolder();
  const { gateway, ...shop } = await openShop(folder);
  const outcomes: Outcomes = new Map([['first', await create(shop, 'first')]]);
  const holder = await holdTransaction(folder, 'begin immediate');
  const health = watchHealth(shop.url);
  const askedMs = performance.now();
  const keys = Array.from({ length: 20 }, (_, n) => `while-locked-${n}`);
  const answers = await Promise.all(keys.map((key) => create(shop, key)));
  expect(performance.now() - askedMs).toBeGreaterThan(4_500);
  for (const [n, key] of keys.entries()) {
    expect(answers[n]).toMatchObject({ status: 503, retryAfter: '5', body: { error_code: '4006' } });
    outcomes.set(key, answers[n]!);
  }
  expect((await call(shop, 'GET', `/payment-order/${outcomes.get('first')?.body.uuid}`)).status).toBe(200);
  await holder.end();
  // SQLite's own busy timeout would block for all of the five seconds.
  expect(await health.stop()).toBeLessThan(4_000);
  await expectNothingHalfDone(shop, outcomes);
  await gateway.kill('SIGTERM');
  const lines = gateway
    .log()
    .split('\n')
    .filter((line) => line.includes('FunctionalityDown'));
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 'error', route: '/payment-order', reason: expect.stringContaining('locked') },
    { level: 'error', count: 19 },
  ]);
  expect(lines.join('')).not.toContain('stack');
}, 60_000);
