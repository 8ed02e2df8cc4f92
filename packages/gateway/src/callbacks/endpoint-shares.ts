/**
 * Who may send next. Every endpoint has a queue of its own, and all share a bounded number of attempts under way:
 *
 * - An endpoint that has just acknowledged may have several attempts under way, as many as an eighth of the places that are free,
 *   so that many that begin to hang at once leave places for the others. Any other may have one, and all such together half of the
 *   places: whoever answers never waits for whoever does not.
 * - Places go round from endpoint to endpoint, one at a time.
 * - For an endpoint that answers, more may be claimed ahead of their places: as many as it answers, at its pace, in
 *   {@link AHEAD_MS}. So a fast one never waits for the store, a slow one has hardly any, and what is new waits no longer than that
 *   behind them. While places are short there is nothing ahead, and every place is given in turn.
 * - An endpoint that failed five times in a row, for more than one order, is paused: a second first, twice as long with each further
 *   failure, up to a minute. Then one attempt is made, and what comes of it says how it goes on. One order alone, whose callback a shop
 *   cannot take, does not pause the others of its endpoint.
 */
import { plusMs, type EpochMs } from '../kernel/clock.ts';

const AT_ONCE = 256;
const AT_ONE_ENDPOINT = 16;
/** At one endpoint, beyond those that have a place. */
const MOST_AHEAD = 512;
const AHEAD_MS = 50;
/** How much of the time that its answers take is by the last of them. */
const BY_THE_LAST = 0.2;
const FAILURES_TO_PAUSE = 5;
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Above so many, those of whom there is nothing to know are forgotten. */
const ENDPOINTS_KEPT = 10_000;

interface Endpoint {
  underWay: number;
  answers: boolean;
  /** How long its answers take, smoothed. */
  answerMs: number;
  failures: number;
  /** The order whose callback failed first; undefined once it was more than one, or none. */
  failingOrder: string | undefined;
  failsForMany: boolean;
  pausedUntil: EpochMs | undefined;
}

export interface Queue {
  readonly endpoint: string;
  readonly dueAt: EpochMs;
}

/** How an attempt ended, for its endpoint. */
export interface EndpointAnswer {
  readonly acknowledged: boolean;
  readonly orderId: string;
  readonly at: EpochMs;
  readonly durationMs: number;
}

export class EndpointShares {
  readonly #endpoints = new Map<string, Endpoint>();
  #underWay = 0;
  #unproven = 0;
  #crowded = false;
  /** Whose turn came last. */
  #last = '';

  /** How many attempts have a place. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Whether somebody who was due got no place, since there was none left. */
  get crowded(): boolean {
    return this.#crowded;
  }

  /** How many more attempts may begin now, by endpoint; it takes the places. */
  allot(queues: readonly Queue[], now: EpochMs): Map<string, number> {
    const given = new Map<string, number>();
    this.#crowded = false;
    const due = queues.filter(({ endpoint, dueAt }) => this.mayBeginAt(endpoint, dueAt) <= now).map(({ endpoint }) => endpoint);
    const start = due.findIndex((endpoint) => endpoint > this.#last);
    let turn = start > 0 ? [...due.slice(start), ...due.slice(0, start)] : due;
    while (turn.length > 0)
      turn = turn.filter((endpoint) => {
        if (!this.#take(this.#endpoint(endpoint))) return false;
        given.set(endpoint, (given.get(endpoint) ?? 0) + 1);
        this.#last = endpoint;
        return true;
      });
    return given;
  }

  /** Takes the place that an attempt of the endpoint has left for its next one, unless others have to have their turn first. */
  takeNext(name: string): boolean {
    return !this.#crowded && this.#take(this.#endpoint(name));
  }

  /** How many may be claimed for an endpoint beyond those that have a place. */
  ahead(name: string): number {
    const endpoint = this.#endpoints.get(name);
    if (endpoint === undefined || !endpoint.answers || this.#crowded) return 0;
    const answered = (Math.max(1, endpoint.underWay) * AHEAD_MS) / Math.max(1, endpoint.answerMs);
    return Math.min(MOST_AHEAD, Math.floor(answered));
  }

  /** Gives places back that were not used. */
  giveBack(name: string, places: number): void {
    this.#free(this.#endpoint(name), places);
  }

  /** When the first of a queue may be sent: a pause delays it. */
  mayBeginAt(name: string, dueAt: EpochMs): EpochMs {
    const pausedUntil = this.#endpoints.get(name)?.pausedUntil;
    return pausedUntil !== undefined && pausedUntil > dueAt ? pausedUntil : dueAt;
  }

  /** An attempt has ended. Answers what that changes for its endpoint, if anything. */
  ended(name: string, answer: EndpointAnswer): 'paused' | 'works again' | undefined {
    const endpoint = this.#endpoint(name);
    this.#free(endpoint, 1);
    if (answer.acknowledged) {
      const paused = endpoint.pausedUntil !== undefined;
      const { durationMs } = answer;
      endpoint.answerMs = endpoint.answers ? endpoint.answerMs + (durationMs - endpoint.answerMs) * BY_THE_LAST : durationMs;
      Object.assign(endpoint, { answers: true, failures: 0, failsForMany: false, failingOrder: undefined });
      Object.assign(endpoint, { pausedUntil: undefined });
      return paused ? 'works again' : undefined;
    }
    this.#setUnproven(endpoint);
    endpoint.failures += 1;
    endpoint.failingOrder ??= answer.orderId;
    if (endpoint.failingOrder !== answer.orderId) endpoint.failsForMany = true;
    if (endpoint.failures < FAILURES_TO_PAUSE || !endpoint.failsForMany) return undefined;
    const first = endpoint.pausedUntil === undefined;
    const doublings = Math.min(endpoint.failures - FAILURES_TO_PAUSE, 16);
    endpoint.pausedUntil = plusMs(answer.at, Math.min(SHORTEST_PAUSE_MS * 2 ** doublings, LONGEST_PAUSE_MS));
    return first ? 'paused' : undefined;
  }

  #take(endpoint: Endpoint): boolean {
    const free = AT_ONCE - this.#underWay;
    if (free === 0) {
      this.#crowded = true;
      return false;
    }
    if (endpoint.answers) {
      if (endpoint.underWay >= Math.min(AT_ONE_ENDPOINT, Math.max(1, free / 8))) return false;
    } else {
      if (endpoint.underWay > 0 || this.#unproven >= AT_ONCE / 2) return false;
      this.#unproven += 1;
    }
    endpoint.underWay += 1;
    this.#underWay += 1;
    return true;
  }

  #free(endpoint: Endpoint, places: number): void {
    if (!endpoint.answers) this.#unproven -= places;
    endpoint.underWay -= places;
    this.#underWay -= places;
  }

  /** Its other attempts under way count from now on among those that may hang. */
  #setUnproven(endpoint: Endpoint): void {
    if (!endpoint.answers) return;
    endpoint.answers = false;
    this.#unproven += endpoint.underWay;
  }

  #endpoint(name: string): Endpoint {
    let endpoint = this.#endpoints.get(name);
    if (endpoint !== undefined) return endpoint;
    if (this.#endpoints.size >= ENDPOINTS_KEPT)
      for (const [known, { underWay, failures }] of this.#endpoints)
        if (underWay === 0 && failures === 0) this.#endpoints.delete(known);
    endpoint = {
      underWay: 0,
      answers: false,
      answerMs: 0,
      failures: 0,
      failingOrder: undefined,
      failsForMany: false,
      pausedUntil: undefined,
    };
    this.#endpoints.set(name, endpoint);
    return endpoint;
  }
}
