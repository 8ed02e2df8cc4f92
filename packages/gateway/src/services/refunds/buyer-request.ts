/**
 * Stores the address to which a buyer wants a refund, as a refund that the merchant may approve. A second request replaces the address
 * until then. The gateway sends nothing: the merchant sends it from the wallet.
 */
import { parseId, type OrderId, type RefundId } from '../../kernel/ids.ts';
import { satsBeyond, ZERO_SATS } from '../../kernel/sats.ts';
import { owedBack } from '../../orders/owed-back.ts';
import { refundable } from '../../refunds/refundable.ts';
import type { Refund } from '../../refunds/refund.ts';
import { parseDestination } from '../../wallet/script/destination.ts';
import { recordAction } from '../audit/audit-log.ts';
import { isOwnScript } from './is-own-script.ts';
import type { RefundContext } from './refund-context.ts';

export type RefundOutcome =
  | 'stored'
  /** The order owes its buyer nothing, or its refund is approved. */
  | 'nothing_owed'
  /** Not an address. */
  | 'invalid'
  /** An address of another network. */
  | 'network'
  /** The order's own address, or another one of this gateway. */
  | 'same';

/** @param text What the buyer entered: an address, or a payment URI that holds one. */
export async function requestRefundAsBuyer(
  context: Omit<RefundContext, 'rates'>,
  id: OrderId,
  text: string,
): Promise<RefundOutcome> {
  const destination = parseDestination(text, context.network);
  const outcome = await context.store.transaction<RefundOutcome>(async (tx) => {
    const order = await tx.orders.lock(id);
    if (order === undefined) return 'nothing_owed';
    const tipHeight = (await tx.chain.tip())?.height ?? 0;
    const refunds = await tx.refunds.ofOrder(id);
    const owed = satsBeyond(owedBack(order, tipHeight), refundable(order, tipHeight, refunds).committed);
    if (owed === ZERO_SATS) return 'nothing_owed';
    if (destination.kind !== 'address') return destination.kind;
    const { address, script } = destination;
    if (await isOwnScript(tx, script)) return 'same';
    const now = context.clock.now();
    const before = refunds.find(({ requestedBy, state }) => requestedBy === 'buyer' && state.status === 'requested');
    if (before?.address === address) return 'stored';
    const refund: Refund = {
      id: before?.id ?? parseId<RefundId>(context.newUuid()),
      orderId: id,
      posId: order.terms.posId,
      requestedBy: 'buyer',
      requestedAt: now,
      address,
      sinceHeight: tipHeight,
      reason: null,
      state: { status: 'requested' },
    };
    await (before === undefined ? tx.refunds.insert(refund) : tx.refunds.update(refund));
    // For processes of a version that has no refunds.
    await tx.refundRequests.put({ orderId: id, address, requestedAt: now });
    // One for each address: a buyer who repeats the request notifies nobody again.
    const notice = { id: `${id} refund ${address}`, at: now, posId: order.terms.posId, personId: null };
    await tx.notices.add([{ ...notice, facts: { kind: 'refund.requested', orderId: id } }]);
    await recordAction(
      context,
      tx,
      { kind: 'buyer' },
      {
        action: 'refund.request',
        subject: { kind: 'refund', id: refund.id },
        ...(before === undefined ? {} : { before: { address: before.address } }),
        after: { order: id, address },
      },
    );
    return 'stored';
  });
  if (outcome === 'stored') context.ordersChanged([id]);
  return outcome;
}
