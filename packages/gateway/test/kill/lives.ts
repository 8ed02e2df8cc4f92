/** What both kinds of lives share: the settings of the gateway, and the load that a life creates itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxChain } from '../../src/chain/sandbox/sandbox-chain.ts';
import { sats } from '../../src/kernel/sats.ts';
import type { Order } from '../../src/orders/order.ts';
import type { Store } from '../../src/store/ports/store.ts';
import { newestOrders } from '../support/newest-orders.ts';

/** Short enough for orders to reach every final state during a run. */
export const TIMES = { orderTtlMs: 2_500, settlementTimeoutMs: 4_000, chargebackTimeoutMs: 1_500, finalDepth: 20 } as const;
/** A short lease: a killed attempt is soon repeated. */
export const CALLBACKS = { deadlineMs: 600, claimMs: 1_000 } as const;
/** Makes every retry delay short, even after many killed attempts. */
export const SOON = (): number => 0.0005;

/** Long enough to leave time for orders: a life without a server reads each block in the thread that creates them. */
const MAX_PAYMENT_PAUSE_MS = 120;
const MAX_BLOCK_PAUSE_MS = 200;

export interface World {
  readonly chain: SandboxChain;
  readonly store: Store;
  /** Returns a number from 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** Makes payments, blocks, reorganisations and double spends, for ever. */
export async function disturb(world: World): Promise<never> {
  return Promise.race([payments(world), blocks(world)]);
}

/** Picks one of the newest orders. */
export async function anOrder({ store, random }: World): Promise<Order | undefined> {
  const orders = await newest(store, undefined, 12);
  return orders.length === 0 ? undefined : pick(orders, random);
}

/**
 * Resolves when no callback is pending and no deadline is near.
 *
 * @throws Error after 90 seconds.
 */
export async function untilQuiet(store: Store, caughtUp: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const until = Date.now() + 90_000;
  for (let quiet = 0; quiet < 3;) {
    await caughtUp(AbortSignal.timeout(20_000));
    const { waitingCallbacks } = await store.stats(10);
    const deadline = await store.orders.nextDeadline();
    quiet = waitingCallbacks === 0 && (deadline === undefined || deadline > Date.now() + 5_000) ? quiet + 1 : 0;
    if (Date.now() > until)
      throw new Error(`${waitingCallbacks} callbacks are still pending, and the next deadline is ${deadline}`);
    await sleep(100);
  }
}

export function pick<T>(list: readonly T[], random: () => number): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('the list is empty');
  return found;
}

/** Returns reproducible random numbers from 0 up to, but not including, 1 (a linear congruential generator). */
export function dice(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function payments(world: World): Promise<never> {
  for (;;) {
    const order = await anOrder(world);
    const part = pick([2n, 2n, 2n, 1n, 3n], world.random);
    if (order !== undefined) await world.chain.pay(order.terms.script, sats((order.terms.amount * part) / 2n)).catch(() => {});
    await sleep(world.random() * MAX_PAYMENT_PAUSE_MS);
  }
}

async function blocks(world: World): Promise<never> {
  const { chain, random } = world;
  for (;;) {
    await sleep(random() * MAX_BLOCK_PAUSE_MS);
    if (random() < 0.05) await doubleSpends(world);
    const depth = 1 + Math.floor(random() * 2);
    if (random() < 0.75) await chain.mine();
    else await chain.reorganize({ depth, without: [], others: random() < 0.5 ? 'waiting' : 'mined' }).catch(() => {});
  }
}

/** Double-spends the payments of an order, so that it is charged back. */
async function doubleSpends(world: World): Promise<void> {
  const [order] = await newest(world.store, 'paid', 1);
  if (order !== undefined) await doubleSpend(world.chain, order);
}

/** Double-spends the payments of the last paid orders, so that no run ends without a chargeback. */
export async function chargeBackTheLast({ chain, store }: Pick<World, 'chain' | 'store'>): Promise<void> {
  for (const order of await newest(store, 'paid', 3)) await doubleSpend(chain, order);
}

async function doubleSpend(chain: SandboxChain, { payments: paid }: Order): Promise<void> {
  const txids = new Set(paid.flatMap(({ outPoint, place }) => (place.kind === 'gone' ? [] : [outPoint.txid])));
  // It fails if a transaction has been replaced together with another one in its block.
  if (txids.size > 0) await chain.doubleSpend([...txids]).catch(() => {});
}

async function newest(store: Store, blockchainStatus: 'paid' | undefined, pageSize: number): Promise<readonly Order[]> {
  return newestOrders(store, { blockchainStatus, limit: pageSize });
}
