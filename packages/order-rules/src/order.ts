/**
 * The part of a payment order that its rules read. Callers may add fields, and may brand their amounts (satoshi) and times
 * (milliseconds since 1970): the rules compute amounts only from the order's amounts, and times only from its times and `now`.
 */
export interface Order<Amount extends bigint = bigint, Time extends number = number> {
  readonly terms: OrderTerms<Amount, Time>;
  readonly state: OrderState<Amount, Time>;
  readonly payments: readonly Payment<Amount>[];
  /** The largest surplus that a `payment.overpaid` has reported. */
  readonly surplusReported: Amount;
}

/** The part of an order that never changes after its creation. */
export interface OrderTerms<Amount extends bigint = bigint, Time extends number = number> {
  /** The amount due, in satoshi. */
  readonly amount: Amount;
  /** The shortfall with which the order still counts as paid, in satoshi. */
  readonly tolerance: Amount;
  /** The confirmations that a payment needs to count as confirmed; with 0 it counts as soon as it is seen. */
  readonly requiredConfirmations: number;
  readonly expiresAt: Time;
  /** How long after `expiresAt` a covered order waits for its confirmations. */
  readonly settlementTimeoutMs: number;
  /** How long a paid order may stay in dispute before it is charged back. */
  readonly chargebackTimeoutMs: number;
}

/**
 * The states of an order. `pending` is open until it is paid, expired or cancelled; `paid` may become `disputed` and `paid` again;
 * `expired`, `cancelled` and `charged_back` are final.
 */
export type OrderState<Amount extends bigint = bigint, Time extends number = number> =
  /** `coveredAt`: when the whole amount was first seen, in the mempool or in blocks. */
  | { readonly status: 'pending'; readonly coveredAt: Time | null }
  | { readonly status: 'paid'; readonly paidAt: Time; readonly byHand?: AcceptedManually<Amount> }
  | {
      readonly status: 'disputed';
      readonly paidAt: Time;
      readonly disputedAt: Time;
      readonly byHand?: AcceptedManually<Amount>;
    }
  | { readonly status: 'charged_back'; readonly paidAt: Time; readonly disputedAt: Time; readonly chargedBackAt: Time }
  /** `coveredAt`: its value while the order was pending. */
  | { readonly status: 'expired'; readonly expiredAt: Time; readonly coveredAt: Time | null }
  | { readonly status: 'cancelled'; readonly cancelledAt: Time };

/**
 * What an order had received when it was settled manually, up to its amount. With less than this it is disputed. Zero if the buyer paid
 * in some other way.
 */
export interface AcceptedManually<Amount extends bigint = bigint> {
  readonly seen: Amount;
  readonly confirmed: Amount;
}

/** One output that pays an order's address. */
export interface Payment<Amount extends bigint = bigint> {
  readonly amount: Amount;
  readonly place: PaymentPlace;
  /** Whether a `payment.completed` or `payment.overpaid` has included it, so that no output is reported twice. */
  readonly counted: boolean;
}

/** Where a payment is now. */
export type PaymentPlace =
  /** `missing`: in neither mempool nor block for no known reason; still counts as seen. `gone`: reverted; no longer counts. */
  { readonly kind: 'mempool' | 'missing' | 'gone' } | { readonly kind: 'block'; readonly height: number };
