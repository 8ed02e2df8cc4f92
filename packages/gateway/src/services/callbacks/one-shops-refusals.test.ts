/**
 * Refused callbacks delay no others, over real HTTP. The clock of the delivery stands still: no retry becomes due and no pause ends, so
 * a callback that arrives has waited for neither.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { NOON, sampleCallback, sampleOrder, storedPos } from '../../../test/support/samples.ts';
import { testGuard } from '../../../test/support/test-seals.ts';
import { createCallbackSender } from '../../callbacks/http/callback-sender.ts';
import type { CallbackId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import { sqliteDialect } from '../../store/sql/dialects/sqlite/sqlite.ts';
import { openSqlStore, type SqlStore } from '../../store/sql/sql-store.ts';
import { CallbackDelivery } from './deliver-callbacks.ts';

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

/** A shop's server, and the paths that it was asked for, in order. */
async function shop(
  answer: (path: string, response: ServerResponse) => void,
): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    request.resume().on('end', () => answer(request.url ?? '', response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  toClose.push(() => server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

interface Sending {
  readonly store: SqlStore;
  /** Stores an event of a new order. */
  add(pos: Pos, url: string): Promise<CallbackId>;
  statusOf(id: CallbackId): Promise<string | undefined>;
}

async function sending(): Promise<Sending> {
  const store = await openSqlStore(sqliteDialect(':memory:'));
  toClose.push(() => store.close());
  const sender = createCallbackSender({ now: () => NOON, dangerouslyAllowPrivateCallbacks: true, deadlineMs: 60_000 });
  const delivery = new CallbackDelivery({
    context: { store, clock: { now: () => NOON }, guard: testGuard({ now: () => NOON }) },
    sender,
    keysOf: () => ({ platform: new Uint8Array(32), standard: [] }),
    claimant: 'me',
    random: () => 0.5,
    log: { info: () => {}, warn: () => {} },
    giveUpAfterMs: 432_000_000,
    attemptRetentionMs: 432_000_000,
  });
  delivery.start();
  // Closed in reverse order: hanging requests end first.
  toClose.push(
    () => delivery.stop(),
    () => sender.close(),
  );
  return {
    store,
    add: async (pos, url) => {
      const order = sampleOrder(pos);
      const event = sampleCallback(order, { url });
      await store.transaction(async (tx) => {
        await tx.orders.insert(order);
        await tx.callbacks.insert([event]);
      });
      delivery.wake();
      return event.id;
    },
    statusOf: async (id) => (await store.callbacks.get(id))?.delivery.status,
  };
}

it('a shop that answers 500 for twelve expired orders receives the event of a paid one without delay', async () => {
  const { store, add, statusOf } = await sending();
  const { url, asked } = await shop((path, response) => response.writeHead(path === '/expired' ? 500 : 200).end());
  const pos = await storedPos(store);
  for (let n = 0; n < 12; n += 1) await add(pos, `${url}/expired`);
  await vi.waitFor(() => expect(asked).toHaveLength(12), { timeout: 60_000 });
  const paid = await add(pos, `${url}/paid`);
  await vi.waitFor(async () => expect(await statusOf(paid)).toBe('delivered'), { timeout: 60_000 });
  expect(asked).toEqual([...Array<string>(12).fill('/expired'), '/paid']);
});

it.each([
  ['that does not exist', (response: ServerResponse) => void response.writeHead(404).end()],
  ['behind a proxy whose server is down', (response: ServerResponse) => void response.writeHead(502).end()],
  ['that asks for an hour', (response: ServerResponse) => void response.writeHead(503, { 'retry-after': '3600' }).end()],
  ['that breaks the connection', (response: ServerResponse) => void response.destroy()],
  ['that hangs', () => {}],
])('sixty callbacks of one POS to a path %s do not delay those of another POS to the same origin', async (_, answer) => {
  const { store, add, statusOf } = await sending();
  const { url, asked } = await shop((path, response) => (path === '/b' ? void response.end() : answer(response)));
  const [a, b] = [await storedPos(store), await storedPos(store)];
  for (let n = 0; n < 60; n += 1) await add(a, `${url}/a`);
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0), { timeout: 60_000 });
  const events = [await add(b, `${url}/b`), await add(b, `${url}/b`)];
  await vi.waitFor(async () => expect(await Promise.all(events.map(statusOf))).toEqual(['delivered', 'delivered']), {
    timeout: 60_000,
  });
});
