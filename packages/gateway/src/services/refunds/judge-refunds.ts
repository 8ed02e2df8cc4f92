/**
 * Decides the states of refunds by where their payments are now, links payments to refunds, and reports what was paid. Each refund is
 * judged in a transaction of its own, and stays marked in the database until then, so a process that is killed continues with it.
 */
import type { CallbackEvent } from '@webpos/sdk/wire';
import { outPointKey } from '../../kernel/chain.ts';
import { parseId, type CallbackId, type OrderId, type RefundId } from '../../kernel/ids.ts';
import { enterStep, stepOf } from '../../kernel/thread/steps.ts';
import type { Order, PaymentPlace } from '../../orders/order.ts';
import { followPayouts, linkPayouts, type Payout } from '../../refunds/payout.ts';
import { anyApproval, type Refund, type RefundState } from '../../refunds/refund.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { newBody } from '../callbacks/checked-body.ts';
import type { OrderChangeContext } from '../context.ts';
import { orderInContext } from '../orders/order-in-context.ts';
import { MAX_PAYOUTS } from './max-payouts.ts';

const PAGE = 100;
const JUDGE = stepOf('judge refunds');

interface JudgedRefunds {
  readonly orders: ReadonlySet<OrderId>;
  /** How many callbacks were stored that have a URL to be sent to. */
  readonly callbacks: number;
}

/** Judges every refund that is marked, or that the height of the tip may change. */
export async function judgeRefunds(context: OrderChangeContext): Promise<void> {
  const tipHeight = (await context.store.chain.tip())?.height;
  if (tipHeight === undefined) return;
  const judged = new Set<RefundId>();
  for (;;) {
    enterStep(JUDGE);
    const ids = (await context.store.refunds.idsToJudge(tipHeight, PAGE)).filter((id) => !judged.has(id));
    if (ids.length === 0) return;
    for (const id of ids) {
      enterStep(JUDGE);
      judged.add(id);
      const { orders, callbacks } = await context.store.transaction((tx) => judgeRefund(context, tx, id));
      if (callbacks > 0) context.callbacksStored();
      if (orders.size > 0) context.ordersChanged(orders);
    }
  }
}

/** Judges a refund together with all others to the same destination, because a payment may belong to each of them. */
async function judgeRefund(context: OrderChangeContext, tx: StoreTransaction, id: RefundId): Promise<JudgedRefunds> {
  const script = anyApprovalOf(await tx.refunds.get(id))?.script;
  const tipHeight = (await tx.chain.tip())?.height ?? 0;
  if (script === undefined) {
    await tx.refunds.judged(id, { judgeAtHeight: undefined, isReported: false });
    return { orders: new Set(), callbacks: 0 };
  }
  const ids = new Set((await tx.refunds.byScripts([script])).map(({ orderId }) => orderId));
  const orders = new Map((await tx.orders.lockMany([...ids])).map((order) => [order.terms.id, order]));
  // Once more: somebody who had locked an order may have changed its refunds.
  const refunds = await tx.refunds.byScripts([script]);
  const payouts = await linkedPayouts(tx, refunds, await tx.payouts.toScripts([script], MAX_PAYOUTS), tipHeight);
  const changed = new Set<OrderId>();
  let callbacks = 0;
  for (const refund of refunds) {
    const order = orders.get(refund.orderId);
    if (order === undefined) continue;
    const state = stateOf(refund, payouts, tipHeight);
    if (!isSameState(refund.state, state)) {
      await tx.refunds.update({ ...refund, state });
      changed.add(refund.orderId);
    }
    callbacks += await report(context, tx, { refund: { ...refund, state }, order, payouts, tipHeight });
  }
  return { orders: changed, callbacks };
}

const anyApprovalOf = (refund: Refund | undefined): ReturnType<typeof anyApproval> => refund && anyApproval(refund);

async function linkedPayouts(
  tx: StoreTransaction,
  refunds: readonly Refund[],
  payouts: readonly Payout[],
  tipHeight: number,
): Promise<readonly Payout[]> {
  // A refund whose payment is reverted waits for another.
  const waiting = refunds.map((refund) => ({ ...refund, state: stateOf(refund, payouts, tipHeight) }));
  const links = new Map<Payout['outPoint'], RefundId>();
  for (const { outPoint, refundId } of linkPayouts(waiting, payouts))
    if (await tx.payouts.link(outPoint, refundId)) links.set(outPoint, refundId);
  return payouts.map((payout) => ({ ...payout, refundId: links.get(payout.outPoint) ?? payout.refundId }));
}

function stateOf({ id, state }: Refund, payouts: readonly Payout[], tipHeight: number): RefundState {
  const mine = payouts.filter(({ refundId }) => refundId === id);
  return followPayouts(state, mine, tipHeight);
}

function isSameState(one: RefundState, other: RefundState): boolean {
  if (one.status !== other.status) return false;
  if (!('payout' in one) || !('payout' in other)) return true;
  return one.payout.txid === other.payout.txid && one.payout.vout === other.payout.vout;
}

interface Reported {
  readonly refund: Refund;
  readonly order: Order;
  readonly payouts: readonly Payout[];
  readonly tipHeight: number;
}

/** Stores the event of a refund that is confirmed, or no longer is, and when blocks alone may change it next. */
async function report(
  context: OrderChangeContext,
  tx: StoreTransaction,
  { refund, order, payouts, tipHeight }: Reported,
): Promise<number> {
  const { id, state } = refund;
  const isPaid = state.status === 'confirmed';
  const was = await tx.refunds.isReported(id);
  const payout = 'payout' in state ? outPointKey(state.payout) : undefined;
  const place = payouts.find(({ outPoint }) => outPointKey(outPoint) === payout)?.place;
  const judgeAtHeight = nextHeight(state, place, tipHeight, context.finalDepth);
  await tx.refunds.judged(id, { judgeAtHeight, isReported: isPaid });
  if (isPaid && judgeAtHeight === undefined) await tx.refunds.unwatch(id);
  if (was === isPaid) return 0;
  const now = context.clock.now();
  const inContext = await orderInContext(context, tx, order, { tipHeight, now });
  if (inContext.pos.refundEvents !== true) return 0;
  const event: CallbackEvent = isPaid ? 'payment.refund.paid' : 'payment.refund.reverted';
  const { terms } = order;
  await tx.callbacks.insert([
    {
      id: parseId<CallbackId>(context.newUuid()),
      orderId: terms.id,
      posId: terms.posId,
      event,
      url: terms.callbackUrl,
      body: newBody(context, event, inContext),
      createdAt: now,
    },
  ]);
  return terms.callbackUrl === null ? 0 : 1;
}

/** The lowest height of the tip at which blocks alone change the refund: the one that confirms its payment, later the one that buries it. */
function nextHeight(
  state: RefundState,
  place: PaymentPlace | undefined,
  tipHeight: number,
  finalDepth: number,
): number | undefined {
  if (place?.kind !== 'block' || !('payout' in state)) return undefined;
  const { confirmations } = state.approval;
  const heights = [confirmations, Math.max(finalDepth, confirmations)].map((depth) => place.height + depth - 1);
  return heights.find((height) => height > tipHeight);
}
