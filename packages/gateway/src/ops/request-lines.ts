/**
 * The log's lines of requests, gathered and written some at a time: a line through pino and its destination costs three times as much, and
 * there is one for every request. Their few fields are all known (api/access-log.ts), and none of them can hold a secret.
 */
import { pino } from 'pino';

export interface RequestLinesOptions {
  /** One of pino's levels: what is below it is not written. */
  readonly level: string;
  /** Takes whole lines, each with its end. */
  readonly write: (lines: string) => void;
}

type Fields = Readonly<Record<string, unknown>>;

const GATHERED_CHARACTERS = 16_384;
const GATHERED_MS = 1_000;

export class RequestLines {
  readonly #minLevel: number;
  readonly #write: (lines: string) => void;
  #gathered = '';
  #timer: NodeJS.Timeout | undefined;
  #time = { ms: Number.NaN, text: '' };

  constructor({ level, write }: RequestLinesOptions) {
    this.#minLevel = pino.levels.values[level] ?? Number.POSITIVE_INFINITY;
    this.#write = write;
  }

  debug(fields: Fields, message: string): void {
    this.#line('debug', 20, fields, message);
  }

  info(fields: Fields, message: string): void {
    this.#line('info', 30, fields, message);
  }

  error(fields: Fields, message: string): void {
    this.#line('error', 50, fields, message);
  }

  /** Writes what has been gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#gathered;
    this.#gathered = '';
    if (lines !== '') this.#write(lines);
  }

  #line(label: string, level: number, fields: Fields, message: string): void {
    if (level < this.#minLevel) return;
    const rest = JSON.stringify({ ...fields, msg: message }).slice(1);
    this.#gathered += `{"level":"${label}","time":"${this.#now()}",${rest}\n`;
    if (this.#gathered.length >= GATHERED_CHARACTERS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHERED_MS).unref();
  }

  /** Made once for all requests of a millisecond. */
  #now(): string {
    const ms = Date.now();
    if (ms !== this.#time.ms) this.#time = { ms, text: new Date(ms).toISOString() };
    return this.#time.text;
  }
}
