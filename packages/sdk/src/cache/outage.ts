/** After a failure, reads keep away from a store for this long. */
const PAUSE_MS = 10_000;

/** The failures of one store: told once each time that it goes down, and not waited for again and again. */
export class Outage {
  readonly #now: () => number;
  #endsAtMs = Number.NEGATIVE_INFINITY;
  #isOn = false;

  /** @param now a clock in milliseconds that nobody sets. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Whether to ask the store now. While it is down, one who asks every ten seconds is told yes, and finds out for all.
   */
  mayAsk(): boolean {
    if (!this.#isOn) return true;
    if (this.#now() < this.#endsAtMs) return false;
    this.#endsAtMs = this.#now() + PAUSE_MS;
    return true;
  }

  /** The store has answered. */
  end(): void {
    this.#isOn = false;
  }

  /** The store has failed. @returns true when that is news. */
  begin(): boolean {
    const isNews = !this.#isOn;
    this.#isOn = true;
    this.#endsAtMs = this.#now() + PAUSE_MS;
    return isNews;
  }
}
