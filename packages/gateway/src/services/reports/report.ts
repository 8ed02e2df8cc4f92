/**
 * A report: which rows, of which POS and period, in which format. A period is made of whole days of one time zone: that of the merchant or
 * of the POS, if one is named; otherwise that of all POS in the report, if they agree; otherwise UTC.
 *
 * Payments belong to the time at which they were first seen, and orders to that of their creation, neither of which ever changes. A
 * report ends at least {@link SETTLED_MS} ago, so that everything before its end is stored: the same report then has the same rows
 * whenever it is made, and periods that follow each other have each row once. What changes of a row, such as its status, is as of the moment
 * at which its page is read.
 */
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { MINUTE_MS } from '../../kernel/durations.ts';
import type { MerchantId, PosId } from '../../kernel/ids.ts';
import { formatDay, plusDays, type Day } from '../../kernel/time/day.ts';
import { Zone } from '../../kernel/time/zone.ts';
import { DEFAULT_TIME_ZONE, type Merchant } from '../../merchants/merchant.ts';
import { parseTimeZone } from '../../merchants/parse-merchant.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Viewer } from '../../people/viewer.ts';
import { DATEV_DEFAULTS, type DatevSettings } from '../../reports/formats/datev.ts';
import type { ReportNames } from '../../reports/names.ts';
import type { StoreContext } from '../context.ts';
import { ReportInputError } from './report-input-error.ts';

export const REPORT_KINDS = ['payments', 'days', 'orders'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];
export const REPORT_FORMATS = ['csv', 'jsonl', 'koinly', 'datev'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** The age from which on everything is stored that happened at a time. */
const SETTLED_MS = MINUTE_MS;
/** Ten years: a longer period is a typing error. */
const MAX_DAYS = 3_660;

export interface ReportInput {
  readonly kind: ReportKind;
  readonly format: ReportFormat;
  readonly from: Day;
  /** Included. */
  readonly to: Day;
  readonly posId?: PosId | undefined;
  readonly merchantId?: MerchantId | undefined;
  /** Default: as described above. */
  readonly timeZone?: string | undefined;
  /** Whether CSV begins with a byte order mark, which some table programs need to read UTF-8. */
  readonly bom?: boolean | undefined;
  readonly datev?: Partial<DatevSettings> | undefined;
}

export interface Report extends Pick<ReportInput, 'kind' | 'format'> {
  readonly fromDay: Day;
  readonly toDay: Day;
  readonly from: EpochMs;
  /** Excluded. */
  readonly until: EpochMs;
  readonly zone: Zone;
  readonly bom: boolean;
  readonly datev: DatevSettings;
  readonly pos: ReadonlyMap<PosId, Pos>;
  readonly names: ReportNames;
  readonly madeAt: EpochMs;
}

/** @throws ReportInputError that names the field. */
export async function prepareReport(
  { store, clock }: StoreContext,
  { posIds }: Pick<Viewer, 'posIds'>,
  input: ReportInput,
): Promise<Report> {
  const { kind, format, from: fromDay, to: toDay, bom = false } = input;
  checkInput(input);
  const merchants = new Map((await store.merchants.list()).map((merchant) => [merchant.id, merchant]));
  const visible = (await store.pos.list()).filter(({ id }) => posIds === undefined || posIds.has(id));
  const pos = chosenPos(visible, input);
  const zone = new Zone(zoneName(pos, merchants, input));
  const now = clock.now();
  const settled = plusMs(now, -SETTLED_MS);
  const end = zone.startOf(plusDays(toDay, 1));
  const byId = new Map(pos.map((one) => [one.id, one]));
  const merchantOf = (id: PosId): Merchant | undefined => merchants.get(byId.get(id)?.merchantId as MerchantId);
  return {
    kind,
    format,
    fromDay,
    toDay,
    from: zone.startOf(fromDay),
    until: end < settled ? end : settled,
    zone,
    bom,
    datev: { ...DATEV_DEFAULTS, ...input.datev },
    pos: byId,
    names: {
      zone,
      posName: (id) => byId.get(id)?.name ?? id,
      merchantName: (id) => merchantOf(id)?.name ?? null,
    },
    madeAt: now,
  };
}

function checkInput({ kind, format, from, to }: ReportInput): void {
  if (to < from)
    throw new ReportInputError('to', `expected a day from ${formatDay(from)} on, got ${formatDay(to)}`, 'before_from');
  if (to - from >= MAX_DAYS)
    throw new ReportInputError('to', `expected at most ${MAX_DAYS} days, got ${to - from + 1}`, 'too_long');
  if (kind !== 'payments' && (format === 'koinly' || format === 'datev'))
    throw new ReportInputError(
      'format',
      `${format} has one row per payment: expected the kind payments, got ${kind}`,
      'only_payments',
    );
  if (format === 'datev' && formatDay(from).slice(0, 4) !== formatDay(to).slice(0, 4))
    throw new ReportInputError('to', 'expected a day in the same year, as a DATEV batch must be', 'one_year');
}

function chosenPos(visible: readonly Pos[], { posId, merchantId }: ReportInput): readonly Pos[] {
  const ofMerchant = merchantId === undefined ? visible : visible.filter((pos) => pos.merchantId === merchantId);
  if (merchantId !== undefined && ofMerchant.length === 0)
    throw new ReportInputError('merchant', 'no merchant with this id that has a POS', 'unknown');
  if (posId === undefined) return ofMerchant;
  const pos = ofMerchant.find(({ id }) => id === posId);
  if (pos === undefined) throw new ReportInputError('pos', 'no POS with this id', 'unknown');
  return [pos];
}

function zoneName(pos: readonly Pos[], merchants: ReadonlyMap<MerchantId, Merchant>, { timeZone }: ReportInput): string {
  if (timeZone !== undefined) {
    try {
      return parseTimeZone(timeZone);
    } catch (error) {
      if (error instanceof RangeError) throw new ReportInputError('time_zone', error.message, 'unknown');
      throw error;
    }
  }
  const zones = new Set(
    pos.map(({ merchantId }) => (merchantId === null ? undefined : merchants.get(merchantId)?.timeZone) ?? DEFAULT_TIME_ZONE),
  );
  const [only = DEFAULT_TIME_ZONE] = zones;
  return zones.size === 1 ? only : DEFAULT_TIME_ZONE;
}
