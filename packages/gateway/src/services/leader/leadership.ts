/**
 * Makes exactly one of several processes on a database lead: follow the chain, judge orders, and make addresses ready. Each process tries
 * to take the lease when it is free. The one that has it renews it, and stops leading as soon as it cannot be sure of it any more.
 *
 * Two clocks are involved. Whether the lease has expired is decided by the database. How long this process may trust a renewal is measured
 * by its own monotonic clock from *before* the renewal was sent, less a margin: so it stops before others can take over, also after it was
 * suspended, and however late an answer arrives. And if it is wrong all the same, its transactions fail, since each of them holds the term
 * (`store/fenced-store.ts`).
 */
import { randomBytes } from 'node:crypto';
import { errorMessage } from '../../kernel/error-message.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { HeldTerm } from '../../store/fenced-store.ts';
import { LeaseLostError, type HeldLease, type StoredLease } from '../../store/ports/leader/lease-store.ts';
import type { Store } from '../../store/ports/store.ts';

/** What a process does while it leads. */
export interface Leading {
  /** What other processes should know, as they will read it. */
  status(): string | undefined;
  /**
   * Ends it. Nothing is stored in this term afterwards.
   *
   * @param why `failed over` if the database has, and may have lost what this process has stored.
   */
  stop(why: 'stopped' | Ended): Promise<void>;
}

export interface Term extends HeldTerm {
  /**
   * Whether this process has seen the lease of the previous leader while it was valid. If so, the database is the one on which that one
   * worked until now, and not an older copy.
   */
  readonly isSuccession: boolean;
  /** Aborted when the term is over. */
  readonly signal: AbortSignal;
}

export interface LeadershipOptions {
  readonly store: Pick<Store, 'lease' | 'transaction'>;
  /** Names this process in the lease, for a person who reads it. */
  readonly holder: string;
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number;
  readonly log: LoopLog;
  /** Begins to lead. */
  readonly lead: (term: Term) => Promise<Leading>;
  /** Called with the lease whenever it was read. */
  readonly seen?: (lease: StoredLease) => void;
  /** Called when this process has given the lease back, so that others take it at once. */
  readonly released?: () => void;
  readonly times?: LeaseTimes;
}

export interface LeaseTimes {
  /** How long a renewal is valid for the database, in milliseconds. */
  readonly lifetimeMs: number;
  /** How much earlier the leader stops. */
  readonly marginMs: number;
  /** How often the leader renews the lease. */
  readonly renewMs: number;
  /** How often the others look whether it is free. */
  readonly lookMs: number;
}

/** A process that is killed is succeeded within `lifetimeMs + lookMs` and the time that the successor needs to load what it watches. */
export const LEASE_TIMES: LeaseTimes = { lifetimeMs: 8_000, marginMs: 1_000, renewMs: 2_000, lookMs: 1_000 };

/** Why a term has ended. */
export type Ended = 'expired' | 'lost' | 'failed over';

const OVER = {
  lost: 'another process has taken the lease',
  'failed over': 'the database has failed over, and may have lost what this process remembers of it',
} as const;

interface Mandate {
  readonly held: HeldLease;
  /** Until when this process may trust the lease, by the monotonic clock. */
  trustedUntilMs: number;
  readonly over: AbortController;
  leading: Leading | undefined;
  stopped: Promise<void> | undefined;
}

export class Leadership {
  readonly #options: LeadershipOptions;
  readonly #times: LeaseTimes;
  readonly #loop: TaskLoop;
  #mandate: Mandate | undefined;
  #expiry: NodeJS.Timeout | undefined;
  /** The term of another process whose lease this one has seen while it was valid. */
  #seenTerm: number | undefined;
  #isStopping = false;

  constructor(options: LeadershipOptions) {
    this.#options = options;
    this.#times = options.times ?? LEASE_TIMES;
    this.#loop = new TaskLoop({
      name: 'leader',
      idleMs: this.#times.lookMs,
      retryMs: this.#times.lookMs,
      log: options.log,
      task: () => this.#round(),
    });
  }

  /** The term in which this process leads; undefined while it does not. */
  get term(): number | undefined {
    return this.#mandate?.leading === undefined ? undefined : this.#mandate.held.term;
  }

  /**
   * Takes the lease if it is free, and leads. Otherwise another process leads, and this one waits for its turn.
   *
   * @throws OperatorError if this process cannot lead as it is set up.
   */
  async start(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      if (error instanceof OperatorError) throw error;
      // The database may be failing over, or another process may have been first: this one serves, and looks again.
      this.#options.log.warn({ err: error }, 'leader: this process could not begin to lead');
    }
    this.#loop.start();
  }

  /** Looks at the lease soon: it may be free. */
  wake(): void {
    if (this.#mandate === undefined) this.#loop.wake();
  }

  /** Begins another term with everything loaded anew: what this process remembers of the database is not there any more. */
  async startOver(why: string): Promise<void> {
    if (this.#mandate !== undefined) await this.#end(this.#mandate, why, 'failed over');
  }

  /** Stops leading at once, and lets another process take over while this one still answers requests. */
  beginStop(): void {
    this.#isStopping = true;
    void this.#resign('the gateway stops').catch(() => {});
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#loop.stop();
    await this.#resign('the gateway stops');
  }

  async #round(): Promise<number | undefined> {
    if (this.#isStopping) return undefined;
    const mandate = this.#mandate;
    if (mandate?.stopped !== undefined) await mandate.stopped.catch(() => {});
    else if (mandate !== undefined) return this.#renew(mandate);
    try {
      await this.#look();
    } catch (error) {
      // At the start it ends the process. Later, another process may be able to lead, and this one serves.
      if (!(error instanceof OperatorError)) throw error;
      throw new Error(`this process cannot lead: ${errorMessage(error)}`, { cause: error });
    }
    return undefined;
  }

  async #look(): Promise<void> {
    const { store, seen, holder, nowMs } = this.#options;
    const lease = await store.lease.read();
    seen?.(lease);
    if (lease.validMs > 0) {
      this.#seenTerm = lease.term;
      return;
    }
    const askedAtMs = nowMs();
    const name = `${holder} ${randomBytes(6).toString('hex')}`;
    const held = await store.transaction((tx) => tx.lease.take(name, this.#times.lifetimeMs));
    if (held === undefined) return;
    await this.#lead(held, this.#seenTerm === held.term - 1, askedAtMs);
  }

  async #lead(held: HeldLease, isSuccession: boolean, askedAtMs: number): Promise<void> {
    const mandate: Mandate = {
      held,
      trustedUntilMs: askedAtMs + this.#times.lifetimeMs - this.#times.marginMs,
      over: new AbortController(),
      leading: undefined,
      stopped: undefined,
    };
    this.#mandate = mandate;
    this.#expireInTime(mandate);
    // Loading what is watched may take longer than the lease is valid.
    const renewing = setInterval(() => void this.#renewLoading(mandate), this.#times.renewMs);
    try {
      const leading = await this.#options.lead({
        ...held,
        isSuccession,
        signal: mandate.over.signal,
        assertHeld: () => this.#assertHeld(mandate),
      });
      mandate.leading = leading;
      // Nobody stopped it, because it was not there yet.
      if (mandate.over.signal.aborted) await leading.stop('expired');
      else this.#options.log.info({ term: held.term, isSuccession }, 'leader: this process follows the chain now');
    } catch (error) {
      await this.#end(mandate, `it could not begin: ${errorMessage(error)}`, 'stopped');
      throw error;
    } finally {
      clearInterval(renewing);
    }
  }

  #assertHeld({ held, trustedUntilMs, over }: Mandate): void {
    if (over.signal.aborted || this.#options.nowMs() >= trustedUntilMs)
      throw new LeaseLostError(`the lease of term ${held.term} may have expired: this process follows the chain no more`);
  }

  async #renew(mandate: Mandate): Promise<number | undefined> {
    const { store, nowMs, seen } = this.#options;
    const askedAtMs = nowMs();
    const status = mandate.leading?.status();
    const renewal = await store.lease.renew(mandate.held, this.#times.lifetimeMs, status);
    if (renewal !== 'renewed') {
      await this.#end(mandate, OVER[renewal], renewal);
      return 0;
    }
    if (mandate.over.signal.aborted) return 0;
    mandate.trustedUntilMs = Math.max(mandate.trustedUntilMs, askedAtMs + this.#times.lifetimeMs - this.#times.marginMs);
    this.#expireInTime(mandate);
    seen?.(await store.lease.read());
    return this.#times.renewMs;
  }

  /** Renews the lease while what is watched is still being loaded. A failure shows in time: the mandate expires. */
  async #renewLoading(mandate: Mandate): Promise<void> {
    if (mandate.stopped === undefined) await this.#renew(mandate).catch(() => {});
  }

  /** Ends the mandate when the last renewal can be trusted no longer, also while a renewal is not answered. */
  #expireInTime(mandate: Mandate): void {
    clearTimeout(this.#expiry);
    const leftMs = Math.max(0, mandate.trustedUntilMs - this.#options.nowMs());
    this.#expiry = setTimeout(() => {
      if (mandate.over.signal.aborted) return;
      if (this.#options.nowMs() < mandate.trustedUntilMs) return this.#expireInTime(mandate);
      void this.#end(mandate, 'the lease could not be renewed in time', 'expired').catch(() => {});
    }, leftMs);
  }

  async #resign(why: string): Promise<void> {
    if (this.#mandate !== undefined) await this.#end(this.#mandate, why, 'stopped');
  }

  /** Stops leading, once. */
  #end(mandate: Mandate, why: string, ended: 'stopped' | Ended): Promise<void> {
    mandate.stopped ??= this.#stopLeading(mandate, why, ended);
    return mandate.stopped;
  }

  async #stopLeading(mandate: Mandate, why: string, ended: 'stopped' | Ended): Promise<void> {
    const { store, log, released } = this.#options;
    const { held, over, leading } = mandate;
    const { term } = held;
    clearTimeout(this.#expiry);
    log.info({ term, why }, 'leader: this process follows the chain no more');
    try {
      // In an orderly stop, it still stores what that takes.
      if (!this.#isStopping) over.abort();
      await leading?.stop(ended);
    } finally {
      over.abort();
      if (ended !== 'lost') {
        await store.lease.release(held).catch((error: unknown) => {
          log.warn({ term, err: error }, 'leader: the lease was not given back; it expires by itself');
        });
        released?.();
      }
      if (this.#mandate === mandate) this.#mandate = undefined;
      if (!this.#isStopping) this.#loop.wake();
    }
  }
}
