/** The options of a report, for the commands that write and sum up one. */
import type { OptionHelp } from '@webpos/listen/help';
import type { MerchantId, PosId } from '../../kernel/ids.ts';
import { formatDay, parseDay, plusDays, type Day } from '../../kernel/time/day.ts';
import { parseCurrency } from '../../orders/currency.ts';
import { DATEV_DEFAULTS, type DatevSettings } from '../../reports/formats/datev.ts';
import { REPORT_FORMATS, REPORT_KINDS, type ReportInput } from '../../services/reports/report.ts';
import { ReportInputError } from '../../services/reports/report-input-error.ts';
import { filterOption, UUID_FORMAT } from '../support/common-options.ts';
import { shown, type Options } from '../support/options.ts';
import { UsageError } from '../support/usage-error.ts';

export type PeriodOption = 'kind' | 'from' | 'to' | 'pos' | 'merchant' | 'time-zone';

export const PERIOD_OPTIONS: Readonly<Record<PeriodOption, OptionHelp>> = {
  kind: {
    value: 'KIND',
    text: 'what a row is: a payment, a day of a POS and currency, or an order',
    allowed: REPORT_KINDS.join(', '),
    default: 'payments',
  },
  from: { value: 'DAY', text: 'first day', allowed: 'a day such as 2026-11-01' },
  to: {
    value: 'DAY',
    text: 'last day, included',
    allowed: 'a day such as 2026-11-30',
    default: 'the last day of the month of --from',
  },
  pos: filterOption('UUID', 'only this POS', UUID_FORMAT),
  merchant: filterOption('UUID', 'only the POS of this merchant', UUID_FORMAT),
  'time-zone': {
    value: 'ZONE',
    text: 'time zone in which days begin',
    allowed: 'a name such as Europe/Berlin',
    default: "the merchant's; UTC if there are several or none",
  },
};

export type DatevOption = 'datev-consultant' | 'datev-client' | 'datev-account' | 'datev-contra-account' | 'datev-currency';

const { consultant, client, account, contraAccount, currency } = DATEV_DEFAULTS;
export const DATEV_OPTIONS: Readonly<Record<DatevOption, OptionHelp>> = {
  'datev-consultant': { value: 'N', text: 'DATEV: number of the tax consultant', allowed: '4 to 7 digits', default: consultant },
  'datev-client': { value: 'N', text: 'DATEV: number of the client', allowed: '1 to 5 digits', default: client },
  'datev-account': { value: 'N', text: 'DATEV: account that is debited', allowed: '4 to 8 digits', default: account },
  'datev-contra-account': {
    value: 'N',
    text: 'DATEV: contra account, such as revenue',
    allowed: '4 to 8 digits',
    default: contraAccount,
  },
  'datev-currency': { value: 'CODE', text: 'DATEV: currency of the books', allowed: 'an ISO 4217 code', default: currency },
};

export function readPeriod(options: Options<PeriodOption>): Omit<ReportInput, 'format'> {
  const from = readDay('from', options.required('from'));
  const to = options.optional('to');
  return {
    kind: options.oneOf('kind', REPORT_KINDS) ?? 'payments',
    from,
    to: to === undefined ? lastOfMonth(from) : readDay('to', to),
    posId: options.uuid<PosId>('pos', 'a POS'),
    merchantId: options.uuid<MerchantId>('merchant', 'a merchant'),
    timeZone: options.optional('time-zone'),
  };
}

export function readFormat(options: Options<'format'>): ReportInput['format'] {
  return options.oneOf('format', REPORT_FORMATS) ?? 'csv';
}

export function readDatev(options: Options<DatevOption>): Partial<DatevSettings> {
  const digits = (name: DatevOption, pattern: RegExp): string | undefined => {
    const text = options.optional(name);
    if (text === undefined || pattern.test(text)) return text;
    throw new UsageError(`--${name}: expected digits as webpos export --help shows, got ${shown(text)}`);
  };
  const settings = {
    consultant: digits('datev-consultant', /^\d{4,7}$/),
    client: digits('datev-client', /^\d{1,5}$/),
    account: digits('datev-account', /^\d{4,8}$/),
    contraAccount: digits('datev-contra-account', /^\d{4,8}$/),
    currency: options.optional('datev-currency') === undefined ? undefined : readCurrency(options.required('datev-currency')),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** Names the option that a report refuses. */
export async function namingTheOption<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReportInputError) throw new UsageError(`--${error.field.replace('_', '-')}: ${error.message}`);
    throw error;
  }
}

function readDay(name: 'from' | 'to', text: string): Day {
  const day = parseDay(text);
  if (day === undefined) throw new UsageError(`--${name}: expected a day such as 2026-11-30, got ${shown(text)}`);
  return day;
}

function lastOfMonth(day: Day): Day {
  const month = formatDay(day).slice(0, 7);
  let last = day;
  while (formatDay(plusDays(last, 1)).startsWith(month)) last = plusDays(last, 1);
  return last;
}

function readCurrency(text: string): DatevSettings['currency'] {
  try {
    return parseCurrency(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--datev-${error.message}`);
    throw error;
  }
}
