import { fiatToSats, type OrderTerms } from '@webpos/order-rules';
import { checkCreation } from '../calls/check-creation.ts';
import { ValidationError } from '../errors/index.ts';
import type { PaymentOrderCreation } from '../wire/index.ts';
import { FakeError } from './fake-error.ts';
import type { FakeOrder } from './fake-order.ts';
import { parseCents, parseDecimal } from './money.ts';

/** The terms of the platform, and defaults for creations. */
export interface FakeTerms {
  /** The price of one bitcoin, in units of fiat. */
  rate: string;
  requiredConfirmations: number;
  callbackUrl: string | null;
  /** The time until an order expires, in seconds. */
  orderLifeS: number;
  /** How long a covered order may wait for its confirmations after its expiration, in seconds. */
  settlementTimeoutS: number;
  /** How long a dispute may last before the chargeback, in seconds. */
  chargebackTimeoutS: number;
  /** Whether URLs may be http, as in the sandbox. */
  allowHttp: boolean;
}

/** Makes the order of a creation. @throws FakeError 0001 with the problems by field. */
export function newOrder(body: unknown, terms: FakeTerms, nowMs: number): FakeOrder {
  const creation = checked(body, terms);
  const cents = parseCents(creation.amount);
  if (cents === undefined) throw invalid({ amount: ['must have at most 2 decimals'] });
  const { continue_url = null, cancel_url = null, details = null, reference = null } = creation;
  return {
    uuid: crypto.randomUUID(),
    terms: {
      amount: fiatToSats(cents, 2, parseDecimal(terms.rate)),
      tolerance: 0n,
      fiat: { minorUnits: cents },
      requiredConfirmations: creation.required_confirmations ?? terms.requiredConfirmations,
      ...deadlines(terms, nowMs),
    },
    rate: terms.rate,
    urls: { callback_url: creation.callback_url ?? terms.callbackUrl, continue_url, cancel_url },
    details,
    reference,
    createdAtMs: nowMs,
    payments: [],
    surplusReported: 0n,
    state: { status: 'pending', coveredAt: null },
  };
}

/** Returns the deadlines of an order opened now. */
export function deadlines(
  { orderLifeS, settlementTimeoutS, chargebackTimeoutS }: FakeTerms,
  nowMs: number,
): Pick<OrderTerms, 'expiresAt' | 'settlementTimeoutMs' | 'chargebackTimeoutMs'> {
  return {
    expiresAt: nowMs + orderLifeS * 1000,
    settlementTimeoutMs: settlementTimeoutS * 1000,
    chargebackTimeoutMs: chargebackTimeoutS * 1000,
  };
}

/** Makes an error 0001. */
export function invalid(errors: Readonly<Record<string, readonly string[]>>): FakeError {
  return new FakeError('0001', `invalid fields: ${Object.keys(errors).join(', ')}`, { errors });
}

function checked(body: unknown, { allowHttp }: FakeTerms): PaymentOrderCreation {
  try {
    checkCreation(body as PaymentOrderCreation, allowHttp);
  } catch (error) {
    throw error instanceof ValidationError ? invalid(error.errors ?? {}) : error;
  }
  return body as PaymentOrderCreation;
}
