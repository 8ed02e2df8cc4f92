/**
 * Brings about the events of an order in the sandbox, each by what would cause it in life: transactions, blocks, a
 * reorganisation, a deadline that comes. The state follows from the chain, by the same rules as ever.
 */
import type { CallbackEvent } from '@webpos/sdk/wire';
import type { ScriptHex, Txid, BlockRef } from '../kernel/chain.ts';
import { plusMs } from '../kernel/clock.ts';
import { sats, ZERO_SATS, type Sats } from '../kernel/sats.ts';
import { LEAST_ORDER } from '../orders/dust.ts';
import type { Order } from '../orders/order.ts';
import { possibleEvents } from '../orders/possible-events.ts';
import type { OrderEvent } from '../orders/settle.ts';
import { tally } from '../orders/tally.ts';
import type { OrderDeadlines } from '../store/ports.ts';
import { cancelOrder } from './cancel-order.ts';
import type { ServiceContext } from './context.ts';
import { ContractError } from './contract-error.ts';
import type { OrderInContext } from './order-wire.ts';

/** A chain that does as it is told. */
export interface ScriptedChain {
  pay(script: ScriptHex, amount: Sats): Promise<Txid>;
  mine(): Promise<BlockRef>;
  /** Replaces the newest blocks by a longer branch that rules some transactions out. */
  reorganize(how: { readonly depth: number; readonly without: readonly Txid[]; readonly others: 'mined' }): Promise<BlockRef>;
  evict(txids: readonly Txid[]): Promise<void>;
}

/** The sandbox: its chain, and a way to wait until the gateway has seen what was done to it. */
export interface Sandbox {
  readonly chain: ScriptedChain;
  caughtUp(): Promise<void>;
}

/** @throws ContractError 0013 when the event cannot follow from the order's present state. */
export async function triggerEvent(
  context: ServiceContext,
  sandbox: Sandbox,
  found: OrderInContext,
  event: CallbackEvent,
): Promise<void> {
  const possible = possibleEvents(found.order.state);
  const wanted = possible.find((candidate) => candidate === event);
  if (wanted === undefined) {
    throw new ContractError('0013', `${event} cannot follow now: expected one of ${possible.join(', ')}`);
  }
  await bringAbout(context, sandbox, found, wanted);
  await sandbox.caughtUp();
}

/** Puts an order back to where it was when it was made: nothing paid, and the whole time to pay. */
export async function resetOrder(context: ServiceContext, sandbox: Sandbox, { order }: OrderInContext): Promise<void> {
  await sandbox.chain.evict(order.payments.map(({ outPoint }) => outPoint.txid));
  await sandbox.caughtUp();
  await context.store.transaction(async (tx) => {
    const locked = await tx.orders.lock(order.terms.id);
    if (locked === undefined) return;
    const expiresAt = plusMs(context.clock.now(), context.orderTtlMs);
    const { settlementTimeoutMs, chargebackTimeoutMs } = context;
    await tx.orders.reschedule(order.terms.id, { expiresAt, settlementTimeoutMs, chargebackTimeoutMs }, expiresAt);
    await tx.orders.forgetPayments(order.terms.id);
    const fresh: Order = { ...locked, state: { status: 'pending', coveredAt: null }, payments: [], surplusTold: ZERO_SATS };
    await tx.orders.update(fresh, { blockchainStatus: 'pending', watched: false, deadline: expiresAt });
  });
}

async function bringAbout(
  context: ServiceContext,
  sandbox: Sandbox,
  { order, tipHeight }: OrderInContext,
  event: OrderEvent,
): Promise<void> {
  const { terms } = order;
  const { unpaid } = tally(order, tipHeight);
  switch (event) {
    case 'payment.completed':
    case 'payment.dispute.end':
      return payAndConfirm(sandbox, order, unpaid);
    case 'payment.overpaid':
      return payAndConfirm(sandbox, order, sats((order.state.status === 'pending' ? unpaid : 0n) + LEAST_ORDER));
    case 'payment.cancelled':
      return cancelOrder(context, terms.id);
    case 'payment.expired':
      return letTimePass(context, order, { expiresAt: context.clock.now(), settlementTimeoutMs: 0 });
    case 'payment.chargeback':
      return letTimePass(context, order, { chargebackTimeoutMs: 0 });
    case 'payment.dispute.start':
      return loseConfirmations(sandbox, order, tipHeight);
  }
}

async function payAndConfirm(sandbox: Sandbox, { terms }: Order, amount: Sats): Promise<void> {
  if (amount > 0n) await sandbox.chain.pay(terms.script, amount);
  await sandbox.caughtUp();
  for (let depth = 0; depth < terms.requiredConfirmations; depth += 1) await sandbox.chain.mine();
}

/** The payments' blocks are replaced by a branch in which their coins are spent otherwise. */
async function loseConfirmations({ chain }: Sandbox, { payments }: Order, tipHeight: number): Promise<void> {
  const txids = payments.map(({ outPoint }) => outPoint.txid);
  const heights = payments.flatMap(({ place }) => (place.kind === 'block' ? [place.height] : []));
  await chain.evict(txids);
  if (heights.length === 0) return;
  await chain.reorganize({ depth: tipHeight - Math.min(...heights) + 1, without: txids, others: 'mined' });
}

async function letTimePass(context: ServiceContext, order: Order, deadlines: OrderDeadlines): Promise<void> {
  await context.store.transaction(async (tx) => {
    await tx.orders.lock(order.terms.id);
    await tx.orders.reschedule(order.terms.id, deadlines, context.clock.now());
  });
}
