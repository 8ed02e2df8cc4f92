/** When each process believed that it leads, as it logs it, by the clock of the harness. */

export interface Reign {
  readonly by: string;
  readonly term: number;
  readonly from: number;
  /** Undefined while it lasts. */
  readonly until: number | undefined;
}

const BEGINS = 'leader: this process follows the chain now';
const ENDS = 'leader: this process follows the chain no more';

export class Reigns {
  readonly #by: string;
  readonly #past: Reign[] = [];
  #now: Reign | undefined;
  #suspended: Reign | undefined;

  constructor(by: string) {
    this.#by = by;
  }

  get all(): readonly Reign[] {
    return this.#now === undefined ? this.#past : [...this.#past, this.#now];
  }

  /** Takes note of a line of the log. */
  read(line: string): void {
    if (!line.includes(BEGINS) && !line.includes(ENDS)) return;
    const { msg, term } = JSON.parse(line) as { msg: string; term: number };
    if (msg === ENDS) this.end();
    else if (msg === BEGINS) this.#now = { by: this.#by, term, from: performance.now(), until: undefined };
  }

  /** The process is suspended: what it believes does no harm, until it goes on. */
  suspend(): void {
    const reign = this.#now;
    this.end();
    this.#suspended = reign;
  }

  /** The process goes on, and believes what it believed before, until it logs that this has ended. */
  resume(): void {
    if (this.#suspended !== undefined) this.#now = { ...this.#suspended, from: performance.now() };
    this.#suspended = undefined;
  }

  /** The process has ended. */
  end(): void {
    this.#suspended = undefined;
    if (this.#now !== undefined) this.#past.push({ ...this.#now, until: performance.now() });
    this.#now = undefined;
  }
}

/** A busy machine delays timers and log lines by this much. */
const TOLERANCE_MS = 1_500;

/** Returns what two processes believed at the same time. */
export function doubleReigns(reigns: readonly Reign[], now: number): string[] {
  const sorted = reigns.toSorted((a, b) => a.from - b.from);
  return sorted.flatMap((reign, nth) =>
    sorted.slice(nth + 1).flatMap((later) => {
      const overlapMs = Math.min(reign.until ?? now, later.until ?? now) - later.from;
      if (later.by === reign.by || overlapMs <= TOLERANCE_MS) return [];
      return [`${reign.by} (term ${reign.term}) and ${later.by} (term ${later.term}) both led for ${Math.round(overlapMs)} ms`];
    }),
  );
}
