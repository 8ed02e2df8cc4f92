import type { SubscriptionValues } from '@webpos/web';
import { validationError } from '../../../contract/contract-error.ts';

/**
 * Reads the fields of a JSON body; what it does not name stays as it was.
 *
 * @throws ContractError 0001 for a field of another type.
 */
export function valuesOfJson(body: unknown, before: SubscriptionValues): SubscriptionValues {
  const fields = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const read = <T>(name: string, fallback: T, is: (value: unknown) => value is T, expected: string): T => {
    const value = fields[name];
    if (value === undefined) return fallback;
    if (!is(value)) throw validationError({ [name]: [`must be ${expected}`] });
    return value;
  };
  const text = (name: string, fallback: string): string => read(name, fallback, isText, 'a string');
  const time = (name: string, fallback: string | null): string | null => read(name, fallback, isTextOrNull, 'a time or null');
  const flag = (name: string, fallback: boolean): boolean => read(name, fallback, isFlag, 'true or false');
  const quietFrom = time('quiet_from', before.is_quiet ? before.quiet_from : null);
  const quietTo = time('quiet_to', before.is_quiet ? before.quiet_to : null);
  return {
    channel: text('channel', before.channel),
    recipient: text('recipient', before.recipient),
    kinds: read('kinds', before.kinds, isTexts, 'a list of strings'),
    pos: read('pos', before.pos, isTextsOrNull, 'a list of UUIDs or null'),
    timing: text('timing', before.timing),
    daily_at: time('daily_at', before.daily_at) ?? '',
    is_quiet: quietFrom !== null || quietTo !== null,
    quiet_from: quietFrom ?? '',
    quiet_to: quietTo ?? '',
    time_zone: text('time_zone', before.time_zone),
    urgent: flag('urgent_breaks_through', before.urgent),
    amounts: flag('amounts_in_subject', before.amounts),
  };
}

const MAX_ENTRIES = 1_000;

const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= MAX_ENTRIES && value.every(isText);
const isTextsOrNull = (value: unknown): value is readonly string[] | null => value === null || isTexts(value);
