import type { Payment, PaymentPlace } from './order.ts';

/** The confirmations of a payment: 0 in the mempool, 1 in the best block; undefined if it was reverted. */
export function confirmationsOf(place: PaymentPlace, tipHeight: number): number | undefined {
  if (place.kind === 'gone') return undefined;
  return place.kind === 'block' ? Math.max(0, tipHeight - place.height + 1) : 0;
}

/** Whether a payment has the confirmations that its order requires. */
export function isConfirmed({ place }: Pick<Payment, 'place'>, requiredConfirmations: number, tipHeight: number): boolean {
  const confirmations = confirmationsOf(place, tipHeight);
  return confirmations !== undefined && confirmations >= requiredConfirmations;
}

/** The contract's `blockchain_status` of a payment's transaction. */
export type TransactionStatus = 'mempool' | 'unconfirmed' | 'confirmed' | 'reverted';

export function transactionStatus(
  { place }: Pick<Payment, 'place'>,
  requiredConfirmations: number,
  tipHeight: number,
): TransactionStatus {
  const confirmations = confirmationsOf(place, tipHeight);
  if (confirmations === undefined) return 'reverted';
  if (confirmations === 0) return 'mempool';
  return confirmations < requiredConfirmations ? 'unconfirmed' : 'confirmed';
}
