/**
 * DATEV-Format, a batch of bookings (Buchungsstapel, format version 13):
 * https://developer.datev.de/datev/platform/de/dtvf/formate/buchungsstapel
 *
 * Fields are separated by semicolons, texts are quoted, lines end with CR LF, and the file is in Windows-1252. A booking has a day and a
 * month only, so a batch must not cross the end of a fiscal year, which is taken to be the calendar year. Only confirmed payments are
 * booked, debit (S) on `account` against `contraAccount`, at their value when they were first seen, or by the order's terms where no rate
 * was known. A payment that is worth less than a cent cannot be booked.
 */
import { DAY_MS } from '../../kernel/durations.ts';
import { isoDate, plusMs, type EpochMs } from '../../kernel/clock.ts';
import { satsToBtc } from '../../kernel/sats.ts';
import { formatDay, type Day } from '../../kernel/time/day.ts';
import { formatFiatAmount } from '../../orders/fiat.ts';
import type { CurrencyCode } from '../../orders/currency.ts';
import type { ReportNames } from '../names.ts';
import type { PaymentValue } from '../payment-value.ts';
import type { PaymentRecord } from '../records.ts';
import { DATEV_COLUMNS } from './datev-columns.ts';

export interface DatevSettings {
  /** The number of the tax consultant (Beraternummer). */
  readonly consultant: string;
  /** The number of the client (Mandantennummer). */
  readonly client: string;
  readonly account: string;
  readonly contraAccount: string;
  readonly currency: CurrencyCode;
}

/** SKR03: cash in transit, against revenue at 19 %. The numbers of consultant and client are the lowest that DATEV accepts. */
export const DATEV_DEFAULTS: DatevSettings = {
  consultant: '1001',
  client: '1',
  account: '1360',
  contraAccount: '8400',
  currency: 'EUR' as CurrencyCode,
};

/** A payment that cannot be booked. */
export class DatevCurrencyError extends Error {
  override readonly name = 'DatevCurrencyError';
}

export function datevHead(
  { consultant, client, account, currency }: DatevSettings,
  { from, to, now }: { readonly from: Day; readonly to: Day; readonly now: EpochMs },
): string {
  const [first, last] = [compact(from), compact(to)];
  const created = isoDate(now).replaceAll(/\D/g, '').slice(0, 17);
  const fields = ['"EXTF"', '700', '21', '"Buchungsstapel"', '13', created, '', '"RE"', '"WebPOS"', '""', consultant, client]
    .concat([`${first.slice(0, 4)}0101`, String(account.length), first, last, '"Bitcoin"', '""', '1', '0', '0', quoted(currency)])
    .concat(['', '""', '', '', '""', '', '', '""', '""']);
  return line(fields) + line(DATEV_COLUMNS);
}

/** Returns an empty text for a payment that is not booked. @throws DatevCurrencyError if it is in another currency. */
export function datevRow(
  { place, order, firstSeenAt, outPoint, value }: PaymentRecord & { readonly value: PaymentValue },
  { account, contraAccount, currency }: DatevSettings,
  { zone, posName }: Pick<ReportNames, 'zone' | 'posName'>,
): string {
  if (place.kind !== 'block') return '';
  if (order.fiat.currency !== currency)
    throw new DatevCurrencyError(
      `DATEV: expected payments in ${currency}, got one in ${order.fiat.currency} for order ${order.id}: export the POS of one currency at a time`,
    );
  const minorUnits = value.atPayment ?? value.atOrderRate;
  if (minorUnits === 0n) return '';
  const [, month = '', day = ''] = formatDay(zone.dayOf(firstSeenAt)).split('-');
  const text = `Bitcoin ${satsToBtc(value.received)} ${value.atPayment === null ? 'Kurs der Bestellung ' : ''}${posName(order.posId)}`;
  const fields: string[] = DATEV_COLUMNS.map(() => '');
  fields.splice(0, 3, formatFiatAmount({ currency, minorUnits }).replace('.', ','), '"S"', quoted(currency));
  fields.splice(6, 2, account, contraAccount);
  fields.splice(9, 2, `${day}${month}`, quoted(documentNumber(order.reference ?? order.id)));
  fields[13] = quoted(text, 60);
  fields.splice(FIRST_INFORMATION, 4, '"Zahlung"', quoted(`${outPoint.txid}:${outPoint.vout}`), '"Bestellung"', quoted(order.id));
  return line(fields);
}

const FIRST_INFORMATION = DATEV_COLUMNS.indexOf('Zusatzinformation - Art 1');

/** Only these characters are allowed in Belegfeld 1, and at most 36 of them. */
function documentNumber(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9$&%*+\-/]/g, '').slice(0, 36);
}

/** Control characters are not allowed in texts. */
function quoted(text: string, max = 210): string {
  return `"${text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, max)
    .replaceAll('"', '""')}"`;
}

function line(fields: readonly string[]): string {
  return `${fields.join(';')}\r\n`;
}

function compact(day: Day): string {
  return isoDate(plusMs(0 as EpochMs, day * DAY_MS))
    .slice(0, 10)
    .replaceAll('-', '');
}
