/** Reads the options of a command, and says which one is wrong. */
import { parseArgs } from 'node:util';
import { isUuidV4 } from '../kernel/ids.ts';
import { UsageError } from './usage-error.ts';

export interface Options {
  readonly json: boolean;
  flag(name: string): boolean;
  optional(name: string): string | undefined;
  /** All values of an option that may be given several times. */
  list(name: string): readonly string[];
  required(name: string): string;
  oneOf<const T extends string>(name: string, allowed: readonly T[]): T | undefined;
  integer(name: string, fallback: number, range: { readonly least: number; readonly most: number }): number;
  /** The UUID of something, such as `a POS`. */
  uuid<T extends string>(name: string, of: string): T | undefined;
  readonly hasArgument: boolean;
  /** The bare word that a command takes, which is the UUID of something. */
  argument<T extends string>(of: string): T;
}

/** What a command takes besides options with a value and `--json`. */
export interface OptionKinds {
  readonly flags?: readonly string[];
  /** Options that may be given several times. */
  readonly lists?: readonly string[];
  /** A bare word, or one that may be left out. */
  readonly argument?: boolean | 'optional';
}

/** @throws UsageError naming the option. */
export function readOptions(
  words: readonly string[],
  names: readonly string[],
  { flags = [], lists = [], argument = false }: OptionKinds = {},
): Options {
  const { values, positionals } = parse(words, { names, flags, lists }, argument !== false);
  const optional = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const given = (name: string): string | undefined => {
    const value = optional(name);
    if (value?.trim() === '') throw new UsageError(`--${name}: expected a value, got nothing`);
    return value;
  };
  return {
    json: values['json'] === true,
    hasArgument: positionals.length > 0,
    flag: (name) => values[name] === true,
    optional,
    list: (name) => {
      const value = values[name];
      return typeof value === 'object' ? value : [];
    },
    required: (name) => {
      const value = given(name);
      if (value === undefined) throw new UsageError(`--${name}: expected a value, got nothing`);
      return value;
    },
    oneOf: (name, allowed) => {
      const value = given(name);
      const found = allowed.find((candidate) => candidate === value);
      if (value !== undefined && found === undefined)
        throw new UsageError(`--${name}: expected one of ${allowed.join(', ')}, got ${shown(value)}`);
      return found;
    },
    integer: (name, fallback, { least, most }) => {
      const value = given(name);
      if (value === undefined) return fallback;
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
      if (number >= least && number <= most) return number;
      throw new UsageError(`--${name}: expected a whole number from ${least} to ${most}, got ${shown(value)}`);
    },
    uuid: <T extends string>(name: string, of: string) => {
      const value = given(name);
      if (value !== undefined && !isUuidV4(value))
        throw new UsageError(`--${name}: expected the UUID of ${of}, got something else`);
      return value as T | undefined;
    },
    argument: <T extends string>(of: string) => {
      const [value] = positionals;
      if (value === undefined) throw new UsageError(`expected the UUID of ${of}, got nothing`);
      if (positionals.length > 1) throw new UsageError(`expected the UUID of ${of} alone, got ${positionals.length} words`);
      if (!isUuidV4(value)) throw new UsageError(`expected the UUID of ${of}, got something else`);
      return value as T;
    },
  };
}

interface Parsed {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly positionals: readonly string[];
}

interface Names {
  readonly names: readonly string[];
  readonly flags: readonly string[];
  readonly lists: readonly string[];
}

function parse(words: readonly string[], { names, flags, lists }: Names, allowPositionals: boolean): Parsed {
  const options: Record<string, { type: 'string' | 'boolean'; multiple: boolean }> = {};
  for (const name of names) options[name] = { type: 'string', multiple: false };
  for (const name of lists) options[name] = { type: 'string', multiple: true };
  for (const name of ['json', ...flags]) options[name] = { type: 'boolean', multiple: false };
  try {
    return parseArgs({ args: [...words], options, allowPositionals }) as Parsed;
  } catch (error) {
    throw new UsageError(withoutValues(error, words, [...names, ...lists], ['json', ...flags]));
  }
}

/** A short plain word is repeated to show the mistake; anything else may be a key. */
function shown(value: string): string {
  return /^[a-z0-9._-]{1,30}$/i.test(value) ? JSON.stringify(value) : 'something else';
}

/** What was given may be a private key: the message may name options, never repeat values. */
function withoutValues(error: unknown, words: readonly string[], names: readonly string[], flags: readonly string[]): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const given = words.map((word) => /^--([a-z][a-z-]{0,30})(?:=|$)/.exec(word)?.[1]).filter((name) => name !== undefined);
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const unknown = given.find((name) => !flags.includes(name) && !names.includes(name));
    return `${unknown === undefined ? 'an option' : `--${unknown}`}: the command does not take it`;
  }
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return 'expected options that begin with --, got a bare word';
  const wrong = [...names, ...flags].find(
    (name) => error instanceof Error && new RegExp(`--${name}(?![a-z-])`).test(error.message),
  );
  const expected = wrong !== undefined && flags.includes(wrong) ? 'no value, got one' : 'a value, got nothing';
  return `${wrong === undefined ? 'an option' : `--${wrong}`}: expected ${expected}`;
}
