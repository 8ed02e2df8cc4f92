import { webCrypto } from '#runtime';
import { fiatToSats, type OrderTerms } from '@webpos/order-rules';
import { creationProblems } from '../calls/check-creation.ts';
import type { PaymentOrderCreation } from '../wire/index.ts';
import { invalid, refuseInvalid } from './fake-error.ts';
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
}

/** Makes the order of a creation. @throws FakeError 0001 with the problems by field. */
export function newOrder(
  body: unknown,
  { terms, isSandbox }: { terms: FakeTerms; isSandbox: boolean },
  nowMs: number,
): FakeOrder {
  // As a gateway, which has no certificate on a developer's machine.
  refuseInvalid(creationProblems(body, isSandbox));
  const creation = body as PaymentOrderCreation;
  const cents = parseCents(creation.amount);
  if (cents === undefined) throw invalid({ amount: 'must have at most 2 decimals' });
  const { continue_url = null, cancel_url = null, details = null, reference = null } = creation;
  return {
    uuid: webCrypto().randomUUID(),
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
