/**
 * Limits the log lines of a failure that repeats hundreds of times. The first failure of a burst is logged at once; the following ones
 * are counted, and the count is logged once a minute. A minute without a failure ends the burst.
 */
import { MINUTE_MS } from './durations.ts';

/** Bounds the memory: further kinds of failure are counted together. */
const MAX_KINDS = 50;

export type WriteLine = (fields: Readonly<Record<string, unknown>>, message: string) => void;

interface Burst {
  /** Failures since the last log line. */
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

  /**
   * Logs or counts a failure.
   *
   * @param message The log line, which also identifies the kind of failure.
   * @param fields The log fields of this failure.
   */
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

  /** Logs the counts, and ends all bursts. */
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

/** Describes a known failure in one line, without a stack. Some errors of Node have a code but no message. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message !== '' ? error.message : 'code' in error ? String(error.code) : error.name;
}
