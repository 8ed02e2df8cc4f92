import type { OrderId } from '../../kernel/ids.ts';
import type { CheckedRefund } from '../../refunds/checked-refund.ts';
import type { Refund } from '../../refunds/refund.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import type { SealGuard } from './seal-guard.ts';

type RefundGuard = Pick<SealGuard, 'isSoundRefund'>;

/** Returns a refund as it may be shown. */
export function checkedRefund(guard: RefundGuard, refund: Refund): CheckedRefund {
  const { address, seal: _, ...shown } = refund;
  if (!guard.isSoundRefund(refund)) return { ...shown, destination: { kind: 'unverified' } };
  return { ...shown, destination: address === '' ? { kind: 'erased' } : { kind: 'address', address } };
}

/** Reads the refunds of an order, as they may be shown, the oldest first. */
export async function checkedRefundsOf(
  { store, guard }: { readonly store: Pick<StoreReads, 'refunds'>; readonly guard: RefundGuard },
  id: OrderId,
): Promise<readonly CheckedRefund[]> {
  return (await store.refunds.ofOrder(id)).map((refund) => checkedRefund(guard, refund));
}
