/** A store with one shop, and a delivery loop on it, for the benchmarks of callbacks. */
import { randomUUID } from 'node:crypto';
import { createCallbackSender } from '../../packages/gateway/src/callbacks/http/callback-sender.ts';
import { platformKey } from '../../packages/gateway/src/callbacks/sign.ts';
import { standardKey } from '../../packages/gateway/src/callbacks/standard-key.ts';
import { systemClock } from '../../packages/gateway/src/kernel/clock.ts';
import { parseId } from '../../packages/gateway/src/kernel/ids.ts';
import { orderedUuid } from '../../packages/gateway/src/kernel/ordered-uuid.ts';
import type { Order } from '../../packages/gateway/src/orders/order.ts';
import type { Pos } from '../../packages/gateway/src/merchants/pos.ts';
import { CallbackDelivery } from '../../packages/gateway/src/services/callbacks/deliver-callbacks.ts';
import { sqliteDialect } from '../../packages/gateway/src/store/sql/dialects/sqlite/sqlite.ts';
import { openSqlStore, type SqlStore } from '../../packages/gateway/src/store/sql/sql-store.ts';
import { sampleCallback, sampleOrder, storedPos } from '../../packages/gateway/test/support/samples.ts';
import { testGuard } from '../../packages/gateway/test/support/test-seals.ts';

/** A typical size. */
export const BODY: string = JSON.stringify({ event: 'payment.completed', created_at: '', object: { filler: 'x'.repeat(1_800) } });

export interface DeliveryBench {
  readonly store: SqlStore;
  readonly delivery: CallbackDelivery;
  readonly pos: Pos;
  close(): Promise<void>;
}

/** @param known an existing POS. */
export async function openDelivery(path: string, known?: Pos): Promise<DeliveryBench> {
  const store = await openSqlStore(sqliteDialect(path));
  const pos = known ?? (await storedPos(store));
  const sender = createCallbackSender({ now: () => systemClock.now(), dangerouslyAllowPrivateCallbacks: true });
  const keys = { platform: platformKey('the secret'), standard: [standardKey('the secret')] };
  const delivery = new CallbackDelivery({
    context: { store, clock: systemClock, guard: testGuard(systemClock) },
    sender,
    keysOf: () => keys,
    claimant: randomUUID(),
    random: Math.random,
    log: { info: () => {}, warn: () => {} },
    giveUpAfterMs: 432_000_000,
    attemptRetentionMs: 432_000_000,
  });
  const close = async (): Promise<void> => {
    // First, so that hanging attempts end.
    await sender.close();
    await delivery.stop();
    await store.close();
  };
  return { store, delivery, pos, close };
}

/** Stores an event of a new order for each URL, in one transaction. */
export async function storeEvents({ store, pos }: DeliveryBench, urls: readonly string[]): Promise<string[]> {
  const now = systemClock.now();
  // As the gateway makes them.
  const newId = (): string => orderedUuid(now, randomUUID());
  const orders: Order[] = urls.map(() => sampleOrder(pos, { id: parseId(newId()) }));
  const events = orders.map((order, n) =>
    sampleCallback(order, { id: parseId(newId()), url: urls[n] ?? null, body: BODY, createdAt: now }),
  );
  await store.transaction(async (tx) => {
    for (const order of orders) await tx.orders.insert(order);
    for (const event of events) await tx.callbacks.insert([event]);
  });
  return events.map(({ id }) => id);
}

/** @param share 0.99 for the 99th percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
