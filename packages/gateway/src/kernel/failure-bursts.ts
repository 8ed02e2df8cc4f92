/**
 * Failures that come by the hundred while one thing is wrong: the first of a burst is logged at once, those after it are counted, and
 * their number is logged once a minute. A minute without any ends the burst.
 */
import { MINUTE_MS } from './durations.ts';

/** Bounds the memory: further kinds are counted as one. */
const MAX_KINDS = 50;

export type WriteLine = (fields: Readonly<Record<string, unknown>>, message: string) => void;

interface Burst {
  /** Failures since the last line. */
  count: number;
  last: Readonly<Record<string, unknown>>;
  readonly timer: NodeJS.Timeout;
}

export class FailureBursts {
  readonly #write: WriteLine;
  readonly #bursts = new Map<string, Burst>();

  constructor(write: WriteLine) {
    this.#write = write;
  }

  /** @param message The kind of the failure, and its line. @param fields What the line says of this one. */
  add(message: string, fields: Readonly<Record<string, unknown>>): void {
    const kind = this.#bursts.has(message) || this.#bursts.size < MAX_KINDS ? message : 'further failures';
    const burst = this.#bursts.get(kind);
    if (burst !== undefined) {
      burst.count += 1;
      burst.last = fields;
      return;
    }
    this.#write(fields, kind);
    const timer = setInterval(() => this.#minute(kind), MINUTE_MS).unref();
    this.#bursts.set(kind, { count: 0, last: fields, timer });
  }

  /** Logs what has been counted, and ends all bursts. */
  stop(): void {
    for (const [kind, burst] of this.#bursts) {
      this.#report(kind, burst);
      clearInterval(burst.timer);
    }
    this.#bursts.clear();
  }

  #minute(kind: string): void {
    const burst = this.#bursts.get(kind);
    if (burst === undefined) return;
    this.#report(kind, burst);
    if (burst.count === 0) {
      clearInterval(burst.timer);
      this.#bursts.delete(kind);
    }
    burst.count = 0;
  }

  #report(kind: string, { count, last }: Burst): void {
    if (count > 0) this.#write({ ...last, count }, `${kind}: ${count} more since the last line`);
  }
}

/** A known failure in a line, without a stack. Some errors of Node have a code and no message. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message !== '' ? error.message : 'code' in error ? String(error.code) : error.name;
}
