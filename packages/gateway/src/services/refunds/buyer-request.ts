/**
 * Stores the address to which a buyer wants a refund, as a refund that the merchant may approve. A second request replaces the address
 * until then. The gateway sends nothing: the merchant sends it from the wallet.
 *
 * Anyone with the order's link can request again and again. So an order has few requests, each of them few addresses, and the merchant is
 * notified of each request once.
 */
import { parseId, type OrderId, type RefundId } from '../../kernel/ids.ts';
import { satsBeyond, ZERO_SATS } from '../../kernel/sats.ts';
import { owedBack } from '../../orders/owed-back.ts';
import { refundable } from '../../refunds/refundable.ts';
import type { Refund } from '../../refunds/refund.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { parseDestination } from '../../wallet/script/destination.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import { sealedRefund } from '../seals/seal-of-refund.ts';
import { isOwnScript } from './is-own-script.ts';
import type { RefundContext } from './refund-context.ts';
import { wasAskedAnew } from './was-asked-anew.ts';

export type RefundOutcome =
  | 'stored'
  /** The order owes its buyer nothing, or its refund is approved. */
  | 'nothing_owed'
  /** Not an address. */
  | 'invalid'
  /** An address of another network. */
  | 'network'
  /** The order's own address, or another one of this gateway. */
  | 'same'
  /** The buyer has requested too often, or changed the address too often. */
  | 'too_often';

/** How many requests of one order the merchant may refuse, and still get another one. */
const MAX_REQUESTS = 5;
/** How many addresses one request may have, one after the other. */
const MAX_ADDRESSES = 5;

/** @param text What the buyer entered: an address, or a payment URI that holds one. */
export async function requestRefundAsBuyer(
  context: Omit<RefundContext, 'rates'>,
  id: OrderId,
  text: string,
): Promise<RefundOutcome> {
  const destination = parseDestination(text, context.network);
  const outcome = await context.store.transaction<RefundOutcome | 'repeated'>(async (tx) => {
    const order = await tx.orders.lock(id);
    if (order === undefined) return 'nothing_owed';
    const tipHeight = (await tx.chain.tip())?.height ?? 0;
    const refunds = await tx.refunds.ofOrder(id);
    const owed = satsBeyond(owedBack(order, tipHeight), refundable(order, tipHeight, refunds).committed);
    if (owed === ZERO_SATS) return 'nothing_owed';
    if (destination.kind !== 'address') return destination.kind;
    const { address, script } = destination;
    if (await isOwnScript(tx, script)) return 'same';
    const before = refunds.find(({ requestedBy, state }) => requestedBy === 'buyer' && state.status === 'requested');
    const isRequested = before?.address === address && context.guard.isSoundRefund(before);
    if (isRequested && !(await wasAskedAnew(context, tx, id, refunds))) return 'repeated';
    if (await isTooOften(tx, refunds, before)) return 'too_often';
    const refund = sealedRefund(context.guard.seals, {
      id: before?.id ?? parseId<RefundId>(context.newUuid()),
      orderId: id,
      posId: order.terms.posId,
      requestedBy: 'buyer',
      requestedAt: context.clock.now(),
      address,
      sinceHeight: tipHeight,
      reason: null,
      state: { status: 'requested' },
      seal: null,
    });
    await save(context, tx, refund, before);
    return 'stored';
  });
  if (outcome === 'repeated') return 'stored';
  if (outcome === 'stored') context.ordersChanged([id]);
  return outcome;
}

async function save(context: AuditContext, tx: StoreTransaction, refund: Refund, before: Refund | undefined): Promise<void> {
  const { id, orderId, posId, requestedAt, address } = refund;
  await (before === undefined ? tx.refunds.insert(refund) : tx.refunds.update(refund));
  // For processes of a version that has no refunds.
  await tx.refundRequests.put({ orderId, address, requestedAt });
  const notice = { id: `${id} requested`, at: requestedAt, posId, personId: null };
  if (before === undefined) await tx.notices.add([{ ...notice, facts: { kind: 'refund.requested', orderId } }]);
  await recordAction(
    context,
    tx,
    { kind: 'buyer' },
    {
      action: 'refund.request',
      subject: { kind: 'refund', id },
      ...(before === undefined ? {} : { before: { address: before.address } }),
      after: { order: orderId, address },
    },
  );
}

/** @param before The request whose address would be changed; undefined for a new one. */
async function isTooOften(
  { audit }: Pick<StoreTransaction, 'audit'>,
  refunds: readonly Refund[],
  before: Refund | undefined,
): Promise<boolean> {
  if (before === undefined) return refunds.filter(({ requestedBy }) => requestedBy === 'buyer').length >= MAX_REQUESTS;
  // While a refund is only requested, each entry about it is one address.
  const subject = { kind: 'refund', id: before.id } as const;
  return (await audit.list({ subject, before: undefined, limit: MAX_ADDRESSES })).length >= MAX_ADDRESSES;
}
