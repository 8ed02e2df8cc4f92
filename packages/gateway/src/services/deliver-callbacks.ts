/**
 * Sends the stored callbacks. Each is claimed when there is a place to send it at once, so that no two senders work on the same one; a
 * claim that a dead process has left runs out and is taken up again. Which endpoint is sent to next is the matter of
 * {@link EndpointShares}; no attempt is waited for by those of other endpoints, or of other orders.
 */
import type { StoredCallback } from '../callbacks/callback.ts';
import type { Attempt, CallbackSender } from '../callbacks/deliver.ts';
import { endpointOf } from '../callbacks/endpoint-of.ts';
import { EndpointShares } from '../callbacks/endpoint-shares.ts';
import { nextAttempt } from '../callbacks/schedule.ts';
import type { CallbackKeys } from '../callbacks/sign.ts';
import { plusMs, type EpochMs } from '../kernel/clock.ts';
import type { PosId } from '../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../kernel/task-loop.ts';
import type { Pos } from '../orders/pos.ts';
import type { AttemptOutcome, CallbackQueue } from '../store/ports.ts';
import type { ServiceContext } from './context.ts';
import type { EndpointHealth } from './endpoint-health.ts';
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

export class CallbackDelivery {
  readonly #options: DeliveryOptions;
  readonly #loop: TaskLoop;
  readonly #tidying: TaskLoop;
  readonly #shares = new EndpointShares();
  readonly #underWay = new Set<Promise<void>>();
  readonly #ends: EndsToStore;
  #whenQuiet: (() => void)[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = options;
    const { log } = options;
    this.#ends = new EndsToStore(options.context.store, options.claimant);
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

  /** Lets the attempts under way end, and stops. */
  async stop(): Promise<void> {
    await Promise.all([this.#loop.stop(), this.#tidying.stop()]);
    await Promise.all(this.#underWay);
    await this.#options.health?.settled();
  }

  async #round(): Promise<number | undefined> {
    const { store, clock } = this.#options.context;
    const waiters = this.#whenQuiet;
    const queues = await store.callbacks.queues();
    const now = clock.now();
    const places = this.#shares.allot(queues, now);
    if (places.size > 0) {
      const claimed = await this.#claim(places, now);
      if (claimed === 0) return 100;
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

  /** Claims as many as there are places, and begins to send them. */
  async #claim(places: ReadonlyMap<string, number>, now: EpochMs): Promise<number> {
    const { context, claimant, claimMs = CLAIM_MS } = this.#options;
    const unused = new Map(places);
    const claimed: StoredCallback[] = [];
    try {
      const taken = await context.store.transaction(async ({ callbacks }) => {
        const found: StoredCallback[] = [];
        for (const [endpoint, count] of places) {
          const claim = { now, until: plusMs(now, claimMs), claimant, endpoint };
          // Behind a long backlog what is new would wait for days: it gets every second place.
          const fresh = Math.floor(count / 2) + (count % 2 === 1 && this.#options.random() < 0.5 ? 1 : 0);
          if (fresh > 0) found.push(...(await callbacks.claim({ ...claim, newest: true, limit: fresh })));
          if (count > fresh) found.push(...(await callbacks.claim({ ...claim, limit: count - fresh })));
        }
        return found;
      });
      claimed.push(...taken);
    } finally {
      for (const { url } of claimed) {
        const endpoint = endpointOf(url ?? '');
        unused.set(endpoint, (unused.get(endpoint) ?? 0) - 1);
      }
      for (const [endpoint, count] of unused) if (count > 0) this.#shares.giveBack(endpoint, count);
    }
    // Read once for all that begin now: a secret that is changed meanwhile signs what begins next.
    const shops = new Map<PosId, Promise<Pos | undefined>>();
    for (const callback of claimed) {
      const pos = shops.get(callback.posId) ?? context.store.pos.get(callback.posId);
      shops.set(callback.posId, pos);
      this.#begin(callback, pos);
    }
    return claimed.length;
  }

  #begin(callback: StoredCallback, pos: Promise<Pos | undefined>): void {
    const work = this.#deliver(callback, pos).finally(() => {
      this.#underWay.delete(work);
      this.#loop.wake();
    });
    this.#underWay.add(work);
  }

  async #deliver(callback: StoredCallback, reading: Promise<Pos | undefined>): Promise<void> {
    const { context, log } = this.#options;
    const { id, orderId, event, attempts } = callback;
    const fields = { callback: id, order: orderId, event, attempts };
    const startedAt = context.clock.now();
    const attempt = await this.#attempt(callback, reading);
    const at = context.clock.now();
    this.#answered(callback, attempt, at);
    const outcome = this.#outcome(callback, attempt, at);
    this.#options.attempted?.(outcome.kind);
    const error = attempt.kind === 'acknowledged' ? undefined : attempt.error;
    const record = {
      startedAt,
      durationMs: Math.max(0, at - startedAt),
      status: attempt.answer?.status ?? null,
      said: attempt.answer?.start ?? error ?? '',
    };
    try {
      const kept = await this.#ends.add(callback, { outcome, record });
      if (!kept) log.warn(fields, 'callback: the claim ran out during the attempt');
      else if (error === undefined) log.info(fields, 'callback: delivered');
      else if (outcome.kind === 'failed') log.warn({ ...fields, error }, 'callback: given up');
      else log.info({ ...fields, error }, 'callback: not delivered');
    } catch (err) {
      // It is sent again when the claim has run out.
      log.warn({ ...fields, err }, 'callback: what became of it could not be stored');
    }
  }

  async #attempt(callback: StoredCallback, reading: Promise<Pos | undefined>): Promise<Attempt> {
    const { sender, keysOf } = this.#options;
    const { url } = callback;
    if (url === null) return { kind: 'gone', error: 'there is no URL to send it to' };
    try {
      const pos = await reading;
      if (pos === undefined) throw new Error(`POS ${callback.posId} is missing in the store`);
      // An attempt under way is not broken off when the gateway stops: its deadline is short.
      return await sender.send({ ...callback, url }, keysOf(pos), new AbortController().signal);
    } catch (error) {
      // A secret that does not open, say: it is stored and tried again like any other failure, or nobody would see it.
      return { kind: 'refused', error: error instanceof Error ? error.message : String(error), retryAfterMs: undefined };
    }
  }

  #answered({ url, orderId }: StoredCallback, attempt: Attempt, at: EpochMs): void {
    const { health, log } = this.#options;
    const { kind } = attempt;
    const endpoint = endpointOf(url ?? '');
    // Who says that a callback is gone answers.
    const change = this.#shares.ended(endpoint, { acknowledged: kind !== 'refused', orderId, at });
    if (change === 'paused') log.info({ endpoint }, 'callbacks: an endpoint is paused');
    health?.ended(endpoint, { at, error: attempt.kind === 'refused' ? attempt.error : undefined });
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
