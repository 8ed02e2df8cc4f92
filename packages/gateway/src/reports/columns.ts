/** The columns of reports, the same in CSV and in JSON Lines. They only ever get more: programs read them by name. */
import { satsToBtc, type Sats } from '../kernel/sats.ts';
import { formatDay } from '../kernel/time/day.ts';
import { formatFiatAmount } from '../orders/fiat.ts';
import type { CurrencyCode } from '../orders/currency.ts';
import type { DayRecord } from './day-sums.ts';
import type { ReportNames } from './names.ts';
import { paymentValue, type PaymentValue } from './payment-value.ts';
import type { OrderRecord, PaymentRecord } from './records.ts';

/** A number is a number in JSON; a decimal is text there, and a number in a table. Free text may hold anything. */
export type CellKind = 'text' | 'free' | 'decimal' | 'integer';
export type Cell = string | number | null;

export interface Column<Row> {
  readonly name: string;
  readonly kind: CellKind;
  readonly of: (row: Row) => Cell;
}

type Describe<Row> = (name: string, kind: CellKind, of: (row: Row) => Cell) => Column<Row>;

function column<Row>(name: string, kind: CellKind, of: (row: Row) => Cell): Column<Row> {
  return { name, kind, of };
}

export interface ValuedPayment extends PaymentRecord {
  readonly value: PaymentValue;
}

export function paymentColumns({ zone, posName, merchantName }: ReportNames): readonly Column<ValuedPayment>[] {
  const c: Describe<ValuedPayment> = column;
  return [
    c('type', 'text', () => 'payment'),
    c('first_seen_at', 'text', ({ firstSeenAt }) => zone.local(firstSeenAt)),
    c('payment', 'text', ({ outPoint: { txid, vout } }) => `${txid}:${vout}`),
    c('status', 'text', statusOf),
    c('satoshi', 'integer', ({ value }) => Number(value.received)),
    c('bitcoin', 'decimal', ({ value }) => satsToBtc(value.received)),
    c('output_satoshi', 'integer', ({ amount }) => Number(amount)),
    c('block_height', 'integer', ({ place }) => (place.kind === 'block' ? place.height : null)),
    c('block_hash', 'text', ({ place }) => (place.kind === 'block' ? place.hash : null)),
    c('currency', 'text', ({ order }) => order.fiat.currency),
    c('value_at_order_rate', 'decimal', ({ order, value }) => money(order.fiat.currency, value.atOrderRate)),
    c('value_at_payment', 'decimal', ({ order, value }) =>
      value.atPayment === null ? null : money(order.fiat.currency, value.atPayment),
    ),
    c('payment_rate', 'decimal', ({ rate }) => rate?.value ?? null),
    c('payment_rate_source', 'free', ({ rate }) => rate?.source ?? null),
    c('payment_rate_at', 'text', ({ rate }) => (rate === null ? null : zone.local(rate.at))),
    ...orderColumnsOf<ValuedPayment>({ zone, posName, merchantName }),
  ];
}

export function orderColumns(names: ReportNames): readonly Column<OrderRecord>[] {
  const c: Describe<OrderRecord> = column;
  return [
    ...orderColumnsOf<OrderRecord>(names),
    c('currency', 'text', ({ order }) => order.fiat.currency),
    c('address', 'text', ({ address }) => address),
    c('payments', 'integer', ({ payments }) => payments),
    c('received_satoshi', 'integer', ({ received }) => Number(received)),
  ];
}

export function dayColumns({ posName, merchantName }: ReportNames): readonly Column<DayRecord>[] {
  const c: Describe<DayRecord> = column;
  return [
    c('day', 'text', ({ day }) => formatDay(day)),
    c('pos', 'text', ({ posId }) => posId),
    c('pos_name', 'free', ({ posId }) => posName(posId)),
    c('merchant', 'free', ({ posId }) => merchantName(posId)),
    c('currency', 'text', ({ currency }) => currency),
    c('payments', 'integer', ({ payments }) => payments),
    c('satoshi', 'integer', ({ received }) => Number(received)),
    c('bitcoin', 'decimal', ({ received }) => satsToBtc(received as Sats)),
    c('value_at_order_rate', 'decimal', ({ currency, atOrderRate }) => money(currency, atOrderRate)),
    c('value_at_payment', 'decimal', ({ currency, atPayment }) => money(currency, atPayment)),
    c('payments_without_rate', 'integer', ({ withoutRate }) => withoutRate),
  ];
}

/** Adds what a payment is worth. */
export function withValue(payment: PaymentRecord): ValuedPayment {
  return { ...payment, value: paymentValue(payment) };
}

function orderColumnsOf<Row extends Pick<OrderRecord, 'order'>>({
  zone,
  posName,
  merchantName,
}: ReportNames): readonly Column<Row>[] {
  const c: Describe<Row> = column;
  return [
    c('order', 'text', ({ order }) => order.id),
    c('order_created_at', 'text', ({ order }) => zone.local(order.createdAt)),
    c('order_status', 'text', ({ order }) => order.status),
    c('order_paid_at', 'text', ({ order: { paidAt } }) => (paidAt === null ? null : zone.local(paidAt))),
    c('order_amount', 'decimal', ({ order }) => formatFiatAmount(order.fiat)),
    c('order_satoshi', 'integer', ({ order }) => Number(order.amount)),
    c('order_rate', 'decimal', ({ order }) => order.rate.value),
    c('order_rate_source', 'free', ({ order }) => order.rate.source),
    c('order_rate_at', 'text', ({ order }) => zone.local(order.rate.at)),
    c('reference', 'free', ({ order }) => order.reference),
    c('pos', 'text', ({ order }) => order.posId),
    c('pos_name', 'free', ({ order }) => posName(order.posId)),
    c('merchant', 'free', ({ order }) => merchantName(order.posId)),
  ];
}

function statusOf({ place }: PaymentRecord): string {
  switch (place.kind) {
    case 'block':
      return 'confirmed';
    case 'mempool':
      return 'unconfirmed';
    case 'missing':
      return 'missing';
    case 'gone':
      return 'reverted';
  }
}

function money(currency: CurrencyCode, minorUnits: bigint): string {
  return formatFiatAmount({ currency, minorUnits });
}
