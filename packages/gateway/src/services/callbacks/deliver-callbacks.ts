/**
 * Sends the stored callbacks. Each is claimed when there is a slot to send it at once, so that no two senders work on the same one; a
 * claim that a dead process has left expires and is taken up again. {@link DeliveryScheduler} decides which queue is sent from next; within
 * one, what was never tried goes before what was. No attempt waits for those of other queues, or of other orders.
 */
import { responseExcerpt, type Attempt, type CallbackSender } from '../../callbacks/attempt.ts';
import type { StoredCallback } from '../../callbacks/callback.ts';
import { DeliveryScheduler, type DueQueue } from '../../callbacks/delivery-scheduler.ts';
import { queueKey, queueOf, type QueueKey } from '../../callbacks/queue-key.ts';
import { nextAttempt } from '../../callbacks/schedule.ts';
import type { CallbackKeys } from '../../callbacks/sign.ts';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { errorMessage } from '../../kernel/error-message.ts';
import { FailureBursts, failureText } from '../../kernel/failure-bursts.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { AttemptEnd, AttemptOutcome } from '../../store/ports/attempt-outcome.ts';
import type { CallbackStore } from '../../store/ports/callback-store.ts';
import { isStoreDown } from '../../store/store-down.ts';
import type { StoreContext } from '../context.ts';
import { ClaimedCallbacks } from './claimed-callbacks.ts';
import type { EndpointHealth } from './endpoint-health.ts';
import { OutcomeWriter } from './outcome-writer.ts';
import { pruneCallbacks } from './prune-callbacks.ts';
import { SigningKeyCache } from './signing-key-cache.ts';

export interface DeliveryOptions {
  readonly context: StoreContext;
  readonly sender: CallbackSender;
  /** What signs that which is sent now for a POS. */
  readonly keysOf: (pos: Pos) => CallbackKeys;
  /** A name of this process that no other has. */
  readonly claimant: string;
  readonly random: () => number;
  readonly log: LoopLog;
  /** For how long a callback is tried. */
  readonly giveUpAfterMs: number;
  /** For how long attempts are logged. */
  readonly attemptRetentionMs: number;
  /** How long a claim holds, in milliseconds: longer than any attempt can take. Default 30,000. */
  readonly claimMs?: number;
  /** Told which endpoints answer. Default: nobody. */
  readonly health?: EndpointHealth;
  /** Told what came of every attempt. */
  readonly attempted?: (outcome: AttemptOutcome['kind']) => void;
  /** Takes every attempt with its outcome. */
  readonly attemptEnded?: (callback: StoredCallback, end: AttemptEnd) => void;
}

const CLAIM_MS = 30_000;
const IDLE_MS = 5_000;
const PRUNE_INTERVAL_MS = 600_000;
/** What is claimed is begun within this part of its claim or not at all, so that its attempt ends before the claim does. */
const BEGIN_WITHIN = 1 / 3;
/** Bounds the memory that callbacks take which wait for a place. */
const MAX_CLAIMED = 2_048;

/** The share of a queue's slots that belongs to retries while it has fresh events: a backlog of these must not hold retries up. */
const RETRIES_SHARE = 1 / 8;

interface Wanted {
  readonly key: QueueKey;
  /** Whether any that were never tried may be sent now. */
  readonly hasFresh: boolean;
  readonly hasRetries: boolean;
  /** For how many there are slots. */
  readonly atOnce: number;
  /** How many more to claim. */
  readonly ahead: number;
}

export class CallbackDelivery {
  readonly #options: DeliveryOptions;
  readonly #loop: TaskLoop;
  readonly #pruning: TaskLoop;
  readonly #shares = new DeliveryScheduler();
  readonly #ahead = new ClaimedCallbacks();
  readonly #underWay = new Set<Promise<void>>();
  readonly #ends: OutcomeWriter;
  readonly #keys: SigningKeyCache;
  readonly #storeFailures: FailureBursts;
  /** Queues of which the store seemed to have more when it was asked last. */
  readonly #more = new Set<QueueKey>();
  #whenQuiet: (() => void)[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = options;
    const { log } = options;
    this.#ends = new OutcomeWriter(options.context.store, options.claimant);
    this.#keys = new SigningKeyCache(options.context.store.pos, options.keysOf);
    this.#storeFailures = new FailureBursts((fields, message) => log.warn(fields, message));
    this.#loop = new TaskLoop({ name: 'callbacks', idleMs: IDLE_MS, retryMs: 1_000, log, task: () => this.#round() });
    this.#pruning = new TaskLoop({
      name: 'callbacks: tidying',
      idleMs: PRUNE_INTERVAL_MS,
      retryMs: 60_000,
      log,
      task: async (signal) => {
        await pruneCallbacks(options, signal);
        await options.health?.prune(options.context.clock.now());
        return undefined;
      },
    });
  }

  start(): void {
    this.#loop.start();
    this.#pruning.start();
  }

  /** Looks for callbacks to send now. */
  wake(): void {
    this.#loop.wake();
  }

  /** Settles when nothing is under way and a look has found nothing that may be sent now. */
  quiet(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenQuiet.push(resolve);
      this.wake();
    });
  }

  /** Lets the attempts under way end, gives back what has not begun, and stops. */
  async stop(): Promise<void> {
    await Promise.all([this.#loop.stop(), this.#pruning.stop()]);
    for (const key of this.#ahead.queues) this.#release(this.#ahead.takeAll(key));
    await Promise.all(this.#underWay);
    await this.#options.health?.settled();
    this.#storeFailures.stop();
  }

  async #round(): Promise<number | undefined> {
    const { store, clock } = this.#options.context;
    const waiters = this.#whenQuiet;
    const stored: readonly DueQueue[] = (await store.callbacks.queues()).map((queue) => ({ key: queueKey(queue), ...queue }));
    const now = clock.now();
    this.#release(this.#ahead.takeLate(now));
    const queues = withPrefetched(stored, this.#ahead.queues, now);
    const slots = this.#shares.allot(queues, now);
    const begun = this.#beginClaimed(slots, now);
    const wanted = this.#wanted(stored, slots, now);
    if (wanted.length > 0) {
      // A commit is made anyway.
      this.#ends.flush();
      const claimed = await this.#claim(wanted, now);
      if (begun + claimed === 0) return 100;
    } else if (this.#underWay.size === 0 && waiters.length > 0) {
      this.#whenQuiet = this.#whenQuiet.filter((waiter) => !waiters.includes(waiter));
      for (const quiet of waiters) quiet();
    }
    return this.#nextLookMs(queues, now);
  }

  /** A slot that becomes free leads to a look by itself; the others are a matter of time. */
  #nextLookMs(queues: readonly DueQueue[], now: EpochMs): number | undefined {
    let soonestMs: number | undefined;
    for (const { key, freshAt, retryAt } of queues)
      for (const dueAt of [freshAt, retryAt]) {
        if (dueAt === undefined) continue;
        const waitMs = this.#shares.mayBeginAt(key, dueAt) - now;
        if (waitMs > 0) soonestMs = Math.min(soonestMs ?? waitMs, waitMs);
      }
    return soonestMs;
  }

  /** Gives slots to what is claimed already, and returns how many; the slots that are left stay in the map. */
  #beginClaimed(slots: Map<QueueKey, number>, now: EpochMs): number {
    let begun = 0;
    for (const [key, count] of slots) {
      let left = count;
      for (let next; left > 0 && (next = this.#ahead.next(key, now)) !== undefined; left -= 1) this.#begin(key, next);
      slots.set(key, left);
      begun += count - left;
    }
    return begun;
  }

  /** How many are to be claimed of each queue; slots for which nothing is due are given back. */
  #wanted(stored: readonly DueQueue[], slots: Map<QueueKey, number>, now: EpochMs): Wanted[] {
    let room = MAX_CLAIMED - this.#ahead.size;
    const wanted: Wanted[] = [];
    this.#more.clear();
    for (const { key, freshAt, retryAt } of stored) {
      const isDue = (dueAt: EpochMs | undefined): boolean => dueAt !== undefined && this.#shares.mayBeginAt(key, dueAt) <= now;
      const [hasFresh, hasRetries] = [isDue(freshAt), isDue(retryAt)];
      if (!hasFresh && !hasRetries) continue;
      this.#more.add(key);
      const atOnce = slots.get(key) ?? 0;
      const ahead = Math.max(0, Math.min(room, this.#shares.prefetchLimit(key) - this.#ahead.count(key)));
      if (atOnce + ahead > 0) wanted.push({ key, hasFresh, hasRetries, atOnce, ahead });
      room -= ahead;
      slots.delete(key);
    }
    for (const [key, count] of slots) if (count > 0) this.#shares.release(key, count);
    return wanted;
  }

  /** Claims what is wanted, and begins to send as many as there are slots. */
  async #claim(wanted: readonly Wanted[], now: EpochMs): Promise<number> {
    const { context, claimMs = CLAIM_MS } = this.#options;
    let claimed: readonly StoredCallback[][] = [];
    try {
      claimed = await context.store.transaction(async ({ callbacks }) => {
        const found: StoredCallback[][] = [];
        for (const one of wanted) found.push(await this.#claimOf(callbacks, one, now));
        return found;
      });
    } finally {
      wanted.forEach(({ key, atOnce }, n) => {
        const unused = atOnce - (claimed[n]?.length ?? 0);
        if (unused > 0) this.#shares.release(key, unused);
      });
    }
    wanted.forEach(({ key, atOnce }, n) => {
      const found = claimed[n] ?? [];
      this.#ahead.add(key, found.slice(atOnce), plusMs(now, Math.floor(claimMs * BEGIN_WITHIN)));
      for (const callback of found.slice(0, atOnce)) this.#begin(key, callback);
    });
    wanted.forEach(({ key, atOnce, ahead }, n) => {
      if ((claimed[n]?.length ?? 0) < atOnce + ahead) this.#more.delete(key);
    });
    return claimed.reduce((sum, found) => sum + found.length, 0);
  }

  /** Claims of one queue, in the order in which they are to be sent: the fresh ones first. */
  async #claimOf(
    callbacks: CallbackStore,
    { key, hasFresh, hasRetries, atOnce, ahead }: Wanted,
    now: EpochMs,
  ): Promise<StoredCallback[]> {
    const { claimant, claimMs = CLAIM_MS } = this.#options;
    const count = atOnce + ahead;
    const claim = { ...queueOf(key), now, until: plusMs(now, claimMs), claimant };
    const retriesOf = async (limit: number): Promise<StoredCallback[]> =>
      hasRetries && limit > 0 ? callbacks.claim({ ...claim, kind: 'retries', limit }) : [];
    if (!hasFresh) return retriesOf(count);
    const retries = await retriesOf(hasRetries ? this.#part(count * RETRIES_SHARE) : 0);
    // Behind a long backlog what is new would wait for days: it gets every second slot.
    const half = this.#part((count - retries.length) / 2);
    const newest = half > 0 ? await callbacks.claim({ ...claim, kind: 'fresh', newest: true, limit: half }) : [];
    const left = count - retries.length - newest.length;
    const oldest = left > 0 ? await callbacks.claim({ ...claim, kind: 'fresh', limit: left }) : [];
    return [...newest, ...oldest, ...retries, ...(await retriesOf(left - oldest.length))];
  }

  /** A whole number, which is the given one in the mean. */
  #part(number: number): number {
    const whole = Math.floor(number);
    return this.#options.random() < number - whole ? whole + 1 : whole;
  }

  #begin(key: QueueKey, callback: StoredCallback): void {
    this.#track(this.#deliver(key, callback));
  }

  /** An attempt has left its slot: its queue goes on with what is claimed of it, and with a look when that is becoming short. */
  #goOn(key: QueueKey, now: EpochMs): void {
    const ahead = this.#ahead.count(key);
    if (ahead > 0 && this.#shares.takeNext(key)) {
      const next = this.#ahead.next(key, now);
      if (next === undefined) this.#shares.release(key, 1);
      else this.#begin(key, next);
    }
    // When nothing more is to end soon, nothing is gained by waiting for it.
    if (this.#shares.underWay === 0) this.#ends.flush();
    const isShort = ahead <= this.#shares.prefetchLimit(key) / 2 && this.#more.has(key);
    if (isShort || this.#shares.crowded) this.#loop.wake();
  }

  /** What was claimed and not begun is due again at once. */
  #release(callbacks: readonly StoredCallback[]): void {
    if (callbacks.length === 0) return;
    const { context, claimant } = this.#options;
    const ids = callbacks.map(({ id }) => id);
    const giving = context.store.transaction((tx) => tx.callbacks.release(ids, claimant, context.clock.now()));
    // They are due when their claims have run out.
    this.#track(
      giving.catch((error: unknown) => this.#notStored({ callbacks: ids.length }, error, 'callbacks: could not be given back')),
    );
  }

  #track(doing: Promise<void>): void {
    const work = doing.finally(() => {
      this.#underWay.delete(work);
      // What has been stored may have made the next event of its order due.
      this.wake();
    });
    this.#underWay.add(work);
  }

  async #deliver(key: QueueKey, callback: StoredCallback): Promise<void> {
    const { context, log } = this.#options;
    const { id, orderId, event, attempts } = callback;
    const fields = { callback: id, order: orderId, event, attempts };
    const startedAt = context.clock.now();
    const attempt = await this.#attempt(callback, startedAt);
    const at = context.clock.now();
    const outcome = this.#outcome(callback, attempt, at);
    this.#options.attempted?.(outcome.kind);
    this.#answered(key, callback, attempt, { at, durationMs: Math.max(0, at - startedAt) });
    const error = attempt.kind === 'acknowledged' ? undefined : attempt.error;
    const record = {
      startedAt,
      durationMs: Math.max(0, at - startedAt),
      status: attempt.answer?.status ?? null,
      responseExcerpt: responseExcerpt(attempt),
    };
    this.#options.attemptEnded?.(callback, { outcome, record });
    try {
      const storing = this.#ends.add(callback, { outcome, record });
      this.#goOn(key, at);
      const kept = await storing;
      if (!kept) log.warn(fields, 'callback: the claim ran out during the attempt');
      else if (error === undefined) log.info(fields, 'callback: delivered');
      else if (outcome.kind === 'failed') log.warn({ ...fields, error }, 'callback: given up');
      else log.info({ ...fields, error }, 'callback: not delivered');
    } catch (err) {
      // It is sent again when the claim has run out.
      this.#notStored(fields, err, 'callback: its outcome could not be stored');
    }
  }

  /** While the store is down, every attempt ends so. */
  #notStored(fields: Readonly<Record<string, unknown>>, error: unknown, message: string): void {
    if (isStoreDown(error)) this.#storeFailures.add(message, { ...fields, reason: failureText(error) });
    else this.#options.log.warn({ ...fields, err: error }, message);
  }

  async #attempt(callback: StoredCallback, startedAt: EpochMs): Promise<Attempt> {
    const { url } = callback;
    if (url === null) return { kind: 'gone', error: 'there is no URL to send it to' };
    try {
      const keys = await this.#keys.of(callback.posId, startedAt);
      // An attempt under way is not broken off when the gateway stops: its deadline is short.
      return await this.#options.sender.send({ ...callback, url }, keys);
    } catch (error) {
      // A secret that does not open, say: it is stored and tried again like any other failure, or nobody would see it.
      const message = errorMessage(error);
      return { kind: 'refused', error: message, retryAfterMs: undefined, unavailable: false };
    }
  }

  #answered(key: QueueKey, { orderId }: StoredCallback, attempt: Attempt, time: { at: EpochMs; durationMs: number }): void {
    const { health, log } = this.#options;
    const refused = attempt.kind === 'refused' ? attempt : undefined;
    // An endpoint that says that a callback is gone answers.
    const kind = refused === undefined ? 'acknowledged' : refused.unavailable ? 'unavailable' : 'refused';
    const change = this.#shares.ended(key, { kind, orderId, retryAfterMs: refused?.retryAfterMs, ...time });
    const queue = queueOf(key);
    health?.paused(queue, this.#shares.pausedUntil(key));
    if (change === 'paused') log.info({ pos: queue.posId, endpoint: queue.endpoint }, 'callbacks: an endpoint is paused');
    health?.ended(queue, { at: time.at, error: refused?.error });
    if (kind === 'unavailable') this.#release(this.#ahead.takeAll(key));
  }

  #outcome({ attempts, wantedAt }: StoredCallback, attempt: Attempt, at: EpochMs): AttemptOutcome {
    if (attempt.kind === 'acknowledged') return { kind: 'delivered', at };
    const { giveUpAfterMs, random } = this.#options;
    if (attempt.kind === 'refused') {
      const failed = { attempts, ageMs: at - wantedAt, giveUpAfterMs, retryAfterMs: attempt.retryAfterMs };
      const next = nextAttempt(failed, random());
      if (next.kind === 'retry') return { kind: 'retry', at: plusMs(at, next.afterMs), error: attempt.error };
    }
    return { kind: 'failed', at, error: attempt.error };
  }
}

/** The queues in the store and in memory together, in the order of their keys. */
function withPrefetched(stored: readonly DueQueue[], ahead: readonly QueueKey[], now: EpochMs): DueQueue[] {
  const queues = new Map(stored.map((queue) => [queue.key, queue]));
  for (const key of ahead) queues.set(key, { key, retryAt: undefined, ...queues.get(key), freshAt: now });
  return [...queues.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
