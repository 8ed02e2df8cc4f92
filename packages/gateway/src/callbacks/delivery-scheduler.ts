/**
 * Decides which queue may send next. Every queue holds the callbacks of one POS to one origin, and all share a bounded number of slots:
 *
 * - A queue whose endpoint has just acknowledged may have several attempts under way, as many as an eighth of the free slots, so that
 *   many that begin to hang at once leave slots for the others. One that answers otherwise may have a few. One that does not answer, or
 *   that nobody has asked yet, may have one, and all such together half of the slots: a shop that answers never waits for one that does
 *   not.
 * - One origin has a bounded number of slots too, however many POS name it, so that nobody is flooded. A POS gets as many of them as it
 *   leaves free, and those that do not answer get half of them: a POS whose path hangs leaves slots to the others.
 * - Slots go round from queue to queue, one at a time; queues with an event that was never tried come first, and every eighth turn
 *   belongs to those with retries alone.
 * - For an endpoint that answers, more may be claimed ahead of their slots: as many as it answers, at its pace, in
 *   {@link PREFETCH_MS}. So a fast one never waits for the store, a slow one has hardly any, and what is new waits no longer than that
 *   behind them. While slots are short nothing is claimed ahead, and every slot is given in turn.
 * - An endpoint that answers is never paused: each event has its own backoff. One that was unavailable five times in a row, for more than
 *   one order, is paused: a second first, twice as long with each further failure, up to a minute; or at once, for as long as it asked
 *   for, up to five minutes. Then one attempt is made, and its outcome says how it goes on.
 */
import { plusMs, type EpochMs } from '../kernel/clock.ts';
import { queueOf, type QueueKey } from './queue-key.ts';

const AT_ONCE = 256;
/** Of one origin, for all POS together. */
export const AT_ONE_ORIGIN = 32;
/** Of one queue. */
const WHILE_ACKNOWLEDGED = 16;
const WHILE_REFUSED = 4;
/** Of one queue, beyond its slots. */
const MAX_PREFETCHED = 512;
const PREFETCH_MS = 50;
/** Weight of the last answer in the smoothed duration. */
const LAST_WEIGHT = 0.2;
const FAILURES_TO_PAUSE = 5;
const MIN_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;
const MAX_ASKED_PAUSE_MS = 300_000;
/** Turns of queues with fresh events for one of those without. */
const FRESH_TURNS = 7;
/** Above so many, queues about which there is nothing to remember are dropped. */
const MAX_QUEUES = 10_000;

interface OriginUse {
  underWay: number;
  /** Of these, attempts at endpoints that do not answer. */
  unproven: number;
}

interface Share {
  readonly origin: string;
  underWay: number;
  /** Undefined: it does not answer, or nobody has asked it yet. */
  answers: 'acknowledges' | 'refuses' | undefined;
  /** How long its answers take, smoothed. */
  answerMs: number;
  failures: number;
  /** The order whose callback failed first; undefined once it was more than one, or none. */
  failingOrder: string | undefined;
  failsForMany: boolean;
  pausedUntil: EpochMs | undefined;
}

/** A queue in which something waits. */
export interface DueQueue {
  readonly key: QueueKey;
  /** When the first event that was never tried may be sent; undefined: none exists. */
  readonly freshAt: EpochMs | undefined;
  /** When the first retry may be sent. */
  readonly retryAt: EpochMs | undefined;
}

/** The outcome of an attempt, for its endpoint. */
export interface EndpointAnswer {
  /** `refused`: it answered, but did not take this event; `unavailable`: it takes nothing at the moment. */
  readonly kind: 'acknowledged' | 'refused' | 'unavailable';
  readonly orderId: string;
  readonly at: EpochMs;
  readonly durationMs: number;
  /** How long an unavailable one asked to be left alone. */
  readonly retryAfterMs: number | undefined;
}

export class DeliveryScheduler {
  readonly #shares = new Map<QueueKey, Share>();
  readonly #origins = new Map<string, OriginUse>();
  #underWay = 0;
  #unproven = 0;
  #crowded = false;
  readonly #crowdedOrigins = new Set<string>();
  /** Whose turn came last, of the queues with fresh events and of those with retries alone. */
  readonly #last = { fresh: '', retries: '' };

  /** How many attempts are under way. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Whether a queue that was due got no slot, since none was free. */
  get crowded(): boolean {
    return this.#crowded || this.#crowdedOrigins.size > 0;
  }

  /** How many more attempts may begin now, by queue; it takes the slots. */
  allot(queues: readonly DueQueue[], now: EpochMs): Map<QueueKey, number> {
    const given = new Map<QueueKey, number>();
    this.#crowded = false;
    this.#crowdedOrigins.clear();
    const isDue = (key: QueueKey, at: EpochMs | undefined): boolean => at !== undefined && this.mayBeginAt(key, at) <= now;
    const fresh = queues.filter(({ key, freshAt }) => isDue(key, freshAt)).map(({ key }) => key);
    const retries = queues
      .filter(({ key, freshAt, retryAt }) => !isDue(key, freshAt) && isDue(key, retryAt))
      .map(({ key }) => key);
    const kinds = new Map(fresh.map((key) => [key, 'fresh' as const]));
    let turn = interleave(beginAfter(fresh, this.#last.fresh), beginAfter(retries, this.#last.retries));
    while (turn.length > 0)
      turn = turn.filter((key) => {
        if (!this.#take(this.#share(key))) return false;
        given.set(key, (given.get(key) ?? 0) + 1);
        this.#last[kinds.get(key) ?? 'retries'] = key;
        return true;
      });
    return given;
  }

  /** Takes the slot that an attempt of the queue has left for its next one, unless others must have their turn first. */
  takeNext(key: QueueKey): boolean {
    const share = this.#share(key);
    return !this.#isCrowded(share) && this.#take(share);
  }

  /** How many may be claimed for a queue beyond those that have a slot. */
  ahead(key: QueueKey): number {
    const share = this.#shares.get(key);
    if (share?.answers === undefined || this.#isCrowded(share)) return 0;
    const answered = (Math.max(1, share.underWay) * PREFETCH_MS) / Math.max(1, share.answerMs);
    return Math.min(MAX_PREFETCHED, Math.floor(answered));
  }

  /** Gives slots back that were not used. */
  release(key: QueueKey, slots: number): void {
    this.#free(this.#share(key), slots);
  }

  /** When the first of a queue may be sent: a pause delays it. */
  mayBeginAt(key: QueueKey, dueAt: EpochMs): EpochMs {
    const pausedUntil = this.#shares.get(key)?.pausedUntil;
    return pausedUntil !== undefined && pausedUntil > dueAt ? pausedUntil : dueAt;
  }

  /** Until when a queue is paused, if it is. */
  pausedUntil(key: QueueKey): EpochMs | undefined {
    return this.#shares.get(key)?.pausedUntil;
  }

  /** Notes that an attempt has ended, and returns what that changes for its endpoint, if anything. */
  ended(key: QueueKey, answer: EndpointAnswer): 'paused' | 'works again' | undefined {
    const share = this.#share(key);
    this.#free(share, 1);
    return answer.kind === 'unavailable' ? this.#unavailable(share, answer) : this.#answered(share, answer);
  }

  #answered(share: Share, { kind, durationMs }: EndpointAnswer): 'works again' | undefined {
    const wasPaused = share.pausedUntil !== undefined;
    share.answerMs = share.answers === undefined ? durationMs : share.answerMs + (durationMs - share.answerMs) * LAST_WEIGHT;
    this.#setAnswers(share, kind === 'acknowledged' ? 'acknowledges' : 'refuses');
    Object.assign(share, { failures: 0, failsForMany: false, failingOrder: undefined, pausedUntil: undefined });
    return wasPaused ? 'works again' : undefined;
  }

  #unavailable(share: Share, { orderId, at, retryAfterMs = 0 }: EndpointAnswer): 'paused' | undefined {
    this.#setAnswers(share, undefined);
    share.failures += 1;
    share.failingOrder ??= orderId;
    if (share.failingOrder !== orderId) share.failsForMany = true;
    const doublings = Math.min(share.failures - FAILURES_TO_PAUSE, 16);
    const backoffMs = doublings < 0 || !share.failsForMany ? 0 : Math.min(MIN_PAUSE_MS * 2 ** doublings, MAX_PAUSE_MS);
    const pauseMs = Math.max(backoffMs, Math.min(retryAfterMs, MAX_ASKED_PAUSE_MS));
    if (pauseMs === 0) return undefined;
    const isFirst = share.pausedUntil === undefined;
    share.pausedUntil = plusMs(at, pauseMs);
    return isFirst ? 'paused' : undefined;
  }

  #isCrowded({ origin }: Share): boolean {
    return this.#crowded || this.#crowdedOrigins.has(origin);
  }

  #take(share: Share): boolean {
    const use = this.#origins.get(share.origin) ?? { underWay: 0, unproven: 0 };
    const free = AT_ONCE - this.#underWay;
    const freeAtOrigin = AT_ONE_ORIGIN - use.underWay;
    if (free === 0) this.#crowded = true;
    if (freeAtOrigin === 0) this.#crowdedOrigins.add(share.origin);
    if (free === 0 || freeAtOrigin === 0) return false;
    if (share.answers === undefined) {
      if (share.underWay > 0 || this.#unproven >= AT_ONCE / 2 || use.unproven >= AT_ONE_ORIGIN / 2) return false;
    } else {
      const max = share.answers === 'acknowledges' ? WHILE_ACKNOWLEDGED : WHILE_REFUSED;
      if (share.underWay >= Math.min(max, Math.max(1, free / 8), freeAtOrigin)) return false;
    }
    this.#origins.set(share.origin, use);
    this.#count(share, 1);
    return true;
  }

  #free(share: Share, slots: number): void {
    this.#count(share, -slots);
    if (this.#origins.get(share.origin)?.underWay === 0) this.#origins.delete(share.origin);
  }

  #count(share: Share, slots: number): void {
    share.underWay += slots;
    this.#underWay += slots;
    const use = this.#origins.get(share.origin);
    if (use !== undefined) use.underWay += slots;
    if (share.answers === undefined) this.#countUnproven(share, slots);
  }

  #countUnproven(share: Share, slots: number): void {
    this.#unproven += slots;
    const use = this.#origins.get(share.origin);
    if (use !== undefined) use.unproven += slots;
  }

  /** All its attempts under way count among those that may hang, or no longer. */
  #setAnswers(share: Share, answers: Share['answers']): void {
    if ((share.answers === undefined) !== (answers === undefined))
      this.#countUnproven(share, answers === undefined ? share.underWay : -share.underWay);
    share.answers = answers;
  }

  #share(key: QueueKey): Share {
    let share = this.#shares.get(key);
    if (share !== undefined) return share;
    if (this.#shares.size >= MAX_QUEUES)
      for (const [known, { underWay, failures }] of this.#shares)
        if (underWay === 0 && failures === 0) this.#shares.delete(known);
    share = {
      origin: queueOf(key).endpoint,
      underWay: 0,
      answers: undefined,
      answerMs: 0,
      failures: 0,
      failingOrder: undefined,
      failsForMany: false,
      pausedUntil: undefined,
    };
    this.#shares.set(key, share);
    return share;
  }
}

/** Sorted keys, from the first behind the one whose turn came last. */
function beginAfter(keys: readonly QueueKey[], last: string): readonly QueueKey[] {
  const start = keys.findIndex((key) => key > last);
  return start > 0 ? [...keys.slice(start), ...keys.slice(0, start)] : keys;
}

function interleave(fresh: readonly QueueKey[], retries: readonly QueueKey[]): QueueKey[] {
  if (retries.length === 0) return [...fresh];
  const turn: QueueKey[] = [];
  let next = 0;
  fresh.forEach((key, n) => {
    turn.push(key);
    const retry = (n + 1) % FRESH_TURNS === 0 ? retries[next++] : undefined;
    if (retry !== undefined) turn.push(retry);
  });
  return [...turn, ...retries.slice(next)];
}
