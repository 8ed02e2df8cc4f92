/** Reads single settings and collects what is wrong, so that one start tells of every mistake. */
import { OperatorError } from '../kernel/operator-error.ts';
import { unknownNames, type SettingName } from './setting-names.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Some settings are wrong; the message has a line for each. */
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
    for (const { name, meant } of unknownNames(names.map((full) => full.slice(PREFIX.length)))) {
      const hint = meant === undefined ? 'docs/settings.md lists them all' : `did you mean ${PREFIX}${meant}?`;
      this.#mistakes.push(`${PREFIX}${name}: there is no such setting; ${hint}`);
    }
  }

  /** A setting, or undefined when it is missing or empty. */
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

  integer(name: SettingName, fallback: number, { least, most }: { least: number; most: number }): number {
    const value = this.optional(name);
    if (value === undefined) return fallback;
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    this.wrong(name, `a whole number from ${least} to ${most}`, value);
    return fallback;
  }

  /** A duration given in seconds, from one second to ten years, as milliseconds. */
  seconds(name: SettingName, fallbackS: number): number {
    return this.integer(name, fallbackS, { least: 1, most: 315_360_000 }) * 1000;
  }

  /** A URL; what came is not repeated, since it may hold a password. */
  url(name: SettingName, protocols: readonly string[]): string | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
    this.wrong(name, `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`, undefined);
    return undefined;
  }

  /** @param parse Throws a RangeError that says what it expected. */
  parsed<T>(name: SettingName, fallback: string | undefined, parse: (text: string) => T): T | undefined {
    const value = this.optional(name) ?? fallback;
    if (value === undefined) return undefined;
    try {
      return parse(value);
    } catch (error) {
      this.#mistakes.push(`${PREFIX}${name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  missing(name: SettingName, expected: string): string {
    if (this.optional(name) === undefined) this.wrong(name, expected, undefined);
    return '';
  }

  /** Notes a mistake. `got` is left out where it may be a secret. */
  wrong(name: SettingName, expected: string, got: string | undefined): undefined {
    const came =
      got === undefined
        ? this.optional(name) === undefined
          ? ', got nothing'
          : ', got something else'
        : `, got ${JSON.stringify(got)}`;
    this.#mistakes.push(`${PREFIX}${name}: expected ${expected}${came}`);
    return undefined;
  }

  throwIfWrong(): void {
    if (this.#mistakes.length > 0) throw new ConfigError(this.#mistakes.join('\n'));
  }
}
