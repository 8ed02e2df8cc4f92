/**
 * Splits the words of a command into options and arguments. The word after an option that takes a value is its value, even if it begins
 * with one hyphen: `--to -5` is a number that is too small, not an option `-5`. Only two hyphens begin an option.
 */
import { nearest } from '../../kernel/nearest.ts';
import { UsageError } from './usage-error.ts';

export interface KnownOptions {
  /** Names of options that take a value. */
  readonly values: readonly string[];
  readonly flags: readonly string[];
}

export interface SplitWords {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly flags: ReadonlySet<string>;
  /** The words that are neither an option nor its value. */
  readonly bare: readonly string[];
}

/** @throws UsageError that names the option, but never repeats a value, which may be a private key. */
export function splitWords(words: readonly string[], known: KnownOptions): SplitWords {
  const values = new Map<string, string[]>();
  const flags = new Set<string>();
  const bare: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') return { values, flags, bare: [...bare, ...words.slice(at + 1)] };
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) {
      if (/^-[a-z]/i.test(word)) throw new UsageError('expected options that begin with --, got one with a single hyphen');
      bare.push(word);
    } else if (known.flags.includes(name)) {
      if (inline !== undefined) throw new UsageError(`--${name}: expected no value, got one`);
      flags.add(name);
    } else if (known.values.includes(name)) {
      const value = inline ?? valueAfter(words, at);
      if (value === undefined) throw new UsageError(`--${name}: expected a value, got nothing`);
      values.set(name, [...(values.get(name) ?? []), value]);
      if (inline === undefined) at += 1;
    } else {
      throw new UsageError(unknownOption(name, [...known.values, ...known.flags]));
    }
  }
  return { values, flags, bare };
}

function valueAfter(words: readonly string[], at: number): string | undefined {
  const next = words[at + 1];
  return next?.startsWith('--') === true ? undefined : next;
}

function unknownOption(name: string, known: readonly string[]): string {
  if (!/^[a-z][a-z-]{0,30}$/i.test(name)) return 'unknown option';
  const meant = nearest(name.toLowerCase(), known);
  return `unknown option --${name}${meant === undefined ? '' : ` (did you mean --${meant}?)`}`;
}
