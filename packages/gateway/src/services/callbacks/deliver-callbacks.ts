import type { Attempt } from '../../callbacks/attempt.ts';
import type { StoredCallback } from '../../callbacks/callback.ts';
import { DeliveryScheduler, type DueQueue } from '../../callbacks/delivery-scheduler.ts';
import { queueKey, queueOf, type QueueKey } from '../../callbacks/queue-key.ts';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { FailureBursts, failureText } from '../../kernel/failure-bursts.ts';
import { TaskLoop } from '../../kernel/task-loop.ts';
import { isStoreDown } from '../../store/store-down.ts';
import { claimPlanned, type Claimed } from './claim-planned.ts';
import type { DeliveryOptions } from './delivery-options.ts';
import { makeAttempt, type AttemptOptions } from './make-attempt.ts';
import { OutcomeWriter } from './outcome-writer.ts';
import { nextRoundMs, planClaims, withPrefetched, type ClaimPlan } from './plan-claims.ts';
import { PrefetchedCallbacks } from './prefetched-callbacks.ts';
import { callbackPruning } from './prune-callbacks.ts';
import { SigningKeyCache } from './signing-key-cache.ts';

const CLAIM_MS = 30_000;
const IDLE_MS = 5_000;
/** A prefetched callback is sent in this part of its lease or released, so that its attempt ends before the lease does. */
const BEGIN_WITHIN = 1 / 3;
/** When callbacks were due and none could be claimed: other senders have them, or their orders are locked. */
const NOTHING_CLAIMED_RETRY_MS = 100;

/**
 * Delivers the stored callbacks. Each is claimed in the database before it is sent, so that no two senders work on the same one: not
 * within a process, and not in several that share the database. A claim is a lease. If a process dies, its leases expire, and another
 * sender claims the callbacks again.
 *
 * Delivery is at least once: an outcome is stored after its attempt, so a crash between the two repeats the attempt. The events of an
 * order are sent in order, because the store offers only the first that is neither delivered nor given up. No attempt waits for one of
 * another order or another queue.
 *
 * ## A round
 *
 * A loop makes a round when it is woken (a callback was stored, an attempt has ended) and when the next retry or pause is due:
 *
 * 1. It reads which queues have due callbacks, and releases prefetched callbacks whose lease has become too short for an attempt.
 * 2. The {@link DeliveryScheduler} allots the free slots to the queues. It decides how many attempts a queue may have at once, whose
 *    turn it is, and which queues are paused.
 * 3. Prefetched callbacks get the slots of their queue first. They need no query.
 * 4. The remaining slots are filled by one transaction that claims from every queue that needs it. It also claims some more for queues
 *    whose endpoints answer quickly. These are the prefetched callbacks.
 *
 * Between rounds, an attempt that ends passes its slot to the next prefetched callback of its queue, and wakes the loop when few are
 * left. So the rate of a fast endpoint is not bounded by the latency of the store.
 *
 * ## Trade-offs
 *
 * - Prefetching trades latency for throughput. A new event may wait behind prefetched ones, so the scheduler bounds their number by
 *   what the endpoint answers in some milliseconds. No other sender can take them: they are released when the endpoint becomes
 *   unavailable and when this process stops, but after a crash they wait until their leases expire.
 * - Outcomes share transactions ({@link OutcomeWriter}). An outcome waits some milliseconds for others, and a crash in that time
 *   repeats its attempt. In return, the number of commits does not grow with the number of attempts.
 * - `stop` first waits for the attempts under way, because an aborted attempt is repeated although the receiver may have processed it.
 *   After `stopTimeoutMs` it aborts the rest and releases their callbacks, which are sent again after the next start.
 * - An outcome that cannot be stored is logged and dropped. The lease expires, and the callback is sent again.
 */
export class CallbackDelivery {
  readonly #options: DeliveryOptions;
  readonly #attemptOptions: AttemptOptions;
  readonly #loop: TaskLoop;
  readonly #pruning: TaskLoop;
  readonly #scheduler: DeliveryScheduler;
  readonly #prefetched = new PrefetchedCallbacks();
  readonly #outcomes: OutcomeWriter;
  readonly #storeFailures: FailureBursts;
  /** Attempts and releases that have not settled. */
  readonly #running = new Set<Promise<void>>();
  /** Queues that had more due callbacks than the last claim took. */
  readonly #withMore = new Set<QueueKey>();
  #isAborted = false;
  #idleWaiters: (() => void)[] = [];
  #stopped: Promise<void> | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    const { context, sender, random, giveUpAfterMs, log, peers } = options;
    this.#scheduler = new DeliveryScheduler(peers && { shareOf: (endpoint, slots) => peers.shareOf(endpoint, slots) });
    const keys = new SigningKeyCache(context.store.pos, options.keysOf);
    this.#attemptOptions = { sender, keys, clock: context.clock, random, giveUpAfterMs, isAborted: () => this.#isAborted };
    this.#outcomes = new OutcomeWriter(context.store, options.claimant);
    this.#storeFailures = new FailureBursts((fields, message) => log.warn(fields, message));
    this.#loop = new TaskLoop({ name: 'callbacks', idleMs: IDLE_MS, retryMs: 1_000, log, task: () => this.#round() });
    this.#pruning = callbackPruning(options);
  }

  /** How many callbacks are claimed: under way, or prefetched. */
  get claims(): number {
    return this.#scheduler.underWay + this.#prefetched.size;
  }

  start(): void {
    this.#options.health?.start((key, pause) => this.#scheduler.adoptPause(key, pause));
    this.#options.peers?.start();
    this.#loop.start();
    this.#pruning.start();
  }

  /** Makes a round soon: a callback may have become due. */
  wake(): void {
    this.#loop.wake();
  }

  /** Resolves when no attempt is under way and a round has found nothing to send. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleWaiters.push(resolve);
      this.wake();
    });
  }

  /** Begins no more attempts, and releases prefetched callbacks. */
  beginStop(): void {
    this.#stopped ??= this.#stop();
  }

  /** Stops. Waits for the attempts under way, and aborts them after `stopTimeoutMs`. */
  stop(): Promise<void> {
    this.beginStop();
    return this.#stopped ?? Promise.resolve();
  }

  async #stop(): Promise<void> {
    const { stopTimeoutMs, health, sender, peers } = this.#options;
    const abort = (): void => {
      this.#isAborted = true;
      // Cuts its connections: a signal for each attempt would cost every one of them.
      void sender.close();
    };
    const timer = stopTimeoutMs === undefined ? undefined : setTimeout(abort, stopTimeoutMs);
    await Promise.all([this.#loop.stop(), this.#pruning.stop()]);
    for (const key of this.#prefetched.queues) this.#release(this.#prefetched.takeAll(key));
    // An aborted attempt adds the release of its callback.
    while (this.#running.size > 0) await Promise.all(this.#running);
    clearTimeout(timer);
    await Promise.all([peers?.stop(), health?.stop()]);
    this.#storeFailures.stop();
  }

  async #round(): Promise<number | undefined> {
    const { store, clock } = this.#options.context;
    const idleWaiters = this.#idleWaiters;
    // What ends while the queues are read may make more due than is read.
    const wasIdle = this.#running.size === 0;
    const stored: readonly DueQueue[] = (await store.callbacks.queues()).map((queue) => ({ key: queueKey(queue), ...queue }));
    const now = clock.now();
    this.#release(this.#prefetched.takeLate(now));
    const queues = withPrefetched(stored, this.#prefetched.queues, now);
    const slots = this.#scheduler.allot(queues, now);
    const begun = this.#beginPrefetched(slots, now);
    const plans = this.#planClaims(stored, slots, now);
    if (plans.length > 0) {
      // The claims commit in any case: the outcomes share that commit.
      this.#outcomes.flush();
      const claimed = await this.#claim(plans, now);
      if (begun + claimed === 0) return NOTHING_CLAIMED_RETRY_MS;
    } else if (wasIdle && this.#running.size === 0 && idleWaiters.length > 0) {
      this.#idleWaiters = this.#idleWaiters.filter((waiter) => !idleWaiters.includes(waiter));
      for (const resolve of idleWaiters) resolve();
    }
    return nextRoundMs(queues, { scheduler: this.#scheduler, now });
  }

  /** Begins prefetched callbacks and returns how many. Leaves the unused slots in the map. */
  #beginPrefetched(slots: Map<QueueKey, number>, now: EpochMs): number {
    let begun = 0;
    for (const [key, count] of slots) {
      let left = count;
      for (let next; left > 0 && (next = this.#prefetched.takeNext(key, now)) !== undefined; left -= 1)
        this.#track(this.#deliver(key, next));
      slots.set(key, left);
      begun += count - left;
    }
    return begun;
  }

  /** Plans the claims of a round, and frees the slots of queues that have nothing due. */
  #planClaims(stored: readonly DueQueue[], slots: ReadonlyMap<QueueKey, number>, now: EpochMs): ClaimPlan[] {
    const plans = planClaims(stored, slots, { scheduler: this.#scheduler, prefetched: this.#prefetched, now });
    this.#withMore.clear();
    for (const { key } of plans) this.#withMore.add(key);
    for (const [key, count] of slots) if (count > 0 && !this.#withMore.has(key)) this.#scheduler.release(key, count);
    return plans.filter((plan) => plan.slots + plan.prefetch > 0);
  }

  /** Claims callbacks, begins those that have a slot, and returns how many were claimed. */
  async #claim(plans: readonly ClaimPlan[], now: EpochMs): Promise<number> {
    const { context, claimMs = CLAIM_MS, claimant, random, peers } = this.#options;
    const state = { scheduler: this.#scheduler, prefetched: this.#prefetched };
    let claimed: readonly Claimed[] = [];
    try {
      const claims = { plans, now, claimMs, claimant, random, isShared: peers !== undefined, ...state };
      claimed = await claimPlanned(context, claims);
    } finally {
      plans.forEach(({ key, slots }, n) => {
        const unused = slots - (claimed[n]?.callbacks.length ?? 0);
        if (unused > 0) this.#scheduler.release(key, unused);
      });
    }
    const beginBefore = plusMs(now, Math.floor(claimMs * BEGIN_WITHIN));
    // If the process was suspended since, another one may have these callbacks soon.
    const isLate = context.clock.now() >= beginBefore;
    for (const { key, slots, callbacks, mayHaveMore } of claimed) {
      const begun = callbacks.slice(0, slots);
      if (isLate) this.#scheduler.release(key, begun.length);
      else for (const callback of begun) this.#track(this.#deliver(key, callback));
      if (isLate) this.#release(callbacks);
      else this.#prefetched.add(key, callbacks.slice(slots), beginBefore);
      if (!mayHaveMore) this.#withMore.delete(key);
    }
    return claimed.reduce((sum, { callbacks }) => sum + callbacks.length, 0);
  }

  /** Makes claimed callbacks due again. */
  #release(callbacks: readonly StoredCallback[]): void {
    if (callbacks.length === 0) return;
    const { context, claimant } = this.#options;
    const ids = callbacks.map(({ id }) => id);
    const releasing = context.store.transaction((tx) => tx.callbacks.release(ids, claimant, context.clock.now()));
    this.#track(
      // They are due anyway when their leases expire.
      releasing.catch((error: unknown) => this.#logNotStored({ callbacks: ids.length }, error, 'callbacks: claims not released')),
    );
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => {
      this.#running.delete(tracked);
      // The stored outcome may have made the next event of the order due.
      this.wake();
    });
    this.#running.add(tracked);
  }

  async #deliver(key: QueueKey, callback: StoredCallback): Promise<void> {
    const { log, attempted, attemptEnded } = this.#options;
    const { id, orderId, event, attempts } = callback;
    const fields = { callback: id, order: orderId, event, attempts };
    const finished = await makeAttempt(callback, this.#attemptOptions);
    if (finished === undefined) {
      log.info(fields, 'callback: attempt aborted, because the gateway stops');
      this.#release([callback]);
      return;
    }
    const { attempt, endedAt, outcome, record } = finished;
    attempted?.(outcome.kind);
    this.#recordAnswer(key, callback, attempt, { at: endedAt, durationMs: record.durationMs });
    attemptEnded?.(callback, { outcome, record });
    try {
      const storing = this.#outcomes.add(callback, { outcome, record });
      this.#continueQueue(key, endedAt);
      const isStored = await storing;
      if (!isStored) log.warn(fields, 'callback: lease expired during the attempt');
      else if (outcome.kind === 'delivered') log.info(fields, 'callback: delivered');
      else if (outcome.kind === 'failed') log.warn({ ...fields, error: outcome.error }, 'callback: given up');
      else log.info({ ...fields, error: outcome.error }, 'callback: not delivered');
    } catch (error) {
      // Sent again when the lease has expired.
      this.#logNotStored(fields, error, 'callback: outcome not stored');
    }
  }

  /** Passes the slot of an ended attempt to the next prefetched callback of its queue, and wakes the loop when few are left. */
  #continueQueue(key: QueueKey, now: EpochMs): void {
    const prefetched = this.#prefetched.count(key);
    if (prefetched > 0 && this.#scheduler.takeNext(key)) {
      const next = this.#prefetched.takeNext(key, now);
      if (next === undefined) this.#scheduler.release(key, 1);
      else this.#track(this.#deliver(key, next));
    }
    // No other outcome is about to come that could share the commit.
    if (this.#scheduler.underWay === 0) this.#outcomes.flush();
    const isShort = prefetched <= this.#scheduler.prefetchLimit(key) / 2 && this.#withMore.has(key);
    if (isShort || this.#scheduler.crowded) this.#loop.wake();
  }

  /** Reports an attempt to the scheduler, which frees its slot, and to the endpoint's health. */
  #recordAnswer(key: QueueKey, { orderId }: StoredCallback, attempt: Attempt, time: { at: EpochMs; durationMs: number }): void {
    const { health, log } = this.#options;
    const refused = attempt.kind === 'refused' ? attempt : undefined;
    // 410 Gone is about one callback; the endpoint itself answers.
    const kind = refused === undefined ? 'acknowledged' : refused.unavailable ? 'unavailable' : 'refused';
    const change = this.#scheduler.ended(key, { kind, orderId, retryAfterMs: refused?.retryAfterMs, ...time });
    const queue = queueOf(key);
    health?.paused(queue, this.#scheduler.pausedUntil(key), this.#scheduler.failuresOf(key));
    if (change === 'paused') log.info({ pos: queue.posId, endpoint: queue.endpoint }, 'callbacks: endpoint paused');
    health?.attempted(queue, { at: time.at, error: refused?.error });
    if (kind === 'unavailable') this.#release(this.#prefetched.takeAll(key));
  }

  /** While the store is down, every attempt ends here: failures of that kind are counted, not logged one by one. */
  #logNotStored(fields: Readonly<Record<string, unknown>>, error: unknown, message: string): void {
    if (isStoreDown(error)) this.#storeFailures.add(message, { ...fields, reason: failureText(error) });
    else this.#options.log.warn({ ...fields, err: error }, message);
  }
}
