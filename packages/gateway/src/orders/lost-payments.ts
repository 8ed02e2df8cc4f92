/** Detects reverted payments. A replacement that only raises the fee pays the order as much as before. */
import type { Txid } from '../kernel/chain.ts';
import type { Payment } from './order.ts';

/** Whether a payment was reverted without a replacement that pays the order as much. */
export function hasLostPayment(payments: readonly Payment[]): boolean {
  return payments.some(isRevertedUnreplaced) || hasLostToReplacement(payments);
}

function isRevertedUnreplaced({ place }: Payment): boolean {
  return place.kind === 'gone' && place.reason.kind !== 'replaced';
}

/** Whether a transaction that replaced payments pays the order less than they did. */
function hasLostToReplacement(payments: readonly Payment[]): boolean {
  const sumOf = (counts: (payment: Payment) => boolean): bigint =>
    payments.filter(counts).reduce((sum, { amount }) => sum + amount, 0n);
  const replacements = new Set(payments.map(replacedBy).filter((by) => by !== undefined));
  return [...replacements].some(
    (by) => sumOf((payment) => payment.outPoint.txid === by) < sumOf((payment) => replacedBy(payment) === by),
  );
}

function replacedBy({ place }: Payment): Txid | undefined {
  return place.kind === 'gone' && place.reason.kind === 'replaced' ? place.reason.by : undefined;
}
