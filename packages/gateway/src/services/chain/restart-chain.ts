/**
 * Sets the gateway's position in the chain manually, for cases in which it cannot continue otherwise: the node's chain forks from the
 * stored one below all stored blocks, or the node cannot provide the blocks in between. A plan first says what will not be read. The
 * restart then searches for unspent outputs of the payments in between, and stores them.
 *
 * No gateway may be serving meanwhile, because it holds scripts and positions in memory.
 */
import type { ChainSource, Unspent } from '../../chain/source.ts';
import { findFork } from '../../chain/view/path.ts';
import type { ChainRestart } from '../../kernel/chain-restart.ts';
import type { BlockRef, ScriptHex } from '../../kernel/chain.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Order } from '../../orders/order.ts';
import { EVERY_ORDER } from '../../store/ports/order-search.ts';
import type { Store } from '../../store/ports/store.ts';
import { assignSightings, type Sighting } from './assign-sightings.ts';
import { STORED_BLOCKS } from './follow-chain.ts';

/** How many blocks to store up to the new position, so that the gateway can follow a reorganisation right after the restart. */
const NEW_BLOCKS = 32;
/** How many of the newest orders to search for, besides all watched ones. */
const RECENT_ORDERS = 10_000;
const PAGE = 500;
/** The source does not return the transactions. They are in blocks, so they are never rebroadcast. */
const NO_TRANSACTION = new Uint8Array(0);
/** How many pooled addresses of an account to search for. */
const MAX_POOLED = 10_000;

export interface RestartingChain {
  readonly store: Store;
  readonly source: ChainSource;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface RestartPlan {
  /** The present position of the gateway. */
  readonly from: BlockRef;
  readonly to: BlockRef;
  readonly tip: BlockRef;
  /** The heights of the first and the last block that will never be read; undefined if every block will be read. */
  readonly unread: { readonly from: number; readonly to: number } | undefined;
  /** Stored blocks that the node's chain does not have, newest first. */
  readonly undo: readonly BlockRef[];
  /** Orders with payments in those blocks. */
  readonly undoneOrders: readonly Order[];
  /** Orders that are pending or watched. */
  readonly openOrders: readonly Order[];
  /** The orders whose addresses are searched for, including the open ones. */
  readonly orders: readonly Order[];
}

/**
 * Plans a restart without changing anything.
 *
 * @param height The height of the new position; `tip` is the node's best block.
 * @throws OperatorError if the gateway has no position yet, or the node has no block at that height; and what the source throws.
 */
export async function planRestart({ store, source, signal }: RestartingChain, height: number | 'tip'): Promise<RestartPlan> {
  await source.check(signal);
  const tip = await source.tip(signal);
  const stored = await store.chain.recent(STORED_BLOCKS);
  const [from] = stored;
  if (from === undefined) throw new OperatorError('the gateway has not read the chain yet: its first start begins at the tip');
  const to = height === 'tip' ? tip : await source.blockAt(height, signal);
  if (to === undefined) throw new OperatorError(`--height: expected a block up to the node's tip, ${tip.height}, got ${height}`);
  const fork = await findFork(stored, (at) => source.blockAt(at, signal));
  const undo = fork.kind === 'found' ? fork.undo : stored;
  // Without a fork among the stored blocks, the chains also differ further down. Those blocks were read, but on the other branch.
  const firstUnread = fork.kind === 'found' ? fork.base.height + 1 : fork.oldestKnown.height;
  const orders = await ordersToSearchFor(store);
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

/** Whether a restart skips or rolls back blocks. */
export function losesBlocks({ unread, undo }: Pick<RestartPlan, 'unread' | 'undo'>): boolean {
  return unread !== undefined || undo.length > 0;
}

/**
 * Executes a plan, completely or not at all.
 *
 * @param progress Called with the node's progress in the search for unspent outputs, in percent.
 * @throws OperatorError if the position has moved since the plan was made; and what the source throws.
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
    if (block !== undefined) sightings.push({ match: { ...match, raw: NO_TRANSACTION }, place: { kind: 'block', ...block } });
  }
  const at = clock.now();
  return store.transaction(async (tx) => {
    const now = await tx.chain.tip();
    if (now?.hash !== plan.from.hash)
      throw new OperatorError('the position in the chain has moved meanwhile: stop the running gateway and try again');
    const touched = new Set<OrderId>();
    for (const block of plan.undo) {
      for (const id of await tx.orders.rollBackBlock(block)) touched.add(id);
      await tx.unassigned.rollBackBlock(block);
      await tx.refunds.mark(await tx.payouts.rollBackBlock(block));
    }
    await tx.chain.rollBackFrom(0);
    await tx.chain.append(blocks);
    const { toOrders, newlyUnassigned } = await assignSightings(tx, sightings, { readAt: at, now: at });
    for (const { orderId, sighting } of toOrders) {
      const { outPoint, amount, normalizedTxid } = sighting.match;
      await tx.orders.placePayment({ orderId, outPoint, amount, normalizedTxid, firstSeenAt: at, place: sighting.place });
      touched.add(orderId);
    }
    await tx.orders.watch([...touched]);
    if (to.height < plan.from.height) {
      await tx.orders.watchAgain();
      await tx.refunds.markAgain();
    }
    const restart: ChainRestart = {
      at,
      fromHeight: plan.from.height,
      to,
      unread,
      undoneBlocks: plan.undo.length,
      foundPayments: toOrders.length + newlyUnassigned.length,
    };
    await tx.chain.recordRestart(restart);
    return restart;
  });
}

/** Returns the newest orders and all watched ones. */
async function ordersToSearchFor(store: Store): Promise<readonly Order[]> {
  const orders = new Map<OrderId, Order>();
  for (let before: OrderId | undefined; orders.size < RECENT_ORDERS;) {
    const { orders: page } = await store.orders.find({ ...EVERY_ORDER, before, limit: PAGE });
    for (const order of page) orders.set(order.terms.id, order);
    before = page.at(-1)?.terms.id;
    if (page.length < PAGE) break;
  }
  for (const id of await store.orders.watchedIds()) {
    const order = orders.has(id) ? undefined : await store.orders.get(id);
    if (order !== undefined) orders.set(id, order);
  }
  return [...orders.values()];
}

/** Returns unspent outputs to the orders' addresses and the pooled ones, up to the new position. Higher blocks are read as usual. */
async function unspentOf(
  { store, source, signal }: RestartingChain,
  { orders, to }: RestartPlan,
  progress: (percent: number) => void,
): Promise<readonly Unspent[]> {
  const scripts: ScriptHex[] = orders.map(({ terms }) => terms.script);
  for (const { id } of await store.accounts.list())
    for (const { script } of await store.addresses.from(id, 0, MAX_POOLED)) scripts.push(script);
  if (scripts.length === 0 || source.unspent === undefined) return [];
  const { outputs } = await source.unspent(scripts, { signal, progress });
  return outputs.filter(({ height }) => height <= to.height);
}

async function blocksUpTo(source: ChainSource, to: BlockRef, signal: AbortSignal): Promise<readonly BlockRef[]> {
  const blocks: BlockRef[] = [];
  for (let height = Math.max(0, to.height - NEW_BLOCKS + 1); height < to.height; height += 1) {
    const block = await source.blockAt(height, signal);
    if (block !== undefined) blocks.push(block);
  }
  return [...blocks, to];
}
