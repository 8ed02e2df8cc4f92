/** Reads the options of a command, and says which one is wrong. */
import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

export interface Options {
  readonly json: boolean;
  optional(name: string): string | undefined;
  required(name: string): string;
}

/** @throws UsageError naming the option. */
export function readOptions(words: readonly string[], names: readonly string[]): Options {
  const values = parse(words, names);
  const optional = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    json: values['json'] === true,
    optional,
    required: (name) => {
      const value = optional(name);
      if (value === undefined || value.trim() === '') throw new UsageError(`--${name}: expected a value, got nothing`);
      return value;
    },
  };
}

function parse(words: readonly string[], names: readonly string[]): Readonly<Record<string, string | boolean | undefined>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...words], options: { ...options, json: { type: 'boolean' } }, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(withoutValues(error, words, names));
  }
}

/** What was given may be a private key: the message may name options, never repeat values. */
function withoutValues(error: unknown, words: readonly string[], names: readonly string[]): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const given = words.map((word) => /^--([a-z][a-z-]{0,30})(?:=|$)/.exec(word)?.[1]).filter((name) => name !== undefined);
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const unknown = given.find((name) => name !== 'json' && !names.includes(name));
    return `${unknown === undefined ? 'an option' : `--${unknown}`}: the command does not take it`;
  }
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return 'expected options that begin with --, got a bare word';
  const wrong = [...names, 'json'].find(
    (name) => error instanceof Error && new RegExp(`--${name}(?![a-z-])`).test(error.message),
  );
  const expected = wrong === 'json' ? 'no value, got one' : 'a value, got nothing';
  return `${wrong === undefined ? 'an option' : `--${wrong}`}: expected ${expected}`;
}
