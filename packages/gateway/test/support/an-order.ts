/** Complete orders and payments for tests, which specify only what they are about. */
import type { BlockHash, ScriptHex, Txid } from '../../src/kernel/chain.ts';
import { epochMs, plusMs, type EpochMs } from '../../src/kernel/clock.ts';
import { parseId } from '../../src/kernel/ids.ts';
import { sats, ZERO_SATS } from '../../src/kernel/sats.ts';
import { parseCurrency } from '../../src/orders/currency.ts';
import { parseFiatAmount } from '../../src/orders/fiat.ts';
import type { Order, OrderState, OrderTerms, Payment, PaymentPlace } from '../../src/orders/order.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/durations.ts';

export { HOUR_MS, MINUTE_MS };

export const CREATED_AT: EpochMs = epochMs(Date.UTC(2026, 10, 23, 18));
/** The amount of an order: 10 euro at 10,000 euro per bitcoin, in satoshi. */
export const AMOUNT = 100_000n;

/** Returns a time some minutes after the creation of the order. */
export function minutes(count: number): EpochMs {
  return plusMs(CREATED_AT, count * MINUTE_MS);
}

/** Terms with {@link AMOUNT}, 1 confirmation, 15 minutes to expire, and timeouts of 72 hours to settle and 24 hours in dispute. */
function someTerms(changes: Partial<OrderTerms> = {}): OrderTerms {
  return {
    id: parseId('0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d01'),
    posId: parseId('0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d02'),
    accountId: parseId('0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d03'),
    addressIndex: 0,
    address: 'bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx',
    script: '0014c0cebcd6c3d3ca8c75dc5ec62ebe55330ef910e2' as ScriptHex,
    addressSeal: null,
    amount: sats(AMOUNT),
    tolerance: ZERO_SATS,
    fiat: parseFiatAmount('10.00', parseCurrency('EUR')),
    rate: { source: 'fixed', value: '10000', at: CREATED_AT },
    requiredConfirmations: 1,
    createdAt: CREATED_AT,
    expiresAt: minutes(15),
    settlementTimeoutMs: 72 * HOUR_MS,
    chargebackTimeoutMs: 24 * HOUR_MS,
    reference: null,
    details: null,
    callbackUrl: null,
    continueUrl: null,
    cancelUrl: null,
    ...changes,
  };
}

/** Creates an order, by default pending and not covered. */
export function anOrder(
  payments: readonly Payment[] = [],
  state: OrderState = { status: 'pending', coveredAt: null },
  terms: Partial<OrderTerms> = {},
): Order {
  return { terms: someTerms(terms), state, payments, surplusReported: ZERO_SATS, handled: ZERO_SATS };
}

/** Creates payment number `n`. The same number gives the same output. */
export function aPayment(n: number, amount: bigint, place: PaymentPlace, counted = false): Payment {
  const txid = n.toString(16).padStart(64, '0') as Txid;
  return { outPoint: { txid, vout: 0 }, amount: sats(amount), normalizedTxid: txid, firstSeenAt: minutes(n), place, counted };
}

export const IN_MEMPOOL: PaymentPlace = { kind: 'mempool' };
export const GONE: PaymentPlace = { kind: 'gone', reason: { kind: 'dropped' } };
export const MISSING: PaymentPlace = { kind: 'missing', since: CREATED_AT };
export function inBlock(height: number): PaymentPlace {
  return { kind: 'block', height, hash: height.toString(16).padStart(64, 'b') as BlockHash };
}
