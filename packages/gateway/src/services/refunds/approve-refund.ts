/**
 * Approves a refund: fixes its amount and its destination, and has its payment looked for from then on. The order's row is locked, so that
 * two approvals can never exceed together what was received, in whatever process they run.
 */
import { outPointKey, type ScriptHex } from '../../kernel/chain.ts';
import type { OrderId, RefundId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import type { Actor } from '../../people/actor.ts';
import type { CheckedRefund } from '../../refunds/checked-refund.ts';
import { mayPay } from '../../refunds/payout.ts';
import { priceRefund, type AmountAsked, type Priced } from '../../refunds/price-refund.ts';
import { liveApproval, type Approval, type Refund } from '../../refunds/refund.ts';
import { refundable } from '../../refunds/refundable.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { parseDestination } from '../../wallet/script/destination.ts';
import { recordAction } from '../audit/audit-log.ts';
import { checkedRefund } from '../seals/checked-refund.ts';
import { sealedRefund } from '../seals/seal-of-refund.ts';
import { isOwnScript } from './is-own-script.ts';
import { MAX_PAYOUTS } from './max-payouts.ts';
import type { RefundContext } from './refund-context.ts';
import { RefundError } from './refund-error.ts';
import { wasAskedAnew } from './was-asked-anew.ts';

export interface Approved {
  readonly refund: CheckedRefund;
  /** Whether it had been approved before: nothing was changed. */
  readonly isRepeated: boolean;
}

/** @throws RefundError if the refund is unknown, cannot be approved, or its amount is not acceptable. */
export async function approveRefund(context: RefundContext, actor: Actor, id: RefundId, asked: AmountAsked): Promise<Approved> {
  const found = await context.store.refunds.get(id);
  if (found === undefined) throw new RefundError('unknown_refund', `no refund with id ${id}`);
  const approved = await context.store.transaction(async (tx) => {
    const { order, refunds, refund } = await lockRefund(tx, found.orderId, id);
    const before = liveApproval(refund);
    if (before !== undefined) {
      if (isSame(asked, before)) return { refund, isRepeated: true };
      throw new RefundError('state', `refund ${id} is approved already, with ${before.amount} satoshi`);
    }
    if (refund.state.status !== 'requested')
      throw new RefundError('state', `refund: expected a requested one, got ${id}, which is ${refund.state.status}`);
    if (!context.guard.isSoundRefund(refund)) throw new RefundError('unverified', `refund ${id} was changed outside WebPOS`);
    if (refund.requestedBy === 'buyer' && (await wasAskedAnew(context, tx, order.terms.id, refunds)))
      throw new RefundError(
        'changed',
        `refund ${id}: the buyer has given another address since, through an earlier version, so nothing proves that it is the buyer's: ` +
          'cancel this refund, ask the buyer, and request one to the address that the buyer confirms',
      );
    const destination = parseDestination(refund.address, context.network);
    if (destination.kind !== 'address') throw new RefundError('address', 'destination: expected an address of this network');
    if (await isOwnScript(tx, destination.script))
      throw new RefundError('own_address', 'destination: expected an address of the buyer, got one of this gateway');
    await refuseIfPaidBefore(tx, refunds, destination.script);
    const tipHeight = (await tx.chain.tip())?.height ?? 0;
    const { left, suggested } = refundable(order, tipHeight, refunds);
    const { amount, price } = accepted(priceRefund(asked, left, suggested, await rateFor(context, tx, order, asked)), left);
    const approval: Approval = {
      at: context.clock.now(),
      amount,
      script: destination.script,
      price,
      confirmations: Math.max(1, order.terms.requiredConfirmations),
    };
    const changed = sealedRefund(context.guard.seals, {
      ...refund,
      sinceHeight: refund.sinceHeight ?? tipHeight,
      state: { status: 'approved', approval },
    });
    await tx.refunds.update(changed);
    await tx.refunds.watch(id);
    await recordAction(context, tx, actor, {
      action: 'refund.approve',
      subject: { kind: 'refund', id },
      after: { order: order.terms.id, address: refund.address, satoshi: amount.toString(), priced: price.kind },
    });
    return { refund: changed, isRepeated: false };
  });
  if (!approved.isRepeated) context.ordersChanged([found.orderId]);
  return { ...approved, refund: checkedRefund(context.guard, approved.refund) };
}

/**
 * A refund may be cancelled although its payment is on its way already. It counts once it is linked: what has been sent must not be sent
 * once more to another destination. One to the same destination is linked to the new refund by itself.
 */
async function refuseIfPaidBefore(tx: StoreTransaction, refunds: readonly Refund[], script: ScriptHex): Promise<void> {
  for (const refund of refunds) {
    const approval = refund.state.status === 'cancelled' ? refund.state.approval : null;
    if (approval === null || approval.script === script) continue;
    const payouts = await tx.payouts.toScripts([approval.script], MAX_PAYOUTS);
    const paid = payouts.find(mayPay(refund));
    if (paid !== undefined)
      throw new RefundError(
        'paid_before',
        `refund ${refund.id} is cancelled, but ${outPointKey(paid.outPoint)} pays it: link that output to it first`,
      );
  }
}

/** Locks an order and reads its refunds, as the transaction sees them from then on. */
export async function lockRefund(
  tx: StoreTransaction,
  orderId: OrderId,
  id: RefundId,
): Promise<{ readonly order: Order; readonly refunds: readonly Refund[]; readonly refund: Refund }> {
  const order = await tx.orders.lock(orderId);
  const refunds = order === undefined ? [] : await tx.refunds.ofOrder(orderId);
  const refund = refunds.find((one) => one.id === id);
  if (order === undefined || refund === undefined) throw new RefundError('unknown_refund', `no refund with id ${id}`);
  return { order, refunds, refund };
}

function isSame(asked: AmountAsked, { amount, price }: Approval): boolean {
  switch (asked.kind) {
    case 'suggested':
      return true;
    case 'satoshi':
      return asked.amount === amount;
    case 'fiat':
      return price.kind === asked.at && price.fiat.minorUnits === asked.fiat.minorUnits;
  }
}

async function rateFor({ rates }: RefundContext, tx: StoreTransaction, { terms }: Order, asked: AmountAsked): Promise<string> {
  if (asked.kind !== 'fiat' || asked.at === 'order') return terms.rate.value;
  const pos = await tx.pos.get(terms.posId);
  // Without the spread, which is the merchant's protection when bitcoin comes in.
  const rate = rates.rate(terms.fiat.currency, { provider: pos?.rates.provider ?? null, spreadBps: 0 });
  if (rate === undefined) throw new RefundError('no_rate', `no exchange rate for ${terms.fiat.currency} now`);
  return rate.value;
}

function accepted(priced: Priced, left: bigint): Extract<Priced, { kind: 'priced' }> {
  switch (priced.kind) {
    case 'priced':
      return priced;
    case 'too_much':
      throw new RefundError(
        'too_much',
        `amount: expected at most ${left} satoshi, which is what is left of the confirmed payments`,
      );
    case 'too_little':
      throw new RefundError('too_little', 'amount: expected at least 600 satoshi, which nodes relay');
  }
}
