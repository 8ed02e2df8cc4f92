/** The commands for many callbacks: failing endpoints, and redelivery of everything that was given up. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runWebpos } from '../../../test/support/run-webpos.ts';
import { NOON, SAMPLE_ATTEMPT, sampleCallback, storedOrders } from '../../../test/support/samples.ts';
import { openBase } from '../../app/open-base.ts';
import type { StoredCallback } from '../../callbacks/callback.ts';
import { isoDate, plusMs, type EpochMs } from '../../kernel/clock.ts';
import type { CallbackId, PosId } from '../../kernel/ids.ts';
import type { CallbackClaim } from '../../store/ports/callback-store.ts';
import type { Store } from '../../store/ports/store.ts';

const SHOP = 'https://shop.example';
const OTHER = 'https://other.example';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-callbacks-'));
  const base = {
    databaseUrl: `sqlite:${join(folder, 'webpos.db')}`,
    keyFile: join(folder, 'webpos.key'),
    marksFile: join(folder, 'webpos.key.marks'),
  };
  ({ store } = await openBase(base as Parameters<typeof openBase>[0], { create: true }));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const webpos = async (...words: string[]): Promise<string> => {
  const { status, out, err } = await runWebpos(folder, ['callback', ...words]);
  expect([status, err]).toEqual([0, '']);
  return out;
};
const json = async (...words: string[]): Promise<unknown> => JSON.parse(await webpos(...words, '--json')) as unknown;

const claim = (posId: PosId, rest: Omit<CallbackClaim, 'posId' | 'kind'>): Promise<StoredCallback[]> =>
  store.callbacks.claim({ posId, kind: 'fresh', ...rest });

/** An order with two events that were given up. */
async function givenUp(url: string, at: EpochMs): Promise<{ readonly ids: readonly CallbackId[]; readonly pos: PosId }> {
  const [order] = await storedOrders(store);
  const events = [0, 1].map(() => sampleCallback(order, { url }));
  await store.callbacks.insert(events);
  for (const event of events) {
    await claim(order.terms.posId, { now: at, until: plusMs(at, 1), claimant: 'me', endpoint: new URL(url).origin, limit: 1 });
    const outcome = { kind: 'failed', at, error: 'answered 500' } as const;
    await store.transaction((tx) => tx.callbacks.finish([{ callback: event, end: { outcome, record: SAMPLE_ATTEMPT } }], 'me'));
  }
  return { ids: events.map(({ id }) => id), pos: order.terms.posId };
}

async function damage(id: CallbackId): Promise<void> {
  const database = new DatabaseSync(join(folder, 'webpos.db'));
  database.prepare('update callbacks set packed_body = ? where id = ?').run(Buffer.from('0100000000ffff', 'hex'), id);
  database.close();
}

const statuses = async ({ ids }: { readonly ids: readonly CallbackId[] }): Promise<unknown[]> =>
  Promise.all(ids.map(async (id) => (await store.callbacks.get(id))?.delivery.status));

it('callback redeliver makes everything due that was given up since a time, of one endpoint or POS if given', async () => {
  const early = await givenUp(`${SHOP}/a`, NOON);
  const late = await givenUp(`${SHOP}/b`, plusMs(NOON, 60_000));
  const other = await givenUp(`${OTHER}/c`, plusMs(NOON, 60_000));
  const since = ['redeliver', '--failed-since', isoDate(plusMs(NOON, 1_000))];
  expect(await json(...since, '--pos', early.pos)).toEqual({ due: 0, busy: 0, damaged: 0 });
  expect(await json(...since, '--endpoint', `${SHOP}/whatever`)).toEqual({ due: 2, busy: 0, damaged: 0 });
  for (const [events, status] of [
    [early, 'failed'],
    [late, 'waiting'],
    [other, 'failed'],
  ] as const)
    expect(await statuses(events)).toEqual([status, status]);
  expect(await webpos('redeliver', '--failed-since', '2026-11-23')).toContain('4 callbacks that were given up since');
  expect(await statuses(early)).toEqual(['waiting', 'waiting']);
  // The events of an order keep their order.
  const all = { now: plusMs(NOON, 1e12), until: plusMs(NOON, 2e12), claimant: 'you', endpoint: SHOP, limit: 9 };
  const claimed = [...(await claim(early.pos, all)), ...(await claim(late.pos, all))];
  expect(claimed.map(({ id }) => id)).toEqual([early.ids[0], late.ids[0]]);
});

it('callback redeliver reports damaged callbacks, which stay given up and are listed', async () => {
  const damaged = await givenUp(`${SHOP}/a`, NOON);
  await damage(damaged.ids[0]!);
  const intact = await givenUp(`${SHOP}/b`, NOON);
  expect(await webpos('redeliver', '--failed-since', '2026-11-23')).toMatch(
    /^3 callbacks that were given up .*\n1 cannot be sent, because their stored bodies are damaged/,
  );
  expect(await statuses(intact)).toEqual(['waiting', 'waiting']);
  expect(await json('list', '--status', 'failed')).toMatchObject([
    { uuid: damaged.ids[0], last_error: expect.stringContaining('its stored body is damaged') as string },
  ]);
});

it('callback redeliver skips callbacks that are being sent, and reports them', async () => {
  const { ids, pos } = await givenUp(`${SHOP}/a`, NOON);
  await json('redeliver', ids[0]!);
  const now = plusMs(NOON, 1e12);
  await claim(pos, { now, until: plusMs(now, 30_000), claimant: 'you', endpoint: SHOP, limit: 1 });
  expect(await json('redeliver', '--failed-since', '2026-11-01')).toEqual({ due: 0, busy: 1, damaged: 0 });
  expect(await webpos('redeliver', '--failed-since', '2026-11-01')).toContain('is being sent now');
});

it('callback redeliver sends a callback and all later ones of its order to another URL', async () => {
  const { ids } = await givenUp(`${SHOP}/a`, NOON);
  const { body } = (await json('show', ids[1]!)) as { body: string };
  await webpos('redeliver', ids[1]!, '--url', `${OTHER}/new?key=s3cret`);
  const first = await store.callbacks.get(ids[1]!);
  expect(first).toMatchObject({ url: `${OTHER}/new?key=s3cret`, delivery: { status: 'waiting' } });
  // The callback that was given up before and not requested stays as it is.
  expect(await store.callbacks.get(ids[0]!)).toMatchObject({ url: `${SHOP}/a`, delivery: { status: 'failed' } });
  expect((await store.orders.get(first!.orderId))?.terms.callbackUrl).toBe(`${OTHER}/new?key=s3cret`);
  expect(await store.callbacks.queues()).toMatchObject([{ endpoint: OTHER }]);
  const shown = (await json('show', ids[1]!)) as { log: { response_excerpt: string }[]; body: string };
  expect(shown.log.map((attempt) => attempt.response_excerpt)).toContain(`redirected from ${SHOP}/a to ${OTHER}/new`);
  expect(shown.body).toBe(body);
  await webpos('redeliver', '--failed-since', '2026-11-01', '--url', `${OTHER}/all`);
  for (const id of ids) expect(await store.callbacks.get(id)).toMatchObject({ url: `${OTHER}/all` });
});

it('callback show without a key file says that the address in the body is not checked, and creates none', async () => {
  const { ids } = await givenUp(`${SHOP}/a`, NOON);
  expect(await json('show', ids[0]!)).toMatchObject({ status: 'failed', log: [{ status: 500 }], address_checked: false });
  expect(await webpos('show', ids[0]!)).toMatch(/^address_checked: no, because there is no key file at .*webpos\.key /m);
  const missing = await runWebpos(folder, ['callback', 'show', '00000000-0000-4000-8000-000000000000']);
  expect([missing.status, missing.err]).toEqual([1, expect.stringContaining('no callback with id')]);
  expect((await readdir(folder)).filter((name) => name.startsWith('webpos.key'))).toEqual([]);
});

it('callback redeliver refuses a URL that no order could have', async () => {
  const { ids } = await givenUp(`${SHOP}/a`, NOON);
  const { status, err } = await runWebpos(folder, ['callback', 'redeliver', ids[0]!, '--url', 'ftp://shop.example/']);
  expect([status, err]).toEqual([2, expect.stringContaining('--url: must be an http or https URL')]);
  expect(await store.callbacks.get(ids[0]!)).toMatchObject({ url: `${SHOP}/a`, delivery: { status: 'failed' } });
});

it('callback endpoints lists endpoints that fail or have callbacks waiting', async () => {
  expect(await webpos('endpoints')).toBe('No endpoint fails, and no callback is waiting.');
  const [order] = await storedOrders(store);
  await store.callbacks.insert([sampleCallback(order, { url: `${SHOP}/a` }), sampleCallback(order, { url: `${SHOP}/a` })]);
  const { posId } = order.terms;
  const failing = { posId, endpoint: OTHER, since: NOON, failures: 7, lastError: 'answered 500', lastAt: plusMs(NOON, 9_000) };
  await store.endpoints.recordFailure(failing);
  expect(await json('endpoints')).toEqual([
    {
      pos: posId,
      endpoint: OTHER,
      failing_since: isoDate(NOON),
      failures: 7,
      waiting: 0,
      next_attempt_at: null,
      last_error: 'answered 500',
    },
    {
      pos: posId,
      endpoint: SHOP,
      failing_since: null,
      failures: 0,
      waiting: 1,
      next_attempt_at: isoDate(NOON),
      last_error: null,
    },
  ]);
  expect(await webpos('endpoints')).toMatch(/https:\/\/other\.example +2026-11-23T12:00:00\.000Z +7 +0 +- +answered 500/);
});

it('callback endpoints shows when a paused queue is tried next, not when its first event was due', async () => {
  const [order] = await storedOrders(store);
  await store.callbacks.insert([sampleCallback(order, { url: `${SHOP}/a` })]);
  const paused = { posId: order.terms.posId, endpoint: SHOP };
  await store.endpoints.pause({ ...paused, pausedUntil: plusMs(NOON, 30_000), failures: 5 });
  await store.endpoints.pause({ ...paused, pausedUntil: plusMs(NOON, 60_000), failures: 5 });
  expect(await json('endpoints')).toMatchObject([{ waiting: 1, next_attempt_at: isoDate(plusMs(NOON, 60_000)) }]);
  await store.endpoints.resume(paused);
  expect(await json('endpoints')).toMatchObject([{ waiting: 1, next_attempt_at: isoDate(NOON) }]);
});

it('callback list continues before a callback', async () => {
  const { ids } = await givenUp(`${SHOP}/a`, NOON);
  const first = await webpos('list', '--limit', '1');
  expect(first).toContain(`More callbacks: --before ${ids[1]}`);
  expect(await json('list', '--limit', '1', '--before', ids[1]!, '--endpoint', SHOP)).toMatchObject([{ uuid: ids[0] }]);
  expect(await json('list', '--endpoint', OTHER)).toEqual([]);
});

it.each([
  [['redeliver', '--failed-since', 'yesterday'], /--failed-since: expected a time such as/],
  [['redeliver', '--failed-since', '2026-11-23', '00000000-0000-4000-8000-000000000000'], /got both/],
  [
    ['redeliver', '--pos', '00000000-0000-4000-8000-000000000000'],
    /--failed-since: expected a time, as --pos and --endpoint require/,
  ],
  [['redeliver'], /expected the UUID of a callback, got nothing/],
  [['list', '--endpoint', 'shop'], /--endpoint: expected an http or https URL such as/],
])('webpos callback refuses %j as wrong usage', async (words, message) => {
  const { status, err } = await runWebpos(folder, ['callback', ...words]);
  expect([status, err]).toEqual([2, expect.stringMatching(message)]);
});
