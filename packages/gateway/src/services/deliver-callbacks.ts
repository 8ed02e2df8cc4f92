/**
 * Sends the stored callbacks. Each is claimed before it is sent, so that no two senders work on the same one; a claim that
 * a dead process has left runs out and is taken up again. What an attempt came to is stored before the next is made.
 */
import type { StoredCallback } from '../callbacks/callback.ts';
import type { Attempt, CallbackSender } from '../callbacks/deliver.ts';
import { nextAttempt } from '../callbacks/schedule.ts';
import { plusMs } from '../kernel/clock.ts';
import { TaskLoop, type LoopLog } from '../kernel/task-loop.ts';
import type { Pos } from '../orders/pos.ts';
import type { AttemptOutcome } from '../store/ports.ts';
import type { ServiceContext } from './context.ts';

export interface DeliveryOptions {
  readonly context: Pick<ServiceContext, 'store' | 'clock'>;
  readonly sender: CallbackSender;
  /** The secret that signs what is sent now for a POS. */
  readonly secretOf: (pos: Pos) => string;
  /** A name of this process that no other has. */
  readonly claimant: string;
  readonly random: () => number;
  readonly log: LoopLog;
  /** Told what came of every attempt. */
  readonly attempted?: (outcome: AttemptOutcome['kind']) => void;
}

/** Longer than any attempt can take. */
const CLAIM_MS = 30_000;
const AT_ONCE = 32;
const IDLE_MS = 5_000;

export class CallbackDelivery {
  readonly #options: DeliveryOptions;
  readonly #loop: TaskLoop;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#loop = new TaskLoop({
      name: 'callbacks',
      idleMs: IDLE_MS,
      retryMs: 1_000,
      log: options.log,
      task: (signal) => this.#round(signal),
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Looks for callbacks to send now. */
  wake(): void {
    this.#loop.wake();
  }

  /** Lets the attempts under way end, and stops. */
  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #round(signal: AbortSignal): Promise<number | undefined> {
    const { store, clock } = this.#options.context;
    while (!signal.aborted) {
      const now = clock.now();
      const claimed = await store.callbacks.claim({
        now,
        until: plusMs(now, CLAIM_MS),
        claimant: this.#options.claimant,
        limit: AT_ONCE,
      });
      if (claimed.length === 0) break;
      // All of them end before the next round begins, or the loop stops: none may finish under a later claim of our own.
      const ends = await Promise.allSettled(claimed.map((callback) => this.#deliver(callback)));
      const faults = ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []));
      if (faults.length > 0) throw new AggregateError(faults, 'what became of a callback could not be stored');
    }
    const next = await store.callbacks.nextAttempt();
    return next === undefined ? undefined : Math.max(100, next - clock.now());
  }

  async #deliver(callback: StoredCallback): Promise<void> {
    const { context, claimant, log } = this.#options;
    const attempt = await this.#attempt(callback);
    const outcome = this.#outcome(callback, attempt);
    this.#options.attempted?.(outcome.kind);
    const kept = await context.store.callbacks.finish(callback.id, claimant, outcome);
    const fields = { callback: callback.id, order: callback.orderId, event: callback.event, attempts: callback.attempts };
    if (!kept) log.warn(fields, 'callback: the claim ran out during the attempt');
    else if (attempt.kind === 'acknowledged') log.info(fields, 'callback: delivered');
    else log.warn({ ...fields, error: attempt.error, next: outcome.kind }, 'callback: not delivered');
  }

  async #attempt(callback: StoredCallback): Promise<Attempt> {
    const { context, sender, secretOf } = this.#options;
    const { url } = callback;
    if (url === null) return { kind: 'gone', error: 'there is no URL to send it to' };
    const pos = await context.store.pos.get(callback.posId);
    if (pos === undefined)
      return { kind: 'refused', error: `POS ${callback.posId} is missing in the store`, retryAfterMs: undefined };
    try {
      // An attempt under way is not broken off when the gateway stops: its deadline is short.
      return await sender.send({ ...callback, url }, secretOf(pos), new AbortController().signal);
    } catch (error) {
      // A secret that does not open, say: it is stored and tried again like any other failure, or nobody would see it.
      return { kind: 'refused', error: error instanceof Error ? error.message : String(error), retryAfterMs: undefined };
    }
  }

  #outcome(callback: StoredCallback, attempt: Attempt): AttemptOutcome {
    const at = this.#options.context.clock.now();
    if (attempt.kind === 'acknowledged') return { kind: 'delivered', at };
    if (attempt.kind === 'gone') return { kind: 'failed', at, error: attempt.error };
    const next = nextAttempt(callback.attempts, this.#options.random(), attempt.retryAfterMs);
    if (next.kind === 'give_up') return { kind: 'failed', at, error: attempt.error };
    return { kind: 'retry', at: plusMs(at, next.afterMs), error: attempt.error };
  }
}
