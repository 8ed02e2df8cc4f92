/** Checks whether the database answers, at most once a second. */
export interface StoreProbeOptions {
  /** A cheap query. */
  readonly ask: () => Promise<unknown>;
  /** A monotonic clock, in milliseconds. */
  readonly nowMs: () => number;
  /** Default: 2,000. */
  readonly timeoutMs?: number;
}

const MAX_AGE_MS = 1_000;

export class StoreProbe {
  readonly #options: StoreProbeOptions;
  #asked: { readonly atMs: number; readonly trouble: Promise<string | undefined> } | undefined;

  constructor(options: StoreProbeOptions) {
    this.#options = options;
  }

  /** Returns what is wrong, without secrets; undefined if the database answers. */
  trouble(): Promise<string | undefined> {
    const atMs = this.#options.nowMs();
    if (this.#asked === undefined || atMs - this.#asked.atMs >= MAX_AGE_MS) this.#asked = { atMs, trouble: this.#ask() };
    return this.#asked.trouble;
  }

  async #ask(): Promise<string | undefined> {
    const { ask, timeoutMs = 2_000 } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`the database has not answered for ${timeoutMs} ms`), timeoutMs);
    });
    try {
      return await Promise.race([ask().then(() => undefined), late]);
    } catch (error) {
      // The driver's message may contain users and hosts; its code is enough.
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
      return `the database does not answer${code === undefined ? '' : `: ${code}`}`;
    } finally {
      clearTimeout(timer);
    }
  }
}
