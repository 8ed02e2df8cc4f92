import type { OrderId } from '../../kernel/ids.ts';
import type { Refund } from '../../refunds/refund.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import type { SealGuard } from './seal-guard.ts';

type RefundGuard = Pick<SealGuard, 'isSoundRefund'>;

/** Returns a refund as it may be shown: without its address if its row is not authentic, because the merchant pays to that address. */
export function checkedRefund(guard: RefundGuard, refund: Refund): Refund {
  return guard.isSoundRefund(refund) ? refund : { ...refund, address: '' };
}

/** Reads the refunds of an order, as they may be shown, the oldest first. */
export async function checkedRefundsOf(
  { store, guard }: { readonly store: Pick<StoreReads, 'refunds'>; readonly guard: RefundGuard },
  id: OrderId,
): Promise<readonly Refund[]> {
  return (await store.refunds.ofOrder(id)).map((refund) => checkedRefund(guard, refund));
}
