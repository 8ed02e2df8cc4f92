/**
 * Ends event streams whose viewers may no longer have them: the session was revoked or has expired, or the viewer no longer sees what the
 * stream is about. Each is checked every few seconds. While that cannot be decided, such as when the database does not answer, a stream
 * stays open: it says no more than that something has changed.
 */
import type { ServerResponse } from 'node:http';

const EVERY_MS = 3_000;
/** People have a handful of pages open each. */
const MAX_STREAMS = 500;

export class SessionWatch {
  readonly #streams = new Map<ServerResponse, () => Promise<boolean>>();
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(everyMs: number = EVERY_MS) {
    this.#everyMs = everyMs;
  }

  get hasRoom(): boolean {
    return this.#streams.size < MAX_STREAMS;
  }

  /** @param mayStay Whether the viewer may still have the stream. */
  add(response: ServerResponse, mayStay: () => Promise<boolean>): void {
    this.#streams.set(response, mayStay);
    response.once('close', () => this.#streams.delete(response));
    this.#checkLater();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#streams.clear();
  }

  #checkLater(): void {
    if (this.#streams.size === 0) return;
    this.#timer ??= setTimeout(() => void this.#check(), this.#everyMs).unref();
  }

  async #check(): Promise<void> {
    for (const [response, mayStay] of this.#streams) if (!(await mayStay().catch(() => true))) response.end();
    this.#timer = undefined;
    this.#checkLater();
  }
}
