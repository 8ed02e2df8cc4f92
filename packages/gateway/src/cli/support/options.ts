/** The options of a command, read by name. Every error names the option, what was expected and what was received. */
import type { CommandHelp } from '@webpos/listen/help';
import { isUuidV4 } from '../../kernel/ids.ts';
import { splitWords } from './split-words.ts';
import { UsageError } from './usage-error.ts';

export interface Options<Name extends string = string> {
  readonly json: boolean;
  readonly flag: (name: Name) => boolean;
  readonly optional: (name: Name) => string | undefined;
  /** Returns all values of an option that may be repeated. */
  readonly list: (name: Name) => readonly string[];
  readonly required: (name: Name) => string;
  readonly oneOf: <const T extends string>(name: Name, allowed: readonly T[]) => T | undefined;
  readonly integer: (name: Name, fallback: number, range: { readonly min: number; readonly max: number }) => number;
  /** @param of What the UUID identifies, such as `a POS`. */
  readonly uuid: <T extends string>(name: Name, of: string) => T | undefined;
  readonly requiredUuid: <T extends string>(name: Name, of: string) => T;
  readonly hasArgument: boolean;
  /** Returns the argument as a path. @param of What is at the path, such as `the folder of a backup`. */
  readonly path: (of: string) => string;
  /** Returns the argument as a UUID. @param of What it identifies, such as `an order`. */
  readonly argument: <T extends string>(of: string) => T;
}

/**
 * Reads the words after a command's name.
 *
 * @throws UsageError for a word that the command does not declare; the functions of the result throw it for a wrong value.
 */
export function readOptions<Name extends string>(
  words: readonly string[],
  { options, argument }: Pick<CommandHelp, 'options' | 'argument'>,
): Options<Name> {
  const names = Object.keys(options);
  const isFlag = (name: string): boolean => !('value' in (options[name] ?? {}));
  const { values, flags, bare } = splitWords(words, {
    values: names.filter((name) => !isFlag(name)),
    flags: ['json', ...names.filter(isFlag)],
  });
  const [stray] = bare;
  if (stray !== undefined && argument === undefined)
    throw new UsageError(
      `expected options that begin with --, got ${isPlain(stray) ? `the argument "${stray}"` : 'an argument'}`,
    );
  return { json: flags.has('json'), flag: (name) => flags.has(name), ...valueReaders<Name>(values), ...argumentReaders(bare) };
}

type ValueReaders = 'optional' | 'list' | 'required' | 'oneOf' | 'integer' | 'uuid' | 'requiredUuid';

function valueReaders<Name extends string>(values: ReadonlyMap<string, readonly string[]>): Pick<Options<Name>, ValueReaders> {
  const optional = (name: Name): string | undefined => values.get(name)?.at(-1);
  const filled = (name: Name): string | undefined => {
    const value = optional(name);
    if (value?.trim() === '') throw new UsageError(`--${name}: expected a value, got nothing`);
    return value;
  };
  const uuid = <T extends string>(name: Name, of: string): T | undefined => {
    const value = filled(name);
    if (value !== undefined && !isUuidV4(value))
      throw new UsageError(`--${name}: expected the UUID of ${of}, got ${shown(value)}`);
    return value as T | undefined;
  };
  return {
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
    integer: (name, fallback, { min, max }) => {
      const value = filled(name);
      if (value === undefined) return fallback;
      const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
      if (number >= min && number <= max) return number;
      throw new UsageError(`--${name}: expected a whole number from ${min} to ${max}, got ${shown(value)}`);
    },
    uuid,
    requiredUuid: <T extends string>(name: Name, of: string) => {
      const value = uuid<T>(name, of);
      if (value === undefined) throw new UsageError(`--${name}: expected the UUID of ${of}, got nothing`);
      return value;
    },
  };
}

function argumentReaders(bare: readonly string[]): Pick<Options, 'hasArgument' | 'path' | 'argument'> {
  return {
    hasArgument: bare.length > 0,
    path: (of) => {
      const [value = ''] = bare;
      if (value.trim() === '') throw new UsageError(`expected the path of ${of}, got nothing`);
      if (bare.length > 1) throw new UsageError(`expected the path of ${of}, got ${bare.length} arguments`);
      return value;
    },
    argument: <T extends string>(of: string) => {
      const [value] = bare;
      if (value === undefined) throw new UsageError(`expected the UUID of ${of}, got nothing`);
      if (bare.length > 1) throw new UsageError(`expected the UUID of ${of}, got ${bare.length} arguments`);
      if (!isUuidV4(value)) throw new UsageError(`expected the UUID of ${of}, got ${shown(value)}`);
      return value as T;
    },
  };
}

/** Returns a wrong value for a message: a short plain word as it is, but nothing that may be a key. */
export function shown(value: string): string {
  return isPlain(value) ? JSON.stringify(value) : 'something else';
}

function isPlain(value: string): boolean {
  return /^[a-z0-9._-]{1,30}$/i.test(value);
}
