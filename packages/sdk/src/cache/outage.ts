/** How long reads avoid a store after a failure. */
const PAUSE_MS = 10_000;

/** The failures of one store: each outage is reported once, and a store that is down is not waited for again and again. */
export class Outage {
  readonly #now: () => number;
  #endsAtMs = Number.NEGATIVE_INFINITY;
  #isOn = false;

  /** @param now a monotonic clock, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Returns whether to ask the store now. During an outage, one caller in ten seconds asks it on behalf of all. */
  mayAsk(): boolean {
    if (!this.#isOn) return true;
    if (this.#now() < this.#endsAtMs) return false;
    this.#endsAtMs = this.#now() + PAUSE_MS;
    return true;
  }

  /** Records a success. */
  end(): void {
    this.#isOn = false;
  }

  /** Records a failure. @returns whether it begins an outage. */
  begin(): boolean {
    const isNews = !this.#isOn;
    this.#isOn = true;
    this.#endsAtMs = this.#now() + PAUSE_MS;
    return isNews;
  }
}
