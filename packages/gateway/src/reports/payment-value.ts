/** What a payment is worth. A payment that was reverted is worth nothing. */
import { satsToFiat } from '@webpos/order-rules';
import { divideHalfEven, parseDecimal } from '../kernel/decimal.ts';
import { SATS_PER_BTC, ZERO_SATS, type Sats } from '../kernel/sats.ts';
import { decimalsOf } from '../orders/currency.ts';
import type { PaymentRecord } from './records.ts';

export interface PaymentValue {
  readonly received: Sats;
  /** In minor units, by the order's terms: the whole amount of an order is worth exactly its price. */
  readonly atOrderRate: bigint;
  /** In minor units, at the rate when it was first seen; null if none was known. */
  readonly atPayment: bigint | null;
}

export function paymentValue({ amount, place, order, rate }: PaymentRecord): PaymentValue {
  const received = place.kind === 'gone' ? ZERO_SATS : amount;
  return {
    received,
    atOrderRate: satsToFiat(received, order.amount, order.fiat.minorUnits, 'half_even'),
    atPayment: rate === null ? null : valueAt(received, rate.value, decimalsOf(order.fiat.currency)),
  };
}

/** Rounds to the nearest minor unit, a tie to the even one. */
function valueAt(amount: Sats, rate: string, decimals: number): bigint | null {
  const price = parseDecimal(rate);
  if (price === undefined) return null;
  return divideHalfEven(amount * price.digits * 10n ** BigInt(decimals), SATS_PER_BTC * 10n ** BigInt(price.scale));
}
