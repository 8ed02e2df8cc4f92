/** Reads the optional fields of a query or a body, and collects the errors by field. */
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { isUuidV4 } from '../kernel/ids.ts';
import { validationError } from '../contract/contract-error.ts';

export class FieldReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #errors: Record<string, string[]> = {};

  constructor(fields: unknown) {
    this.#fields = typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : {};
  }

  wrong(name: string, problem: string): undefined {
    this.#errors[name] = [problem];
    return undefined;
  }

  /** Parses a string field; `parse` returns undefined for an unexpected value. */
  parsed<T>(name: string, parse: (text: string) => T | undefined, expected: string): T | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    return (typeof value === 'string' ? parse(value) : undefined) ?? this.wrong(name, expected);
  }

  uuid<T extends string>(name: string): T | undefined {
    return this.parsed(name, (text) => (isUuidV4(text) ? (text as T) : undefined), 'must be a UUID');
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[]): T | undefined {
    return this.parsed(name, (text) => allowed.find((one) => one === text), `must be one of ${allowed.join(', ')}`);
  }

  /** A string that can be stored, with at most `max` characters (code points). */
  text(name: string, max: number): string | undefined {
    const isText = (text: string): boolean => [...text].length <= max && !/\0|\p{Surrogate}/u.test(text);
    const expected = `must be at most ${max} characters of valid Unicode, without U+0000`;
    return this.parsed(name, (text) => (isText(text) ? text : undefined), expected);
  }

  /** The origin of a URL. */
  origin(name: string): string | undefined {
    const parse = (text: string): string | undefined => (URL.canParse(text) ? new URL(text).origin : undefined);
    return this.parsed(name, parse, 'must be a URL such as https://shop.example');
  }

  integer(name: string, fallback: number, least: number, most: number): number {
    const parse = (text: string): number | undefined => {
      const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      return number >= least && number <= most ? number : undefined;
    };
    return this.parsed(name, parse, `must be a whole number from ${least} to ${most}`) ?? fallback;
  }

  /** A required time; 0 when it is missing or invalid. */
  time(name: string): EpochMs {
    const expected = 'must be a time such as 2026-11-23T18:00:00Z';
    const parse = (text: string): EpochMs | undefined => {
      const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
      return Number.isNaN(time) ? undefined : epochMs(time);
    };
    if (this.#fields[name] === undefined || this.#fields[name] === null) this.wrong(name, expected);
    return this.parsed(name, parse, expected) ?? epochMs(0);
  }

  /** @throws ContractError 0001 with the errors by field, if there are any. */
  throwIfWrong(): void {
    if (Object.keys(this.#errors).length > 0) throw validationError(this.#errors);
  }
}
