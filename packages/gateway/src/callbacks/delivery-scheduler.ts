/**
 * Distributes a limited number of delivery slots among the queues. A queue holds the callbacks of one POS to one endpoint.
 *
 * - A queue whose endpoint acknowledges may have several attempts in progress, up to an eighth of the free slots: if many such endpoints
 *   begin to hang at once, slots are left for the others. A queue whose endpoint refuses callbacks may have a few. A queue whose endpoint
 *   does not answer, or has not been tried, is unproven: it may have one attempt, and all unproven queues together half of the slots. So a
 *   shop that answers never waits for one that does not.
 * - The slots per endpoint are limited too, however many POS send to it, so that nobody can flood a server through the gateway. Within
 *   that limit a queue may use the free slots, and unproven queues half of them: a POS whose path hangs leaves slots to the others.
 * - Slots are given out in turn, one per queue. Queues with fresh events (never attempted) come first, and every eighth turn belongs to a
 *   queue that has only retries.
 * - For an endpoint that answers, callbacks may be claimed before they have a slot: as many as it answers, at its pace, in
 *   {@link PREFETCH_MS}. A fast endpoint then never waits for the store, a slow one has hardly any prefetched callbacks, and a new event
 *   waits no longer than that for those before it. While slots are short nothing is prefetched, and every slot is given in turn.
 * - If several processes deliver, each has a share of the slots of a queue, and prefetches nothing: what it has claimed, no other can
 *   send.
 * - An endpoint that answers is never paused; each callback has its own backoff. An endpoint that is unavailable five times in a row, for
 *   callbacks of more than one order, is paused: for a second at first, then twice as long after each failure, up to a minute. If it asks
 *   for a pause, it is paused at once for the time it asks for, up to five minutes. After the pause one attempt is made, and its outcome
 *   decides what follows.
 */
import { plusMs, type EpochMs } from '../kernel/clock.ts';
import { queueOf, type QueueKey } from './queue-key.ts';
import { beginAfter, interleave } from './take-turns.ts';

const MAX_SLOTS = 256;
/** Slots for one endpoint, for all POS together. */
export const MAX_SLOTS_PER_ENDPOINT = 32;
/** Slots for a queue whose endpoint acknowledges. */
export const MAX_SLOTS_PER_QUEUE = 16;
/** Slots for a queue whose endpoint refuses. */
const MAX_SLOTS_WHILE_REFUSED = 4;
/** Per queue. On SQLite, claiming 256 holds the thread for some 7 ms, and 512 for 14; with 128, a delivery costs nearly twice the CPU. */
const MAX_PREFETCHED = 256;
const PREFETCH_MS = 50;
/** Weight of the last answer in the moving average of the durations. */
const LAST_WEIGHT = 0.2;
const FAILURES_TO_PAUSE = 5;
const MIN_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;
const MAX_REQUESTED_PAUSE_MS = 300_000;
/** Bounds the memory: above this number, idle queues without failures are dropped. */
const MAX_QUEUES = 10_000;

interface EndpointUse {
  underWay: number;
  /** Those of unproven queues. */
  unproven: number;
}

interface Queue {
  readonly endpoint: string;
  underWay: number;
  /** Undefined while the queue is unproven: its endpoint does not answer, or has not been tried. */
  answers: 'acknowledges' | 'refuses' | undefined;
  /** Moving average of the duration of its attempts, in milliseconds. */
  answerMs: number;
  failures: number;
  /** The order of the first failure in a row. */
  failingOrder: string | undefined;
  failsForMany: boolean;
  pausedUntil: EpochMs | undefined;
}

/** A queue with pending callbacks. */
export interface DueQueue {
  readonly key: QueueKey;
  /** When its first fresh event is due; undefined if it has none. */
  readonly freshAt: EpochMs | undefined;
  /** When its first retry is due; undefined if it has none. */
  readonly retryAt: EpochMs | undefined;
}

/** What an attempt says about its endpoint. */
export interface EndpointAnswer {
  /** `refused`: it answered, but did not accept this callback. `unavailable`: it accepts nothing at the moment. */
  readonly kind: 'acknowledged' | 'refused' | 'unavailable';
  readonly orderId: string;
  readonly at: EpochMs;
  readonly durationMs: number;
  /** The pause that an unavailable endpoint asked for. */
  readonly retryAfterMs: number | undefined;
}

export interface DeliverySchedulerOptions {
  /** How many of some slots of an endpoint belong to this process. Default: all. */
  readonly shareOf?: (endpoint: string, slots: number) => number;
}

export class DeliveryScheduler {
  readonly #shareOf: (endpoint: string, slots: number) => number;
  readonly #queues = new Map<QueueKey, Queue>();
  readonly #endpoints = new Map<string, EndpointUse>();
  #underWay = 0;
  #unproven = 0;
  #crowded = false;
  readonly #crowdedEndpoints = new Set<string>();
  /** The queue that got the last turn, among those with fresh events and among those that have only retries. */
  readonly #last = { fresh: '', retries: '' };

  constructor({ shareOf = (_, slots) => slots }: DeliverySchedulerOptions = {}) {
    this.#shareOf = shareOf;
  }

  /** Slots in use. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Whether a due queue got no slot because none was free. */
  get crowded(): boolean {
    return this.#crowded || this.#crowdedEndpoints.size > 0;
  }

  /** Slots of a queue in use. */
  underWayIn(key: QueueKey): number {
    return this.#queues.get(key)?.underWay ?? 0;
  }

  /** Slots of an endpoint in use. */
  underWayAt(endpoint: string): number {
    return this.#endpoints.get(endpoint)?.underWay ?? 0;
  }

  /** Takes slots for the queues that are due now, and returns the number for each queue. */
  allot(queues: readonly DueQueue[], now: EpochMs): Map<QueueKey, number> {
    const given = new Map<QueueKey, number>();
    this.#crowded = false;
    this.#crowdedEndpoints.clear();
    const isDue = (key: QueueKey, at: EpochMs | undefined): boolean => at !== undefined && this.mayBeginAt(key, at) <= now;
    const fresh = queues.filter(({ key, freshAt }) => isDue(key, freshAt)).map(({ key }) => key);
    const retries = queues
      .filter(({ key, freshAt, retryAt }) => !isDue(key, freshAt) && isDue(key, retryAt))
      .map(({ key }) => key);
    const kinds = new Map(fresh.map((key) => [key, 'fresh' as const]));
    let turn = interleave(beginAfter(fresh, this.#last.fresh), beginAfter(retries, this.#last.retries));
    while (turn.length > 0)
      turn = turn.filter((key) => {
        if (!this.#take(this.#queue(key))) return false;
        given.set(key, (given.get(key) ?? 0) + 1);
        this.#last[kinds.get(key) ?? 'retries'] = key;
        return true;
      });
    return given;
  }

  /** Takes a slot for the next callback of a queue whose attempt has just ended. Returns false if it is the turn of other queues. */
  takeNext(key: QueueKey): boolean {
    const queue = this.#queue(key);
    return !this.#isCrowded(queue) && this.#take(queue);
  }

  /** How many callbacks of a queue may be claimed without a slot. */
  prefetchLimit(key: QueueKey): number {
    const queue = this.#queues.get(key);
    if (queue?.answers === undefined || this.#isCrowded(queue) || this.#share(queue) < MAX_SLOTS_PER_QUEUE) return 0;
    const answered = (Math.max(1, queue.underWay) * PREFETCH_MS) / Math.max(1, queue.answerMs);
    return Math.min(MAX_PREFETCHED, Math.floor(answered));
  }

  /** Gives back unused slots. */
  release(key: QueueKey, slots: number): void {
    this.#free(this.#queue(key), slots);
  }

  /** Returns when a callback may be sent that is due at `dueAt`: then, or after the pause of its queue. */
  mayBeginAt(key: QueueKey, dueAt: EpochMs): EpochMs {
    const pausedUntil = this.#queues.get(key)?.pausedUntil;
    return pausedUntil !== undefined && pausedUntil > dueAt ? pausedUntil : dueAt;
  }

  /** Returns the end of the pause of a queue, or undefined if it is not paused. */
  pausedUntil(key: QueueKey): EpochMs | undefined {
    return this.#queues.get(key)?.pausedUntil;
  }

  /** Returns how often the endpoint of a queue has been unavailable in a row. */
  failuresOf(key: QueueKey): number {
    return this.#queues.get(key)?.failures ?? 0;
  }

  /** Takes over the pause that another process has begun; undefined: it has ended it, because the endpoint answers. */
  adoptPause(key: QueueKey, pause: { readonly until: EpochMs; readonly failures: number } | undefined): void {
    const queue = this.#queue(key);
    if (pause === undefined) return endFailures(queue);
    this.#setAnswers(queue, undefined);
    queue.failures = Math.max(queue.failures, pause.failures);
    queue.failsForMany ||= pause.failures >= FAILURES_TO_PAUSE;
    queue.failingOrder ??= '';
    queue.pausedUntil = pause.until;
  }

  /** Records the end of an attempt and frees its slot. Returns whether the queue is now paused, or works again after a pause. */
  ended(key: QueueKey, answer: EndpointAnswer): 'paused' | 'works again' | undefined {
    const queue = this.#queue(key);
    this.#free(queue, 1);
    return answer.kind === 'unavailable' ? this.#unavailable(queue, answer) : this.#answered(queue, answer);
  }

  #answered(queue: Queue, { kind, durationMs }: EndpointAnswer): 'works again' | undefined {
    const wasPaused = queue.pausedUntil !== undefined;
    queue.answerMs = queue.answers === undefined ? durationMs : queue.answerMs + (durationMs - queue.answerMs) * LAST_WEIGHT;
    this.#setAnswers(queue, kind === 'acknowledged' ? 'acknowledges' : 'refuses');
    endFailures(queue);
    return wasPaused ? 'works again' : undefined;
  }

  #unavailable(queue: Queue, { orderId, at, retryAfterMs = 0 }: EndpointAnswer): 'paused' | undefined {
    this.#setAnswers(queue, undefined);
    queue.failures += 1;
    queue.failingOrder ??= orderId;
    if (queue.failingOrder !== orderId) queue.failsForMany = true;
    const doublings = Math.min(queue.failures - FAILURES_TO_PAUSE, 16);
    const backoffMs = doublings < 0 || !queue.failsForMany ? 0 : Math.min(MIN_PAUSE_MS * 2 ** doublings, MAX_PAUSE_MS);
    const pauseMs = Math.max(backoffMs, Math.min(retryAfterMs, MAX_REQUESTED_PAUSE_MS));
    if (pauseMs === 0) return undefined;
    const isFirst = queue.pausedUntil === undefined;
    queue.pausedUntil = plusMs(at, pauseMs);
    return isFirst ? 'paused' : undefined;
  }

  #share({ endpoint }: Queue): number {
    return this.#shareOf(endpoint, MAX_SLOTS_PER_QUEUE);
  }

  #isCrowded({ endpoint }: Queue): boolean {
    return this.#crowded || this.#crowdedEndpoints.has(endpoint);
  }

  #take(queue: Queue): boolean {
    const use = this.#endpoints.get(queue.endpoint) ?? { underWay: 0, unproven: 0 };
    const free = MAX_SLOTS - this.#underWay;
    const freeAtEndpoint = MAX_SLOTS_PER_ENDPOINT - use.underWay;
    if (free === 0) this.#crowded = true;
    if (freeAtEndpoint === 0) this.#crowdedEndpoints.add(queue.endpoint);
    if (free === 0 || freeAtEndpoint === 0) return false;
    const share = this.#share(queue);
    if (queue.answers === undefined) {
      if (queue.underWay >= Math.min(1, share) || this.#unproven >= MAX_SLOTS / 2 || use.unproven >= MAX_SLOTS_PER_ENDPOINT / 2)
        return false;
    } else {
      const max = queue.answers === 'acknowledges' ? share : Math.min(share, MAX_SLOTS_WHILE_REFUSED);
      if (queue.underWay >= Math.min(max, Math.max(1, free / 8), freeAtEndpoint)) return false;
    }
    this.#endpoints.set(queue.endpoint, use);
    this.#count(queue, 1);
    return true;
  }

  #free(queue: Queue, slots: number): void {
    this.#count(queue, -slots);
    if (this.#endpoints.get(queue.endpoint)?.underWay === 0) this.#endpoints.delete(queue.endpoint);
  }

  #count(queue: Queue, slots: number): void {
    queue.underWay += slots;
    this.#underWay += slots;
    const use = this.#endpoints.get(queue.endpoint);
    if (use !== undefined) use.underWay += slots;
    if (queue.answers === undefined) this.#countUnproven(queue, slots);
  }

  #countUnproven(queue: Queue, slots: number): void {
    this.#unproven += slots;
    const use = this.#endpoints.get(queue.endpoint);
    if (use !== undefined) use.unproven += slots;
  }

  /** Also moves the attempts in progress between the proven and the unproven ones. */
  #setAnswers(queue: Queue, answers: Queue['answers']): void {
    if ((queue.answers === undefined) !== (answers === undefined))
      this.#countUnproven(queue, answers === undefined ? queue.underWay : -queue.underWay);
    queue.answers = answers;
  }

  #queue(key: QueueKey): Queue {
    let queue = this.#queues.get(key);
    if (queue !== undefined) return queue;
    if (this.#queues.size >= MAX_QUEUES)
      for (const [known, { underWay, failures }] of this.#queues)
        if (underWay === 0 && failures === 0) this.#queues.delete(known);
    queue = {
      endpoint: queueOf(key).endpoint,
      underWay: 0,
      answers: undefined,
      answerMs: 0,
      failures: 0,
      failingOrder: undefined,
      failsForMany: false,
      pausedUntil: undefined,
    };
    this.#queues.set(key, queue);
    return queue;
  }
}

function endFailures(queue: Queue): void {
  Object.assign(queue, { failures: 0, failsForMany: false, failingOrder: undefined, pausedUntil: undefined });
}
