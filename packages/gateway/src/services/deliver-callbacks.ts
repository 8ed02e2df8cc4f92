/**
 * Sends the stored callbacks. Each is claimed when there is a place to send it at once, so that no two senders work on the same one; a
 * claim that a dead process has left runs out and is taken up again. Which endpoint is sent to next is the matter of
 * {@link EndpointShares}; no attempt is waited for by those of other endpoints, or of other orders.
 */
import type { StoredCallback } from '../callbacks/callback.ts';
import type { Attempt, CallbackSender } from '../callbacks/deliver.ts';
import { EndpointShares } from '../callbacks/endpoint-shares.ts';
import { nextAttempt } from '../callbacks/schedule.ts';
import type { CallbackKeys } from '../callbacks/sign.ts';
import { plusMs, type EpochMs } from '../kernel/clock.ts';
import { TaskLoop, type LoopLog } from '../kernel/task-loop.ts';
import type { Pos } from '../orders/pos.ts';
import type { AttemptOutcome, CallbackQueue } from '../store/ports.ts';
import type { ServiceContext } from './context.ts';
import { ClaimedAhead } from './claimed-ahead.ts';
import type { EndpointHealth } from './endpoint-health.ts';
import { KeysAtHand } from './keys-at-hand.ts';
import { EndsToStore } from './store-ends.ts';
import { tidyCallbacks } from './tidy-callbacks.ts';

export interface DeliveryOptions {
  readonly context: Pick<ServiceContext, 'store' | 'clock'>;
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
  readonly attemptsKeptMs: number;
  /** How long a claim holds, in milliseconds: longer than any attempt can take. Default 30,000. */
  readonly claimMs?: number;
  /** Told which endpoints answer. Default: nobody. */
  readonly health?: EndpointHealth;
  /** Told what came of every attempt. */
  readonly attempted?: (outcome: AttemptOutcome['kind']) => void;
}

const CLAIM_MS = 30_000;
const IDLE_MS = 5_000;
const TIDY_MS = 600_000;
/** What is claimed is begun within this part of its claim or not at all, so that its attempt ends before the claim does. */
const BEGIN_WITHIN = 1 / 3;
/** Bounds the memory that callbacks take which wait for a place. */
const MOST_AHEAD_IN_ALL = 2_048;

interface Wanted {
  readonly endpoint: string;
  /** For how many there are places. */
  readonly atOnce: number;
  /** How many more to claim. */
  readonly ahead: number;
}

export class CallbackDelivery {
  readonly #options: DeliveryOptions;
  readonly #loop: TaskLoop;
  readonly #tidying: TaskLoop;
  readonly #shares = new EndpointShares();
  readonly #ahead = new ClaimedAhead();
  readonly #underWay = new Set<Promise<void>>();
  readonly #ends: EndsToStore;
  readonly #keys: KeysAtHand;
  /** Endpoints for which the store seemed to have more when it was asked last. */
  readonly #more = new Set<string>();
  #whenQuiet: (() => void)[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = options;
    const { log } = options;
    this.#ends = new EndsToStore(options.context.store, options.claimant);
    this.#keys = new KeysAtHand(options.context.store.pos, options.keysOf);
    this.#loop = new TaskLoop({ name: 'callbacks', idleMs: IDLE_MS, retryMs: 1_000, log, task: () => this.#round() });
    this.#tidying = new TaskLoop({
      name: 'callbacks: tidying',
      idleMs: TIDY_MS,
      retryMs: 60_000,
      log,
      task: async (signal) => {
        await tidyCallbacks(options, signal);
        await options.health?.tidy(options.context.clock.now());
        return undefined;
      },
    });
  }

  start(): void {
    this.#loop.start();
    this.#tidying.start();
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
    await Promise.all([this.#loop.stop(), this.#tidying.stop()]);
    for (const endpoint of this.#ahead.endpoints) this.#giveBack(this.#ahead.takeAll(endpoint));
    await Promise.all(this.#underWay);
    await this.#options.health?.settled();
  }

  async #round(): Promise<number | undefined> {
    const { store, clock } = this.#options.context;
    const waiters = this.#whenQuiet;
    const stored = await store.callbacks.queues();
    const now = clock.now();
    this.#giveBack(this.#ahead.takeLate(now));
    const queues = withAhead(stored, this.#ahead.endpoints, now);
    const places = this.#shares.allot(queues, now);
    const begun = this.#beginAhead(places, now);
    const wanted = this.#wanted(stored, places, now);
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

  /** A place that becomes free leads to a look by itself; the others are a matter of time. */
  #nextLookMs(queues: readonly CallbackQueue[], now: EpochMs): number | undefined {
    let soonestMs: number | undefined;
    for (const { endpoint, dueAt } of queues) {
      const waitMs = this.#shares.mayBeginAt(endpoint, dueAt) - now;
      if (waitMs > 0) soonestMs = Math.min(soonestMs ?? waitMs, waitMs);
    }
    return soonestMs;
  }

  /** Gives places to what is claimed already, and answers how many; the places that are left stay in the map. */
  #beginAhead(places: Map<string, number>, now: EpochMs): number {
    let begun = 0;
    for (const [endpoint, count] of places) {
      let left = count;
      for (let next; left > 0 && (next = this.#ahead.next(endpoint, now)) !== undefined; left -= 1) this.#begin(endpoint, next);
      places.set(endpoint, left);
      begun += count - left;
    }
    return begun;
  }

  /** How many are to be claimed for each endpoint; places that nothing is due for are given back. */
  #wanted(stored: readonly CallbackQueue[], places: Map<string, number>, now: EpochMs): Wanted[] {
    let room = MOST_AHEAD_IN_ALL - this.#ahead.size;
    const wanted: Wanted[] = [];
    this.#more.clear();
    for (const { endpoint, dueAt } of stored) {
      if (this.#shares.mayBeginAt(endpoint, dueAt) > now) continue;
      this.#more.add(endpoint);
      const atOnce = places.get(endpoint) ?? 0;
      const ahead = Math.max(0, Math.min(room, this.#shares.ahead(endpoint) - this.#ahead.count(endpoint)));
      if (atOnce + ahead > 0) wanted.push({ endpoint, atOnce, ahead });
      room -= ahead;
      places.delete(endpoint);
    }
    for (const [endpoint, count] of places) if (count > 0) this.#shares.giveBack(endpoint, count);
    return wanted;
  }

  /** Claims what is wanted, and begins to send as many as there are places. */
  async #claim(wanted: readonly Wanted[], now: EpochMs): Promise<number> {
    const { context, claimant, claimMs = CLAIM_MS } = this.#options;
    let claimed: readonly StoredCallback[][] = [];
    try {
      claimed = await context.store.transaction(async ({ callbacks }) => {
        const found: StoredCallback[][] = [];
        for (const { endpoint, atOnce, ahead } of wanted) {
          const [count, claim] = [atOnce + ahead, { now, until: plusMs(now, claimMs), claimant, endpoint }];
          // Behind a long backlog what is new would wait for days: it gets every second place.
          const fresh = Math.floor(count / 2) + (count % 2 === 1 && this.#options.random() < 0.5 ? 1 : 0);
          const newest = fresh > 0 ? await callbacks.claim({ ...claim, newest: true, limit: fresh }) : [];
          const oldest = count > fresh ? await callbacks.claim({ ...claim, limit: count - fresh }) : [];
          found.push([...newest, ...oldest]);
        }
        return found;
      });
    } finally {
      wanted.forEach(({ endpoint, atOnce }, n) => {
        const unused = atOnce - (claimed[n]?.length ?? 0);
        if (unused > 0) this.#shares.giveBack(endpoint, unused);
      });
    }
    wanted.forEach(({ endpoint, atOnce }, n) => {
      const found = claimed[n] ?? [];
      this.#ahead.add(endpoint, found.slice(atOnce), plusMs(now, Math.floor(claimMs * BEGIN_WITHIN)));
      for (const callback of found.slice(0, atOnce)) this.#begin(endpoint, callback);
    });
    wanted.forEach(({ endpoint, atOnce, ahead }, n) => {
      if ((claimed[n]?.length ?? 0) < atOnce + ahead) this.#more.delete(endpoint);
    });
    return claimed.reduce((sum, found) => sum + found.length, 0);
  }

  #begin(endpoint: string, callback: StoredCallback): void {
    this.#track(this.#deliver(endpoint, callback));
  }

  /** An attempt has left its place: its endpoint goes on with what is claimed for it, and with a look when that is becoming short. */
  #goOn(endpoint: string, now: EpochMs): void {
    const ahead = this.#ahead.count(endpoint);
    if (ahead > 0 && this.#shares.takeNext(endpoint)) {
      const next = this.#ahead.next(endpoint, now);
      if (next === undefined) this.#shares.giveBack(endpoint, 1);
      else this.#begin(endpoint, next);
    }
    // When nothing more is to end soon, nothing is gained by waiting for it.
    if (this.#shares.underWay === 0) this.#ends.flush();
    const isShort = ahead <= this.#shares.ahead(endpoint) / 2 && this.#more.has(endpoint);
    if (isShort || this.#shares.crowded) this.#loop.wake();
  }

  /** What was claimed and not begun is due again at once. */
  #giveBack(callbacks: readonly StoredCallback[]): void {
    if (callbacks.length === 0) return;
    const { context, claimant, log } = this.#options;
    const ids = callbacks.map(({ id }) => id);
    const giving = context.store.transaction((tx) => tx.callbacks.giveBack(ids, claimant, context.clock.now()));
    // They are due when their claims have run out.
    this.#track(giving.catch((err: unknown) => log.warn({ err, count: ids.length }, 'callbacks: could not be given back')));
  }

  #track(doing: Promise<void>): void {
    const work = doing.finally(() => {
      this.#underWay.delete(work);
      // What has been stored may have made the next event of its order due.
      this.wake();
    });
    this.#underWay.add(work);
  }

  async #deliver(endpoint: string, callback: StoredCallback): Promise<void> {
    const { context, log } = this.#options;
    const { id, orderId, event, attempts } = callback;
    const fields = { callback: id, order: orderId, event, attempts };
    const startedAt = context.clock.now();
    const attempt = await this.#attempt(callback, startedAt);
    const at = context.clock.now();
    const outcome = this.#outcome(callback, attempt, at);
    this.#options.attempted?.(outcome.kind);
    this.#answered(endpoint, callback, attempt, { at, durationMs: Math.max(0, at - startedAt) });
    const error = attempt.kind === 'acknowledged' ? undefined : attempt.error;
    const record = {
      startedAt,
      durationMs: Math.max(0, at - startedAt),
      status: attempt.answer?.status ?? null,
      said: attempt.answer?.start ?? error ?? '',
    };
    try {
      const storing = this.#ends.add(callback, { outcome, record });
      this.#goOn(endpoint, at);
      const kept = await storing;
      if (!kept) log.warn(fields, 'callback: the claim ran out during the attempt');
      else if (error === undefined) log.info(fields, 'callback: delivered');
      else if (outcome.kind === 'failed') log.warn({ ...fields, error }, 'callback: given up');
      else log.info({ ...fields, error }, 'callback: not delivered');
    } catch (err) {
      // It is sent again when the claim has run out.
      log.warn({ ...fields, err }, 'callback: what became of it could not be stored');
    }
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
      return { kind: 'refused', error: error instanceof Error ? error.message : String(error), retryAfterMs: undefined };
    }
  }

  #answered(endpoint: string, { orderId }: StoredCallback, attempt: Attempt, time: { at: EpochMs; durationMs: number }): void {
    const { health, log } = this.#options;
    // Who says that a callback is gone answers.
    const acknowledged = attempt.kind !== 'refused';
    const change = this.#shares.ended(endpoint, { acknowledged, orderId, ...time });
    if (change === 'paused') log.info({ endpoint }, 'callbacks: an endpoint is paused');
    health?.ended(endpoint, { at: time.at, error: attempt.kind === 'refused' ? attempt.error : undefined });
    if (!acknowledged) this.#giveBack(this.#ahead.takeAll(endpoint));
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

/** The queues in the store and in memory together, in the order of their names. */
function withAhead(stored: readonly CallbackQueue[], ahead: readonly string[], now: EpochMs): CallbackQueue[] {
  const queues = new Map(stored.map((queue) => [queue.endpoint, queue]));
  for (const endpoint of ahead) queues.set(endpoint, { endpoint, dueAt: now });
  return [...queues.values()].sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1));
}
