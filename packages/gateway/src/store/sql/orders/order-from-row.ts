/** Reads an order from its row and the rows of its payments. */
import type { Selectable } from 'kysely';
import type { EpochMs } from '../../../kernel/clock.ts';
import { parseCurrency } from '../../../orders/currency.ts';
import type { AcceptedManually, Order, OrderAddress, OrderState, OrderTerms } from '../../../orders/order.ts';
import { readersOf } from '../columns.ts';
import { CorruptRowError } from '../corrupt-row-error.ts';
import { orderColumns, type OrdersTable } from './columns.ts';
import { paymentFrom, type PaymentsTable } from './payment-columns.ts';

const read = readersOf(orderColumns);

export function orderFrom(row: Selectable<OrdersTable>, payments: readonly Selectable<PaymentsTable>[]): Order {
  return {
    terms: termsFrom(row),
    state: stateFrom(row),
    payments: payments.map(paymentFrom),
    surplusReported: read.surplus_reported(row.surplus_reported),
    handled: read.handled_sats(row.handled_sats),
  };
}

/** The columns of an {@link OrderAddress}. */
export const ADDRESS_COLUMNS = ['id', 'pos_id', 'account_id', 'address_index', 'address', 'script', 'address_seal'] as const;

export function addressFrom(row: Pick<Selectable<OrdersTable>, (typeof ADDRESS_COLUMNS)[number]>): OrderAddress {
  return {
    id: read.id(row.id),
    posId: read.pos_id(row.pos_id),
    accountId: read.account_id(row.account_id),
    addressIndex: read.address_index(row.address_index),
    address: read.address(row.address),
    script: read.script(row.script),
    addressSeal: read.address_seal(row.address_seal),
  };
}

function termsFrom(row: Selectable<OrdersTable>): OrderTerms {
  return {
    ...addressFrom(row),
    amount: read.amount_sats(row.amount_sats),
    tolerance: read.tolerance_sats(row.tolerance_sats),
    fiat: { currency: parseCurrency(row.currency), minorUnits: read.fiat_minor_units(row.fiat_minor_units) },
    rate: { source: read.rate_source(row.rate_source), value: read.rate_value(row.rate_value), at: read.rate_at(row.rate_at) },
    requiredConfirmations: read.required_confirmations(row.required_confirmations),
    createdAt: read.created_at(row.created_at),
    expiresAt: read.expires_at(row.expires_at),
    settlementTimeoutMs: read.settlement_timeout_ms(row.settlement_timeout_ms),
    chargebackTimeoutMs: read.chargeback_timeout_ms(row.chargeback_timeout_ms),
    reference: read.reference(row.reference),
    details: read.details(row.details),
    callbackUrl: read.callback_url(row.callback_url),
    continueUrl: read.continue_url(row.continue_url),
    cancelUrl: read.cancel_url(row.cancel_url),
  };
}

function stateFrom(row: Selectable<OrdersTable>): OrderState {
  const at = (column: 'paid_at' | 'disputed_at' | 'ended_at'): EpochMs => {
    const value = read[column](row[column]);
    if (value === null) throw new CorruptRowError(`order ${row.id}: status ${row.status} needs ${column}, which is null`);
    return value;
  };
  const byHand = byHandFrom(row);
  const coveredAt = read.covered_at(row.covered_at);
  switch (row.status) {
    case 'pending':
      return { status: 'pending', coveredAt };
    case 'paid':
      return { status: 'paid', paidAt: at('paid_at'), ...byHand };
    case 'disputed':
      return { status: 'disputed', paidAt: at('paid_at'), disputedAt: at('disputed_at'), ...byHand };
    case 'charged_back':
      return { status: 'charged_back', paidAt: at('paid_at'), disputedAt: at('disputed_at'), chargedBackAt: at('ended_at') };
    case 'expired':
      return { status: 'expired', expiredAt: at('ended_at'), coveredAt };
    case 'cancelled':
      return { status: 'cancelled', cancelledAt: at('ended_at') };
    default:
      throw new CorruptRowError(`order ${row.id}: unknown status ${JSON.stringify(row.status)}`);
  }
}

function byHandFrom(row: Selectable<OrdersTable>): { byHand?: AcceptedManually } {
  const [seen, confirmed] = [read.accepted_seen(row.accepted_seen), read.accepted_deep(row.accepted_deep)];
  return seen === null || confirmed === null ? {} : { byHand: { seen, confirmed } };
}
