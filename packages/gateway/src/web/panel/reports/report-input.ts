/** Reads what a report should have from a query, for the page, its downloads and the API. */
import { isUuidV4, type MerchantId, type PosId } from '../../../kernel/ids.ts';
import { formatDay, parseDay, plusDays, type Day } from '../../../kernel/time/day.ts';
import { DAY_MS } from '../../../kernel/durations.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import { REPORT_FORMATS, REPORT_KINDS, type ReportInput } from '../../../services/reports/report.ts';
import type { DatevSettings } from '../../../reports/formats/datev.ts';
import type { Fields } from '../panel-router.ts';

export type ReportField = 'from' | 'to' | 'format' | 'pos' | 'merchant' | 'time_zone';
export type FieldFault = 'day' | 'unknown';

export interface ReadReport {
  readonly input: ReportInput;
  readonly faults: Partial<Readonly<Record<ReportField, FieldFault>>>;
  /** The fields as they were sent, or their defaults, to show them again. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Without days: the last whole month. */
export function readReport(query: Fields, now: EpochMs): ReadReport {
  const [first, last] = lastMonth(now);
  const text = (name: string): string => (typeof query[name] === 'string' ? query[name].trim().slice(0, 100) : '');
  const faults: Partial<Record<ReportField, FieldFault>> = {};
  const day = (name: 'from' | 'to', fallback: Day): Day => {
    if (text(name) === '') return fallback;
    const parsed = parseDay(text(name));
    if (parsed === undefined) faults[name] = 'day';
    return parsed ?? fallback;
  };
  const id = (name: 'pos' | 'merchant'): string | undefined => {
    if (text(name) === '') return undefined;
    if (!isUuidV4(text(name))) faults[name] = 'unknown';
    return text(name);
  };
  const [from, to] = [day('from', first), day('to', last)];
  const kind = REPORT_KINDS.find((one) => one === text('kind')) ?? 'payments';
  const format = REPORT_FORMATS.find((one) => one === text('format')) ?? 'csv';
  const zone = text('time_zone');
  const input: ReportInput = {
    kind,
    format,
    from,
    to,
    posId: id('pos') as PosId | undefined,
    merchantId: id('merchant') as MerchantId | undefined,
    timeZone: zone === '' ? undefined : zone,
    bom: text('bom') === '1',
    datev: datevOf(text),
  };
  const days = { from: text('from') || formatDay(from), to: text('to') || formatDay(to) };
  const rest = ['pos', 'merchant', 'bom', ...Object.values(DATEV_FIELDS)].map((name) => [name, text(name)] as const);
  return { input, faults, fields: { ...Object.fromEntries<string>(rest), kind, format, ...days } };
}

const DATEV_FIELDS = {
  consultant: 'datev_consultant',
  client: 'datev_client',
  account: 'datev_account',
  contraAccount: 'datev_contra_account',
} as const;

/** Anything else than digits is as if it were left out. */
function datevOf(text: (name: string) => string): Partial<DatevSettings> {
  const given = Object.entries(DATEV_FIELDS).filter(([, name]) => /^\d{1,8}$/.test(text(name)));
  return Object.fromEntries(given.map(([key, name]) => [key, text(name)]));
}

function lastMonth(now: EpochMs): [Day, Day] {
  const today = Math.floor(now / DAY_MS) as Day;
  const dayOfMonth = Number(formatDay(today).slice(8));
  const last = plusDays(today, -dayOfMonth);
  return [plusDays(last, 1 - Number(formatDay(last).slice(8))), last];
}
