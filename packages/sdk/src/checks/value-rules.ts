import { MAX_TIMEOUT_MS } from '../http/max-timeout.ts';

/** What an option or a field accepts. */
export type Rule = readonly [
  isRight: (value: unknown) => boolean,
  /** Describes a valid value. */
  wanted: string,
  /** Describes an invalid value. Default: {@link describeValue}. */
  got?: ((value: unknown) => string) | undefined,
  /** Whether the value is required. */
  isRequired?: boolean,
];

/** A rule for every option; an option without a rule does not compile. */
export type Rules<Options> = { readonly [Name in keyof Required<Options>]: Rule };

/** Describes a value: text in quotes, shortened, and an object by its type only. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  return Object(value) === value ? typeof value : String(value);
}

/** Describes a value that may be secret, by its type. */
export function describeType(value: unknown): string {
  return value === '' ? 'an empty string' : typeof value;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Accepts integers within bounds. */
export function integerRule(min: number, max?: number): Rule {
  const isRight = (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= min && !((value as number) > (max ?? Infinity));
  return [isRight, `an integer from ${min}${max === undefined ? '' : ` to ${max}`}`];
}

/** Accepts any object. */
export const OBJECT_RULE: Rule = [isObject, 'an object'];

/** Merges rules. Unlike a spread, the call can be dropped by a bundler if its result is unused. */
export const mergeRules: <Own extends Readonly<Record<string, Rule>>, Base>(own: Own, base: Base) => Own & Base = Object.assign;

/** Accepts a duration in milliseconds. */
export const DURATION_RULE: Rule = /* #__PURE__ */ integerRule(1, MAX_TIMEOUT_MS);

export const NON_EMPTY_STRING = 'a non-empty string';

/** Accepts a secret, which errors never show. */
export function secretRule(isRequired = false): Rule {
  return [isNonEmptyString, NON_EMPTY_STRING, describeType, isRequired];
}

export function isNonEmptyString(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

const MAX_LENGTH = 300;

/** Limits the length of a text. JSON Schema's maxLength counts code points, as the gateway does. */
export function boundedTextRule(isRight: (value: unknown) => boolean, wanted: string): Rule {
  return [
    (value) => isRight(value) && [...(value as string)].length <= MAX_LENGTH,
    `${wanted} of at most ${MAX_LENGTH} characters`,
  ];
}

/** Accepts free text. */
export const TEXT_RULE: Rule = /* #__PURE__ */ boundedTextRule((value) => typeof value === 'string', 'a string');

/** Accepts values of a JavaScript type. */
export function typeRule(type: 'boolean' | 'function'): Rule {
  return [(value) => typeof value === type, `a ${type}`];
}

/** Accepts one of some words. */
export function oneOfRule(...words: readonly string[]): Rule {
  return [(value) => words.includes(value as string), `one of ${words.join(', ')}`];
}

/** Accepts objects with these methods. */
export function methodsRule(wanted: string, ...names: readonly string[]): Rule {
  const isRight = (value: unknown): boolean =>
    isObject(value) && names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
  return [isRight, wanted];
}

/** Returns whether a value may be a status or an event, known to this version or not: the server decides which exist. */
export function isContractName(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z_.]+$/.test(value);
}
