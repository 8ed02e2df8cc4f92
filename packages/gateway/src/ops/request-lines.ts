/**
 * Log lines about requests, buffered and written together: there is one for every request, and one through pino costs three times as
 * much. Their few fields are known (api/access-log.ts), and none of them can contain a secret.
 */
import { pino } from 'pino';

export interface RequestLinesOptions {
  /** One of pino's levels; lines below it are dropped. */
  readonly level: string;
  /** Receives complete lines, each with its line break. */
  readonly write: (lines: string) => void;
}

type Fields = Readonly<Record<string, unknown>>;

const MAX_BUFFERED_CHARACTERS = 16_384;
const MAX_BUFFERED_MS = 1_000;

export class RequestLines {
  readonly #minLevel: number;
  readonly #write: (lines: string) => void;
  #buffer = '';
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

  /** Writes the buffered lines. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#buffer;
    this.#buffer = '';
    if (lines !== '') this.#write(lines);
  }

  #line(label: string, level: number, fields: Fields, message: string): void {
    if (level < this.#minLevel) return;
    // A copy of the fields with the message in it would take twice as long to write.
    const text = JSON.stringify(fields).slice(1, -1);
    this.#buffer += `{"level":"${label}","time":"${this.#now()}",${text}${text === '' ? '' : ','}"msg":${JSON.stringify(message)}}\n`;
    if (this.#buffer.length >= MAX_BUFFERED_CHARACTERS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), MAX_BUFFERED_MS).unref();
  }

  /** Formats the time once for all requests of a millisecond. */
  #now(): string {
    const ms = Date.now();
    if (ms !== this.#time.ms) this.#time = { ms, text: new Date(ms).toISOString() };
    return this.#time.text;
  }
}
