/** A gateway whose database cannot be written: it returns errors, answers everything else, recovers by itself and leaves nothing half-done. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { runWebpos } from './support/run-webpos.ts';
import { loginAt, serveGateway, type ServedGateway } from './support/served-gateway.ts';
import { DISKS } from './support/small-disk.ts';
import { testKey } from './support/test-gateway.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

interface Shop {
  readonly url: string;
  readonly token: string;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: { readonly uuid?: string; readonly error_code?: string; readonly total_items?: number };
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

/** The answer to every creation, by its key. */
type Outcomes = Map<string, Answer>;

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
    const outcomes: Outcomes = new Map([['first', await create(shop, 'first')]]);
    const first = outcomes.get('first')?.body.uuid ?? '';
    await disk.fill(gateway.pid);
    const health = watchHealth(shop.url);
    await createUntilRefused(shop, outcomes);
    expect(await call(shop, 'GET', `/payment-order/${first}`)).toMatchObject({ status: 200 });
    expect(await call(shop, 'DELETE', `/payment-order/${first}`)).toMatchObject({ status: 503, body: { error_code: '4006' } });
    await disk.makeRoom(gateway.pid);
    await vi.waitFor(async () => expect((await create(shop, 'room-again')).status).toBe(201), { timeout: 30_000, interval: 200 });
    outcomes.set('room-again', await create(shop, 'room-again'));
    expect(await health.stop()).toBeLessThan(4_000);
    await expectNothingHalfDone(shop, outcomes);
    await gateway.kill('SIGKILL');
  },
  120_000,
);

const HOLDER = `
  import { DatabaseSync } from '@photostructure/sqlite';
  const database = new DatabaseSync(process.argv[1], { timeout: 5000 });
  database.exec('begin immediate');
  console.log('held');
  process.stdin.once('data', () => (database.exec('rollback'), process.exit(0)));
`;

it('while another process holds a lock, creations fail with 4006 after five seconds, health never waits, and everything recovers', async () => {
  const folder = await temporaryFolder();
  const { gateway, ...shop } = await openShop(folder);
  const outcomes: Outcomes = new Map([['first', await create(shop, 'first')]]);
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, join(folder, 'webpos.db')], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
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
  holder.stdin.write('enough\n');
  await once(holder, 'exit');
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
