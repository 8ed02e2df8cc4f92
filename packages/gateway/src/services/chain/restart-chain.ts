/**
 * Sets the gateway's position in the chain by hand, where it can go on in no other way: the node's chain parts from ours below all
 * that we remember, or blocks between are to be had from nobody. What that gives up is said first; then what is still unspent of
 * the payments in between is looked for, and stored where the chain has it.
 *
 * No gateway may serve meanwhile: it keeps scripts and positions in memory.
 */
import type { ChainSource, Unspent } from '../../chain/source.ts';
import { findFork } from '../../chain/view/path.ts';
import type { ChainRestart } from '../../kernel/chain-restart.ts';
import type { BlockRef, ScriptHex } from '../../kernel/chain.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Order } from '../../orders/order.ts';
import type { Store } from '../../store/ports/store.ts';
import { assignSightings, type Sighting } from './assign-sightings.ts';

/** How many blocks are remembered below the new position, so that a reorganisation right after finds a block to fork from. */
const REMEMBERED = 32;
/** How many of ours are looked at for the fork: all that the follower remembers. */
const OURS = 400;
/** The newest orders whose addresses are looked for, beside all that are open. */
const RECENT_ORDERS = 10_000;
const PAGE = 500;
/** What is in a block is never sent again, and its transaction not kept. */
const UNREADABLE = new Uint8Array(0);
/** How many addresses of an account that no order has are looked for. */
const POOL_OF_ACCOUNT = 10_000;

export interface RestartingChain {
  readonly store: Store;
  readonly source: ChainSource;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface RestartPlan {
  /** Where the gateway stands. */
  readonly from: BlockRef;
  readonly to: BlockRef;
  readonly tip: BlockRef;
  /** Blocks that will never be read, both included; undefined: none. */
  readonly unread: { readonly from: number; readonly to: number } | undefined;
  /** Blocks of ours that the node's chain does not have, newest first. */
  readonly undo: readonly BlockRef[];
  /** Orders with payments in them. */
  readonly undoneOrders: readonly Order[];
  /** Orders that can still change by themselves. */
  readonly openOrders: readonly Order[];
  /** The orders whose addresses are looked for, the open ones among them. */
  readonly orders: readonly Order[];
}

/**
 * What a restart would do; nothing is changed.
 *
 * @param height the block to go on behind; `tip`: the node's best.
 * @throws OperatorError when the gateway has no position yet, or the node has no such block; what the source throws.
 */
export async function planRestart({ store, source, signal }: RestartingChain, height: number | 'tip'): Promise<RestartPlan> {
  await source.check(signal);
  const tip = await source.tip(signal);
  const known = await store.chain.recent(OURS);
  const [from] = known;
  if (from === undefined)
    throw new OperatorError('nothing has been read of the chain yet: the first start begins at its tip by itself');
  const to = height === 'tip' ? tip : await source.blockAt(height, signal);
  if (to === undefined) throw new OperatorError(`--height: expected a block up to the node's tip, ${tip.height}, got ${height}`);
  const fork = await findFork(known, (at) => source.blockAt(at, signal));
  const undo = fork.kind === 'found' ? fork.undo : known;
  // Below all that we remember the node's chain may differ further down; what is there was read once, on another branch.
  const firstUnread = fork.kind === 'found' ? fork.base.height + 1 : fork.oldestKnown.height;
  const orders = await ordersToLookFor(store);
  const open = new Set(await store.orders.watchedIds());
  return {
    from,
    to,
    tip,
    unread: to.height < firstUnread ? undefined : { from: firstUnread, to: to.height },
    undo,
    undoneOrders: orders.filter(({ payments }) =>
      payments.some(({ place }) => place.kind === 'block' && undo.some(({ hash }) => hash === place.hash)),
    ),
    openOrders: orders.filter(({ terms, state }) => open.has(terms.id) || state.status === 'pending'),
    orders,
  };
}

/** Whether a restart gives anything up. */
export function givesUp({ unread, undo }: Pick<RestartPlan, 'unread' | 'undo'>): boolean {
  return unread !== undefined || undo.length > 0;
}

/**
 * Does what was planned, whole or not at all.
 *
 * @param progress told how far the node is with looking for what is unspent, in percent.
 * @throws OperatorError when the position has moved since; what the source throws.
 */
export async function restartChain(
  chain: RestartingChain,
  plan: RestartPlan,
  progress: (percent: number) => void,
): Promise<ChainRestart> {
  const { store, source, clock, signal } = chain;
  const { unread, to } = plan;
  const found = unread === undefined ? [] : await unspentOf(chain, plan, progress);
  const blocks = await blocksUpTo(source, to, signal);
  const sightings: Sighting[] = [];
  for (const { match, height } of found) {
    const block = await source.blockAt(height, signal);
    if (block !== undefined) sightings.push({ match: { ...match, raw: UNREADABLE }, place: { kind: 'block', ...block } });
  }
  const at = clock.now();
  return store.transaction(async (tx) => {
    const now = await tx.chain.tip();
    if (now?.hash !== plan.from.hash)
      throw new OperatorError('the position in the chain has moved meanwhile: stop the gateway that serves, and try again');
    const touched = new Set<OrderId>();
    for (const block of plan.undo) {
      for (const id of await tx.orders.rollBackBlock(block)) touched.add(id);
      await tx.unassigned.rollBackBlock(block);
    }
    await tx.chain.rollBackFrom(0);
    await tx.chain.append(blocks);
    const { ofOrders, newlyUnassigned } = await assignSightings(tx, sightings, { readAt: at, now: at });
    for (const { orderId, sighting } of ofOrders) {
      const { outPoint, amount, normalizedTxid } = sighting.match;
      await tx.orders.placePayment({ orderId, outPoint, amount, normalizedTxid, firstSeenAt: at, place: sighting.place });
      touched.add(orderId);
    }
    await tx.orders.watch([...touched]);
    if (to.height < plan.from.height) await tx.orders.watchAgain();
    const restart: ChainRestart = {
      at,
      fromHeight: plan.from.height,
      to,
      unread,
      undoneBlocks: plan.undo.length,
      foundPayments: ofOrders.length + newlyUnassigned.length,
    };
    await tx.chain.recordRestart(restart);
    return restart;
  });
}

/** The newest orders, and all that are open. */
async function ordersToLookFor(store: Store): Promise<readonly Order[]> {
  const orders = new Map<OrderId, Order>();
  for (let page = 0; orders.size < RECENT_ORDERS; page += 1) {
    const query = { posId: undefined, blockchainStatus: undefined, sortBy: 'created_at', sortOrder: 'desc' } as const;
    const { orders: next } = await store.orders.list({ ...query, page, pageSize: PAGE });
    for (const order of next) orders.set(order.terms.id, order);
    if (next.length < PAGE) break;
  }
  for (const id of await store.orders.watchedIds()) {
    const order = orders.has(id) ? undefined : await store.orders.get(id);
    if (order !== undefined) orders.set(id, order);
  }
  return [...orders.values()];
}

/** What is unspent at the orders' addresses and at those that no order has yet, up to the new position: what is above it is read there. */
async function unspentOf(
  { store, source, signal }: RestartingChain,
  { orders, to }: RestartPlan,
  progress: (percent: number) => void,
): Promise<readonly Unspent[]> {
  const scripts: ScriptHex[] = orders.map(({ terms }) => terms.script);
  for (const { id } of await store.accounts.list())
    for (const { script } of await store.addresses.from(id, 0, POOL_OF_ACCOUNT)) scripts.push(script);
  if (scripts.length === 0 || source.unspent === undefined) return [];
  const { outputs } = await source.unspent(scripts, { signal, progress });
  return outputs.filter(({ height }) => height <= to.height);
}

async function blocksUpTo(source: ChainSource, to: BlockRef, signal: AbortSignal): Promise<readonly BlockRef[]> {
  const blocks: BlockRef[] = [];
  for (let height = Math.max(0, to.height - REMEMBERED + 1); height < to.height; height += 1) {
    const block = await source.blockAt(height, signal);
    if (block !== undefined) blocks.push(block);
  }
  return [...blocks, to];
}
