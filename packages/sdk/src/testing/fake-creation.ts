import { checkCreation } from '../creation.ts';
import { ValidationError } from '../errors/index.ts';
import type { PaymentOrderCreation } from '../wire/index.ts';
import { FakeError } from './fake-error.ts';
import type { FakeOrder } from './fake-order.ts';
import { centsToSats, parseCents } from './money.ts';

/** What an order takes where its creation says nothing, and the terms of the platform. */
export interface FakeTerms {
  /** Units of fiat for one bitcoin. */
  rate: string;
  requiredConfirmations: number;
  /** How long an order may be paid, in seconds. */
  orderLifeS: number;
  /** How long an order waits that was wholly seen in time, in seconds. */
  settlementTimeoutS: number;
  /** How long a dispute lasts before it is a charge-back, in seconds. */
  chargebackTimeoutS: number;
  /** Whether its URLs may be http, as in the sandbox. */
  allowHttp: boolean;
}

/** Makes the order of a creation. @throws FakeError 0001 with what is wrong, by field. */
export function newOrder(body: unknown, terms: FakeTerms, nowMs: number): FakeOrder {
  const creation = checked(body, terms);
  const cents = parseCents(creation.amount);
  if (cents === undefined) throw invalid({ amount: ['must have at most 2 decimals'] });
  const { callback_url = null, continue_url = null, cancel_url = null, details = null, reference = null } = creation;
  return {
    uuid: crypto.randomUUID(),
    cents,
    sats: centsToSats(cents, terms.rate),
    rate: terms.rate,
    requiredConfirmations: creation.required_confirmations ?? terms.requiredConfirmations,
    urls: { callback_url, continue_url, cancel_url },
    details,
    reference,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + terms.orderLifeS * 1000,
    settlementMs: terms.settlementTimeoutS * 1000,
    chargebackMs: terms.chargebackTimeoutS * 1000,
    payments: [],
    state: { status: 'pending', coveredAtMs: undefined },
  };
}

/** An error 0001. */
export function invalid(errors: Readonly<Record<string, readonly string[]>>): FakeError {
  return new FakeError('0001', `wrong: ${Object.keys(errors).join(', ')}`, { errors });
}

function checked(body: unknown, { allowHttp }: FakeTerms): PaymentOrderCreation {
  try {
    checkCreation(body as PaymentOrderCreation, allowHttp);
  } catch (error) {
    throw error instanceof ValidationError ? invalid(error.errors ?? {}) : error;
  }
  return body as PaymentOrderCreation;
}
