import { MAX_TIMEOUT_MS } from '../http/max-timeout.ts';

/** What an option or a field takes. */
export type Rule = readonly [
  isRight: (value: unknown) => boolean,
  /** What is right, in words. */
  wanted: string,
  /** Describes a wrong value. Default: {@link describeValue}. */
  got?: ((value: unknown) => string) | undefined,
  /** Whether it must be there. */
  isRequired?: boolean,
];

/** A rule for every option: one without a rule does not compile. */
export type Rules<Options> = { readonly [Name in keyof Required<Options>]: Rule };

/** Shows a wrong value: a text in quotes and not too long, an object by its type alone. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  return Object(value) === value ? typeof value : String(value);
}

/** The type of a wrong value, where the value itself may be a secret. */
export function describeType(value: unknown): string {
  return value === '' ? 'an empty one' : typeof value;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** An integer within bounds. */
export function integerRule(min: number, max?: number): Rule {
  const isRight = (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= min && !((value as number) > (max ?? Infinity));
  return [isRight, `an integer from ${min}${max === undefined ? '' : ` to ${max}`}`];
}

/** An object, whatever is in it. */
export const OBJECT_RULE: Rule = [isObject, 'an object'];

/** Adds rules to rules. A bundler can drop the call, unlike a spread, where nothing uses what it makes. */
export const mergeRules: <Own extends Readonly<Record<string, Rule>>, Base>(own: Own, base: Base) => Own & Base = Object.assign;

/** A time in milliseconds. */
export const DURATION_RULE: Rule = /* #__PURE__ */ integerRule(1, MAX_TIMEOUT_MS);

export const NON_EMPTY_STRING = 'a string that is not empty';

/** A secret: its text is never shown. */
export function secretRule(isRequired = false): Rule {
  return [isNonEmptyString, NON_EMPTY_STRING, describeType, isRequired];
}

export function isNonEmptyString(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

const MAX_LENGTH = 300;

/** A text that is not too long. JSON Schema's maxLength counts code points, as the gateway does. */
export function boundedTextRule(isRight: (value: unknown) => boolean, wanted: string): Rule {
  return [
    (value) => isRight(value) && [...(value as string)].length <= MAX_LENGTH,
    `${wanted} of at most ${MAX_LENGTH} characters`,
  ];
}

/** A text for people. */
export const TEXT_RULE: Rule = /* #__PURE__ */ boundedTextRule((value) => typeof value === 'string', 'a string');

/** A value of a type of JavaScript. */
export function typeRule(type: 'boolean' | 'function'): Rule {
  return [(value) => typeof value === type, `a ${type}`];
}

/** One of some words. */
export function oneOfRule(...words: readonly string[]): Rule {
  return [(value) => words.includes(value as string), `one of ${words.join(', ')}`];
}

/** An object with these methods. */
export function methodsRule(wanted: string, ...names: readonly string[]): Rule {
  const isRight = (value: unknown): boolean =>
    isObject(value) && names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
  return [isRight, wanted];
}

/** Whether a text may be a status or an event. Not only those of this version: the server knows best which there are. */
export function isContractName(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z_.]+$/.test(value);
}
