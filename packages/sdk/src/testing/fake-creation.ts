import { fiatToSats, type OrderTerms } from '@webpos/order-rules';
import { checkCreation } from '../calls/check-creation.ts';
import { ValidationError } from '../errors/index.ts';
import type { PaymentOrderCreation } from '../wire/index.ts';
import { FakeError } from './fake-error.ts';
import type { FakeOrder } from './fake-order.ts';
import { parseCents, parseDecimal } from './money.ts';

/** What an order takes where its creation says nothing, and the terms of the platform. */
export interface FakeTerms {
  /** Units of fiat for one bitcoin. */
  rate: string;
  requiredConfirmations: number;
  callbackUrl: string | null;
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

/** The deadlines of an order that is open from now on. */
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
