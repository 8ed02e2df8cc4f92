/** Reads the fields of a query or a body, any of which may be left out, and collects what is wrong by field. */
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { isUuidV4 } from '../kernel/ids.ts';
import { validationError } from '../services/contract-error.ts';

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

  /** What `parse` makes of a text; it answers undefined for one that is not as expected. */
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

  /** A time that has to be there; the time 0 where it is wrong. */
  time(name: string): EpochMs {
    const expected = 'must be a time such as 2026-11-23T18:00:00Z';
    const parse = (text: string): EpochMs | undefined => {
      const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
      return Number.isNaN(time) ? undefined : epochMs(time);
    };
    if (this.#fields[name] === undefined || this.#fields[name] === null) this.wrong(name, expected);
    return this.parsed(name, parse, expected) ?? epochMs(0);
  }

  /** @throws ContractError 0001 with what is wrong by field, if anything is. */
  throwIfWrong(): void {
    if (Object.keys(this.#errors).length > 0) throw validationError(this.#errors);
  }
}
