/** Reads the options of a command, and says which one is wrong. */
import { isUuidV4 } from '../../kernel/ids.ts';
import { splitWords } from './split-words.ts';
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
  /** The bare word that a command takes, which is a path. */
  path(of: string): string;
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
  const { values, flags: given, bare } = splitWords(words, { values: [...names, ...lists], flags: ['json', ...flags] });
  const [stray] = bare;
  if (stray !== undefined && argument === false)
    throw new UsageError(`expected options that begin with --, got a bare word, ${shown(stray)}`);
  const optional = (name: string): string | undefined => values.get(name)?.at(-1);
  const filled = (name: string): string | undefined => {
    const value = optional(name);
    if (value?.trim() === '') throw new UsageError(`--${name}: expected a value, got nothing`);
    return value;
  };
  return {
    json: given.has('json'),
    hasArgument: bare.length > 0,
    flag: (name) => given.has(name),
    optional,
    list: (name) => values.get(name) ?? [],
    required: (name) => {
      const value = filled(name);
      if (value === undefined) throw new UsageError(`--${name}: expected a value, got nothing`);
      return value;
    },
    oneOf: (name, allowed) => {
      const value = filled(name);
      const found = allowed.find((candidate) => candidate === value);
      if (value !== undefined && found === undefined)
        throw new UsageError(`--${name}: expected one of ${allowed.join(', ')}, got ${shown(value)}`);
      return found;
    },
    integer: (name, fallback, { least, most }) => {
      const value = filled(name);
      if (value === undefined) return fallback;
      const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
      if (number >= least && number <= most) return number;
      throw new UsageError(`--${name}: expected a whole number from ${least} to ${most}, got ${shown(value)}`);
    },
    uuid: <T extends string>(name: string, of: string) => {
      const value = filled(name);
      if (value !== undefined && !isUuidV4(value))
        throw new UsageError(`--${name}: expected the UUID of ${of}, got ${shown(value)}`);
      return value as T | undefined;
    },
    path: (of) => {
      const [value = ''] = bare;
      if (value.trim() === '') throw new UsageError(`expected a path, ${of}, got nothing`);
      if (bare.length > 1) throw new UsageError(`expected one path, ${of}, got ${bare.length} words`);
      return value;
    },
    argument: <T extends string>(of: string) => {
      const [value] = bare;
      if (value === undefined) throw new UsageError(`expected the UUID of ${of}, got nothing`);
      if (bare.length > 1) throw new UsageError(`expected the UUID of ${of} alone, got ${bare.length} words`);
      if (!isUuidV4(value)) throw new UsageError(`expected the UUID of ${of}, got ${shown(value)}`);
      return value as T;
    },
  };
}

/** A short plain word is repeated to show the mistake; anything else may be a key. */
export function shown(value: string): string {
  return /^[a-z0-9._-]{1,30}$/i.test(value) ? JSON.stringify(value) : 'something else';
}
