/** Reads what a person has entered for a subscription. */
import type { PosId } from '../../kernel/ids.ts';
import { errorMessage } from '../../kernel/error-message.ts';
import { parseShopUrl, type ShopUrlRules } from '../../merchants/shop-url.ts';
import { parseTimeZone } from '../../notifications/local-time.ts';
import { parseMailAddress } from '../../notifications/mail-address.ts';
import { isNoticeKind, type NoticeKind } from '../../notifications/notice-kind.ts';
import type { Subscription, Timing } from '../../notifications/subscription.ts';
import { seesPos, type Viewer } from '../../people/viewer.ts';
import { validationError } from '../../contract/contract-error.ts';

/** The fields as texts, as forms and JSON have them. */
export interface SubscriptionFields {
  readonly kinds: readonly string[];
  /** Null: every POS that the person sees. */
  readonly pos: readonly string[] | null;
  /** `immediately`, `hourly` or `daily`. */
  readonly timing: string;
  /** `18:00`; needed with `daily`. */
  readonly dailyAt: string | null;
  /** Both or none. */
  readonly quietFrom: string | null;
  readonly quietTo: string | null;
  readonly timeZone: string;
  readonly urgentBreaksThrough: boolean;
  readonly hasAmountsInSubject: boolean;
}

export type SubscriptionSettings = Pick<
  Subscription,
  'kinds' | 'posIds' | 'timing' | 'quiet' | 'timeZone' | 'urgentBreaksThrough' | 'hasAmountsInSubject'
>;

/** @throws ContractError 0001 naming every wrong field. */
export function readSettings(fields: SubscriptionFields, viewer: Pick<Viewer, 'posIds'>): SubscriptionSettings {
  const errors: Record<string, readonly string[]> = {};
  const read = <T>(name: string, fallback: T, parse: () => T): T => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      errors[name] = [errorMessage(error)];
      return fallback;
    }
  };
  const settings: SubscriptionSettings = {
    kinds: read('kinds', [], () => readKinds(fields.kinds)),
    posIds: read('pos', null, () => (fields.pos === null ? null : readPos(fields.pos, viewer))),
    timing: read('timing', { kind: 'immediately' }, () => readTiming(fields)),
    quiet: read('quiet_from', null, () => readQuiet(fields)),
    timeZone: read('time_zone', 'UTC', () => parseTimeZone(fields.timeZone)),
    urgentBreaksThrough: fields.urgentBreaksThrough,
    hasAmountsInSubject: fields.hasAmountsInSubject,
  };
  if (Object.keys(errors).length > 0) throw validationError(errors);
  return settings;
}

/** @throws ContractError 0001 if it is no address or URL. */
export function readChannel(kind: string, recipient: string, rules: ShopUrlRules): Subscription['channel'] {
  try {
    if (kind === 'email') return { kind, address: parseMailAddress(recipient), confirmedAt: null };
    if (kind === 'post') return { kind, url: parseShopUrl(recipient.trim(), rules) };
  } catch (error) {
    if (error instanceof RangeError) throw validationError({ recipient: [error.message] });
    throw error;
  }
  throw validationError({ channel: ['must be email or post'] });
}

function readKinds(kinds: readonly string[]): readonly NoticeKind[] {
  const unknown = kinds.find((kind) => !isNoticeKind(kind));
  if (unknown !== undefined) throw new RangeError(`must be kinds of notifications, got ${JSON.stringify(unknown.slice(0, 40))}`);
  if (kinds.length === 0) throw new RangeError('must be at least one kind');
  return [...new Set(kinds.filter(isNoticeKind))];
}

const MAX_POS = 200;

function readPos(ids: readonly string[], viewer: Pick<Viewer, 'posIds'>): readonly PosId[] {
  const posIds = [...new Set(ids as readonly PosId[])];
  if (posIds.length === 0 || posIds.length > MAX_POS) throw new RangeError(`must be 1 to ${MAX_POS} points of sale`);
  if (!posIds.every((id) => seesPos(viewer, id))) throw new RangeError('must be points of sale that you see');
  return posIds;
}

function readTiming({ timing, dailyAt }: SubscriptionFields): Timing {
  switch (timing) {
    case 'immediately':
    case 'hourly':
      return { kind: timing };
    case 'daily':
      return { kind: timing, minute: readMinute(dailyAt) };
    default:
      throw new RangeError('must be immediately, hourly or daily');
  }
}

function readQuiet({ quietFrom, quietTo }: SubscriptionFields): Subscription['quiet'] {
  if (quietFrom === null && quietTo === null) return null;
  const [from, to] = [readMinute(quietFrom), readMinute(quietTo)];
  if (from === to) throw new RangeError('must begin and end at different times');
  return { from, to };
}

function readMinute(text: string | null): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text ?? '') ?? [];
  if (hours === undefined || minutes === undefined) throw new RangeError('must be a time such as 18:00');
  return 60 * Number(hours) + Number(minutes);
}

/** The minute of a day as `18:00`. */
export function minuteText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
