/** Reads the optional fields of a query or a body, and collects the errors by field. */
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { isUuidV4 } from '../kernel/ids.ts';
import { validationError } from '../contract/contract-error.ts';

const EXPECTED_TIME = 'must be a time such as 2026-11-23T18:00:00Z';

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

  /** Refuses a required field that is missing, unless it is refused already. */
  missing(name: string, problem = 'is required'): undefined {
    return this.#errors[name] === undefined ? this.wrong(name, problem) : undefined;
  }

  /** Whether the field is there and null, which resets it. */
  isNull(name: string): boolean {
    return this.#fields[name] === null;
  }

  /** Reads a field of any type; `read` returns undefined for an unexpected value. */
  value<T>(name: string, read: (value: unknown) => T | undefined, expected: string): T | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null) return undefined;
    return read(value) ?? this.wrong(name, expected);
  }

  /** Parses a string field; `parse` returns undefined for an unexpected value. */
  parsed<T>(name: string, parse: (text: string) => T | undefined, expected: string): T | undefined {
    return this.value(name, (value) => (typeof value === 'string' ? parse(value) : undefined), expected);
  }

  /** Parses a string field; `parse` throws a RangeError that says what was expected. */
  checked<T>(name: string, parse: (text: string) => T): T | undefined {
    try {
      return this.parsed(name, parse, 'must be a string');
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return this.wrong(name, error.message);
    }
  }

  flag(name: string): boolean | undefined {
    return this.value(name, (value) => (typeof value === 'boolean' ? value : undefined), 'must be true or false');
  }

  uuids<T extends string>(name: string, max: number): readonly T[] | undefined {
    const isUuid = (value: unknown): value is T => typeof value === 'string' && isUuidV4(value);
    return this.value(
      name,
      (value) => (Array.isArray(value) && value.length <= max && value.every(isUuid) ? value : undefined),
      `must be a list of at most ${max} UUIDs`,
    );
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
    return this.optionalTime(name) ?? this.missing(name, EXPECTED_TIME) ?? epochMs(0);
  }

  optionalTime(name: string): EpochMs | undefined {
    const parse = (text: string): EpochMs | undefined => {
      const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
      return Number.isNaN(time) ? undefined : epochMs(time);
    };
    return this.parsed(name, parse, EXPECTED_TIME);
  }

  /** @throws ContractError 0001 with the errors by field, if there are any. */
  throwIfWrong(): void {
    if (Object.keys(this.#errors).length > 0) throw validationError(this.#errors);
  }
}
