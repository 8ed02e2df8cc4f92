import type { OrderId } from '../../kernel/ids.ts';
import type { Refund } from '../../refunds/refund.ts';
import { unsealedRequest } from '../../refunds/request-of-buyer.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import type { GuardedContext } from '../context.ts';
import { checkedRefund } from '../seals/checked-refund.ts';

/** Whether the buyer of an order has requested a refund of which none has come: a process of a version that has no refunds stored it. */
export async function wasAskedAnew(
  { guard }: GuardedContext,
  { refundRequests }: Pick<StoreReads, 'refundRequests'>,
  id: OrderId,
  refunds: readonly Refund[],
): Promise<boolean> {
  const checked = refunds.map((refund) => checkedRefund(guard, refund));
  return unsealedRequest(checked, await refundRequests.ofOrder(id)) !== undefined;
}
