/** Reads single settings and collects the mistakes, so that one start reports all of them. */
import { errorMessage } from '../kernel/error-message.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { unknownNames, type SettingName, type UnknownName } from './setting-names.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Some settings are invalid; the message has a line for each. */
export class ConfigError extends OperatorError {
  override readonly name = 'ConfigError';
}

const PREFIX = 'WEBPOS_';

export class Settings {
  readonly #environment: Environment;
  readonly #mistakes: string[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
    const names = Object.keys(environment).filter((name) => name.startsWith(PREFIX));
    for (const unknown of unknownNames(names.map((full) => full.slice(PREFIX.length))))
      this.#mistakes.push(`${PREFIX}${unknown.name}: unknown setting (${hintFor(unknown)})`);
  }

  /** Returns a setting, or undefined when it is missing or empty. */
  optional(name: SettingName): string | undefined {
    const value = this.#environment[PREFIX + name]?.trim();
    return value === '' ? undefined : value;
  }

  text(name: SettingName, fallback: string): string {
    return this.optional(name) ?? fallback;
  }

  oneOf<const T extends string>(name: SettingName, allowed: readonly T[], fallback: NoInfer<T>): T {
    const value = this.optional(name);
    if (value === undefined) return fallback;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) this.wrong(name, `one of ${allowed.join(', ')}`, value);
    return found ?? fallback;
  }

  integer(name: SettingName, fallback: number, { min, max }: { readonly min: number; readonly max: number }): number {
    const value = this.optional(name);
    if (value === undefined) return fallback;
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    this.wrong(name, `a whole number from ${min} to ${max}`, value);
    return fallback;
  }

  /** Reads a duration in seconds, from one second to ten years. Returns milliseconds. */
  seconds(name: SettingName, fallbackS: number): number {
    return this.integer(name, fallbackS, { min: 1, max: 315_360_000 }) * 1000;
  }

  /** Reads a URL. An invalid value is not repeated in the error, because it may contain a password. */
  url(name: SettingName, protocols: readonly string[]): string | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
    this.wrong(name, `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`, undefined);
    return undefined;
  }

  /** @param parse Throws a RangeError that states what it expected. */
  parsed<T>(name: SettingName, fallback: string | undefined, parse: (text: string) => T): T | undefined {
    const value = this.optional(name) ?? fallback;
    if (value === undefined) return undefined;
    try {
      return parse(value);
    } catch (error) {
      this.#mistakes.push(`${PREFIX}${name}: ${errorMessage(error)}`);
      return undefined;
    }
  }

  missing(name: SettingName, expected: string): string {
    if (this.optional(name) === undefined) this.wrong(name, expected, undefined);
    return '';
  }

  /** Records a mistake. `got` is undefined where it may be a secret. */
  wrong(name: SettingName, expected: string, got: string | undefined): undefined {
    const hidden = this.optional(name) === undefined ? 'nothing' : 'something else';
    this.#mistakes.push(`${PREFIX}${name}: expected ${expected}, got ${got === undefined ? hidden : JSON.stringify(got)}`);
    return undefined;
  }

  throwIfWrong(): void {
    if (this.#mistakes.length > 0) throw new ConfigError(this.#mistakes.join('\n'));
  }
}

function hintFor({ renamedTo, meant }: UnknownName): string {
  if (renamedTo !== undefined) return `it is called ${PREFIX}${renamedTo} now`;
  return meant === undefined ? 'docs/settings.md lists them all' : `did you mean ${PREFIX}${meant}?`;
}
