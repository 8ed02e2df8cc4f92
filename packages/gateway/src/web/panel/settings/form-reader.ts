/** Reads the fields of a form with the parsers of the domain, and notes which of them were refused. */
import type { Fields } from '../panel-router.ts';

const MAX_CHARACTERS = 4_000;

export class FormReader {
  readonly faults: string[] = [];
  readonly #fields: Fields;

  constructor(fields: Fields) {
    this.#fields = fields;
  }

  text(name: string): string {
    return (this.#fields[name] ?? '').slice(0, MAX_CHARACTERS).trim();
  }

  /** Undefined if the field is at fault. */
  parsed<T>(name: string, parse: (text: string) => T): T | undefined {
    try {
      return parse(this.text(name));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.faults.push(name);
      return undefined;
    }
  }

  /** Null if the field is empty, or at fault. */
  optional<T>(name: string, parse: (text: string) => T): T | null {
    return this.text(name) === '' ? null : (this.parsed(name, parse) ?? null);
  }
}
