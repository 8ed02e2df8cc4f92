/**
 * An order of the fake platform. Its rules are those that a gateway applies. There is no chain: a test says how many
 * confirmations a payment has.
 */
import type { Order, Payment, PaymentPlace, Settled, SettleAt } from '@webpos/order-rules';

/** A payment, which is never `missing`. */
export interface FakePayment extends Payment {
  txid: string;
  seenAtMs: number;
}

/** An order; a value, never changed in place. */
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

/** An order that has moved, and the events that are to be sent. */
export type Moved = Settled<FakeOrder>;

/** The height of the imaginary chain: it never grows, and blocks lie as far below as their confirmations want. */
export const TIP_HEIGHT = 0;

/** The place of a payment with so many confirmations: 0 in the mempool, null when it was reverted. */
export function placeOf(confirmations: number | null): PaymentPlace {
  if (confirmations === null) return { kind: 'gone' };
  return confirmations === 0 ? { kind: 'mempool' } : { kind: 'block', height: TIP_HEIGHT - confirmations + 1 };
}

/** An order is judged as of now: the fake chain is always known. */
export function at(nowMs: number): SettleAt {
  return { tipHeight: TIP_HEIGHT, now: nowMs, chainReadAt: nowMs };
}
