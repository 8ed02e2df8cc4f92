/**
 * A setting of a POS or merchant, listed once for commands, the panel's forms and its API: how it is written as text, read, checked and
 * described. Each of the three only translates between its own form and that text.
 */

/** How a setting is written in JSON. */
export type SettingKind =
  | 'text'
  | 'integer'
  /** A percentage as text, hundredths of a percent in JSON. */
  | 'percent'
  /** `1` or nothing as text. */
  | 'flag'
  /** Lines as text. */
  | 'lines';

export interface Setting<Entity, Change, Limits> {
  /** Default: `text`. */
  readonly kind?: SettingKind;
  /** The option of commands. Default: the name of the setting, with hyphens. */
  readonly option?: string;
  /** The field in JSON. Default: the name of the setting. */
  readonly json?: string;
  /** The word with which commands reset it. Default: `none`. */
  readonly resetWord?: string;
  /** The words that it may have. */
  readonly words?: readonly string[];
  readonly help: SettingHelp;
  /** Returns it as somebody types it; empty if it is not set. */
  readonly text: (entity: Entity) => string;
  /** @throws RangeError that says what was expected. */
  readonly parse: (text: string, limits: Limits) => Change;
  /** Undefined if it cannot be left empty. */
  readonly reset?: Change;
}

export interface SettingHelp {
  /** The placeholder of its value, such as `URL`. */
  readonly value: string;
  readonly text: string;
  readonly allowed: string;
  /** For a new entity. */
  readonly default?: string;
}

export type Settings<Entity, Change, Limits = void> = Readonly<Record<string, Setting<Entity, Change, Limits>>>;

/** A setting that can be reset. @param change Makes the change; null resets. */
export function resettable<Change, Limits, T>(
  change: (value: T | null) => Change,
  parse: (text: string, limits: Limits) => T,
): Pick<Setting<unknown, Change, Limits>, 'parse' | 'reset'> {
  return { parse: (text, limits) => change(parse(text, limits)), reset: change(null) };
}

/** A setting that is on or off. */
export function switched<Change>(change: (on: boolean) => Change): Pick<Setting<unknown, Change, unknown>, 'kind' | 'parse'> {
  return { kind: 'flag', parse: (text) => change(text === '1') };
}

export function optionOf(name: string, { option }: Pick<Setting<never, unknown, never>, 'option'>): string {
  return option ?? name.replaceAll('_', '-');
}

export function jsonNameOf(name: string, { json }: Pick<Setting<never, unknown, never>, 'json'>): string {
  return json ?? name;
}

/** Returns the settings as somebody types them, by name. */
export function settingTexts<Entity>(
  settings: Settings<Entity, unknown, never>,
  entity: Entity,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(settings).map(([name, { text }]) => [name, text(entity)]));
}

/** Returns the settings as JSON. */
export function settingsJson<Entity>(
  settings: Settings<Entity, unknown, never>,
  entity: Entity,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [jsonNameOf(name, setting), jsonOf(setting.kind, setting.text(entity))]),
  );
}

function jsonOf(kind: SettingKind | undefined, text: string): unknown {
  switch (kind) {
    case 'flag':
      return text === '1';
    case 'lines':
      return text === '' ? [] : text.split('\n');
    case 'integer':
      return text === '' ? null : Number(text);
    case 'percent':
      return text === '' ? null : Math.round(Number(text) * 100);
    default:
      return text === '' ? null : text;
  }
}

const EXPECTED: Readonly<Record<SettingKind, string>> = {
  text: 'must be a string',
  integer: 'must be an integer',
  percent: 'must be an integer, in hundredths of a percent',
  flag: 'must be true or false',
  lines: 'must be a list of strings',
};

/** Returns a value of JSON as somebody would type it; null resets. @throws RangeError for another type. */
export function textOfJson({ kind = 'text' }: Pick<Setting<never, unknown, never>, 'kind'>, value: unknown): string | null {
  if (value === null && kind !== 'flag') return null;
  if (kind === 'flag' && typeof value === 'boolean') return value ? '1' : '';
  if (kind === 'lines' && Array.isArray(value) && value.every((line) => typeof line === 'string'))
    return value.length === 0 ? null : value.join('\n');
  if (kind === 'integer' && Number.isSafeInteger(value)) return String(value);
  if (kind === 'percent' && Number.isSafeInteger(value)) return String(Number(value) / 100);
  if (kind === 'text' && typeof value === 'string') return value;
  throw new RangeError(EXPECTED[kind]);
}

type Nested = Readonly<Record<string, unknown>>;

/**
 * Reads the given settings into one change.
 *
 * @param given Returns the text of a setting, null to reset it, or undefined if it does not change. May throw a RangeError.
 * @param refuse Is called for each setting that is wrong, with what was expected.
 */
export function readSettings<Change extends object, Limits>(
  settings: Settings<never, Change, Limits>,
  limits: Limits,
  given: (name: string, setting: Setting<never, Change, Limits>) => string | null | undefined,
  refuse: (name: string, setting: Setting<never, Change, Limits>, expected: string) => void,
): Change {
  let change: Nested = {};
  for (const [name, setting] of Object.entries(settings)) {
    try {
      const text = given(name, setting);
      if (text === undefined) continue;
      if (text === null && setting.reset === undefined) throw new RangeError('expected a value, got none');
      change = merged(change, (text === null ? setting.reset : setting.parse(text, limits)) as Nested);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      refuse(name, setting, error.message);
    }
  }
  return change as Change;
}

/** Merges changes of the parts of an entity, such as two of its default URLs. */
function merged(one: Nested, other: Nested): Nested {
  const entries = Object.entries(other).map(([name, value]) => {
    const before = one[name];
    return [name, isPart(before) && isPart(value) ? merged(before, value) : value];
  });
  return { ...one, ...(Object.fromEntries(entries) as Nested) };
}

function isPart(value: unknown): value is Nested {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
