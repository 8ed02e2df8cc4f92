/** The columns that reports read, and their records. */
import type { Selectable } from 'kysely';
import { parseCurrency } from '../../../orders/currency.ts';
import type { PaymentRecord, ReportedOrder, StoredOrderRecord } from '../../../reports/records.ts';
import { sats } from '../../../kernel/sats.ts';
import { placeFrom } from '../chain/place-columns.ts';
import { readersOf } from '../columns.ts';
import { orderColumns, type OrdersTable } from '../orders/columns.ts';
import { addressFrom } from '../orders/order-from-row.ts';
import { paymentColumns, type PaymentsTable } from '../orders/payment-columns.ts';

export const REPORTED_ORDER = [
  'orders.id as order_id',
  'orders.pos_id as order_pos',
  'orders.reference as order_reference',
  'orders.created_at as order_created_at',
  'orders.currency as order_currency',
  'orders.fiat_minor_units as order_minor_units',
  'orders.rate_source as order_rate_source',
  'orders.rate_value as order_rate_value',
  'orders.rate_at as order_rate_at',
  'orders.amount_sats as order_sats',
  'orders.blockchain_status as order_status',
  'orders.paid_at as order_paid_at',
] as const;

export const REPORTED_PAYMENT = [
  'txid',
  'vout',
  'order_id',
  'amount_sats',
  'first_seen_at',
  'seen_rate_source',
  'seen_rate_value',
  'seen_rate_at',
  'block_height',
  'block_hash',
  'missing_since',
  'gone_reason',
  'replaced_by',
  'place',
] as const;

type OrdersRow = Selectable<OrdersTable>;
interface OrderRow {
  readonly order_id: string;
  readonly order_pos: string;
  readonly order_reference: string | null;
  readonly order_created_at: OrdersRow['created_at'];
  readonly order_currency: string;
  readonly order_minor_units: string;
  readonly order_rate_source: string;
  readonly order_rate_value: string;
  readonly order_rate_at: OrdersRow['rate_at'];
  readonly order_sats: OrdersRow['amount_sats'];
  readonly order_status: string;
  readonly order_paid_at: OrdersRow['paid_at'];
}
type PaymentRow = OrderRow & Pick<Selectable<PaymentsTable>, (typeof REPORTED_PAYMENT)[number]>;

const readOrder = readersOf(orderColumns);
const readPayment = readersOf(paymentColumns);

export function paymentRecordFrom(row: PaymentRow): PaymentRecord {
  const { seen_rate_source: source, seen_rate_value: value } = row;
  const at = readPayment.seen_rate_at(row.seen_rate_at);
  return {
    order: orderOf(row),
    outPoint: { txid: readPayment.txid(row.txid), vout: readPayment.vout(row.vout) },
    amount: readPayment.amount_sats(row.amount_sats),
    firstSeenAt: readPayment.first_seen_at(row.first_seen_at),
    place: placeFrom(row),
    rate: source === null || value === null || at === null ? null : { source, value, at },
  };
}

export function orderRecordFrom(
  row: OrderRow & {
    readonly account_id: string;
    readonly address_index: OrdersRow['address_index'];
    readonly address: string;
    readonly script: OrdersRow['script'];
    readonly address_seal: OrdersRow['address_seal'];
    readonly payments: number | string | bigint | null;
    readonly received: number | string | bigint | null;
  },
): StoredOrderRecord {
  const { order_id: id, order_pos: pos_id, account_id, address_index, address, script, address_seal } = row;
  return {
    order: orderOf(row),
    stored: addressFrom({ id, pos_id, account_id, address_index, address, script, address_seal }),
    payments: Number(row.payments ?? 0),
    received: sats(BigInt(row.received ?? 0)),
  };
}

function orderOf(row: OrderRow): ReportedOrder {
  return {
    id: readOrder.id(row.order_id),
    posId: readOrder.pos_id(row.order_pos),
    reference: row.order_reference,
    createdAt: readOrder.created_at(row.order_created_at),
    fiat: { currency: parseCurrency(row.order_currency), minorUnits: BigInt(row.order_minor_units) },
    rate: { source: row.order_rate_source, value: row.order_rate_value, at: readOrder.rate_at(row.order_rate_at) },
    amount: readOrder.amount_sats(row.order_sats),
    status: row.order_status,
    paidAt: readOrder.paid_at(row.order_paid_at),
  };
}
