/**
 * A payment order, as far as its rules go. Anyone who applies them has more fields, and may brand its amounts (satoshi) and times
 * (milliseconds since 1970): the rules make amounts only from an order's own amounts, and times only from its own and from `now`.
 */
export interface Order<Amount extends bigint = bigint, Time extends number = number> {
  readonly terms: OrderTerms<Amount, Time>;
  readonly state: OrderState<Amount, Time>;
  readonly payments: readonly Payment<Amount>[];
  /** The largest surplus that a `payment.overpaid` has reported. */
  readonly surplusReported: Amount;
}

/** What never changes once the order is created. */
export interface OrderTerms<Amount extends bigint = bigint, Time extends number = number> {
  /** The amount due, in satoshi. */
  readonly amount: Amount;
  /** How much less than `amount` still counts as paid. */
  readonly tolerance: Amount;
  /** The confirmations that a payment needs to count as paid; with 0 it counts as soon as it is seen. */
  readonly requiredConfirmations: number;
  readonly expiresAt: Time;
  /** How long after `expiresAt` an order whose whole amount was seen in time waits for its confirmations. */
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
  /** `coveredAt`: as it was while the order was pending. */
  | { readonly status: 'expired'; readonly expiredAt: Time; readonly coveredAt: Time | null }
  | { readonly status: 'cancelled'; readonly cancelledAt: Time };

/**
 * What an order had when the merchant accepted it by hand, up to its amount. It must keep this much; nothing, if it was paid in some
 * other way.
 */
export interface AcceptedManually<Amount extends bigint = bigint> {
  readonly seen: Amount;
  readonly deep: Amount;
}

/** One output that pays an order's address. */
export interface Payment<Amount extends bigint = bigint> {
  readonly amount: Amount;
  readonly place: PaymentPlace;
  /** Whether a `payment.completed` or `payment.overpaid` has counted it, so that no output is reported twice. */
  readonly counted: boolean;
}

/** Where the chain has a payment now. */
export type PaymentPlace =
  /** `missing`: in neither mempool nor block, without an explanation, which counts as seen. `gone`: counts for nothing. */
  { readonly kind: 'mempool' | 'missing' | 'gone' } | { readonly kind: 'block'; readonly height: number };
