/**
 * Koinly's universal format: https://support.koinly.io/en/articles/9489976-how-to-create-a-custom-csv-file-with-your-data
 *
 * Times are in UTC, whatever the time zone of the report. Only confirmed payments are deposits; the label is left to the accountant.
 */
import { isoDate } from '../../kernel/clock.ts';
import { satsToBtc } from '../../kernel/sats.ts';
import { formatFiatAmount } from '../../orders/fiat.ts';
import type { PaymentValue } from '../payment-value.ts';
import type { PaymentRecord } from '../records.ts';
import { csvField, csvLine } from './csv.ts';

const HEADS = [
  'Date',
  'Sent Amount',
  'Sent Currency',
  'Received Amount',
  'Received Currency',
  'Fee Amount',
  'Fee Currency',
  'Net Worth Amount',
  'Net Worth Currency',
  'Label',
  'Description',
  'TxHash',
];

export const koinlyHead: string = csvLine(HEADS);

/** Returns an empty text for a payment that is not confirmed. */
export function koinlyRow({
  place,
  order,
  firstSeenAt,
  outPoint,
  value,
}: PaymentRecord & { readonly value: PaymentValue }): string {
  if (place.kind !== 'block') return '';
  const { currency } = order.fiat;
  const worth = value.atPayment ?? value.atOrderRate;
  const description = `${order.reference === null ? '' : `${order.reference} · `}order ${order.id}`;
  return csvLine([
    `${isoDate(firstSeenAt).slice(0, 19).replace('T', ' ')} UTC`,
    '',
    '',
    satsToBtc(value.received),
    'BTC',
    '',
    '',
    formatFiatAmount({ currency, minorUnits: worth }),
    currency,
    '',
    csvField(description, 'free'),
    outPoint.txid,
  ]);
}
