/**
 * An order of the fake platform, by the same rules as a gateway's. There is no chain: a test sets the confirmations of a payment.
 */
import type { Order, Payment, PaymentPlace, Settled, SettleAt } from '@webpos/order-rules';

/** A payment, which is never `missing`. */
export interface FakePayment extends Payment {
  txid: string;
  seenAtMs: number;
}

/** An order; an immutable value. */
export interface FakeOrder extends Order {
  uuid: string;
  terms: Order['terms'] & { fiat: { minorUnits: bigint } };
  payments: readonly FakePayment[];
  rate: string;
  urls: Readonly<Record<'callback_url' | 'continue_url' | 'cancel_url', string | null>>;
  details: string | null;
  reference: string | null;
  createdAtMs: number;
}

/** An order after a change, and the events to send. */
export type Moved = Settled<FakeOrder>;

/** The height of the imaginary chain. It never grows; the height of a block follows from its confirmations. */
export const TIP_HEIGHT = 0;

/** Returns the place of a payment with that many confirmations: 0 is the mempool, null is reverted. */
export function placeOf(confirmations: number | null): PaymentPlace {
  if (confirmations === null) return { kind: 'gone' };
  return confirmations === 0 ? { kind: 'mempool' } : { kind: 'block', height: TIP_HEIGHT - confirmations + 1 };
}

/** Judges an order now, with the chain read up to now. */
export function at(nowMs: number): SettleAt {
  return { tipHeight: TIP_HEIGHT, now: nowMs, chainReadAt: nowMs };
}
