/**
 * The lease of the one process that follows the chain, judges orders and makes addresses ready: the leader. Its times are measured by the
 * clock of the database. Every takeover begins another term. A transaction of the leader begins with {@link LeaseStore.hold}, so that
 * none is committed after another process has taken over (docs/adr/0062).
 */
export interface LeaseStore {
  read(): Promise<StoredLease>;
  /**
   * Takes the lease if nobody holds it. Waits for transactions that hold the current term. Call it in a transaction.
   *
   * @param holder Names this process and this takeover: a failover may lose a term, and another process then begins the same one.
   * @returns The lease in its new term; undefined if another process holds it.
   */
  take(holder: string, lifetimeMs: number): Promise<HeldLease | undefined>;
  /**
   * Extends the lease, and stores what the leader wants others to know.
   *
   * @returns Whether this process still held it, on the same timeline of the database.
   */
  renew(held: HeldLease, lifetimeMs: number, status: string | undefined): Promise<Renewal>;
  /** Gives the lease back, so that others need not wait until it expires. */
  release(held: HeldLease): Promise<void>;
  /**
   * Keeps others from taking the lease until the transaction ends. Call it in a transaction.
   *
   * @throws LeaseLostError if it is over: another process has taken the lease, or the database has failed over. What the leader remembers
   * of the database may then be lost, such as which addresses are stored.
   */
  hold(held: HeldLease): Promise<void>;
}

export interface HeldLease {
  readonly holder: string;
  readonly term: number;
  /** The timeline of the database on which it was taken; every failover begins another. */
  readonly timeline: string;
}

export type Renewal = 'renewed' | 'lost' | 'failed over';

export interface StoredLease {
  /** The process that has the lease, or has let it expire; undefined if it was given back. */
  readonly holder: string | undefined;
  readonly term: number;
  /** How long the lease is still valid, in milliseconds; 0 or less if it is not. */
  readonly validMs: number;
  /** What the leader has last stored for others; undefined before the first time. */
  readonly status: string | undefined;
  /** How old that is, in milliseconds. */
  readonly statusAgeMs: number;
}

/** Another process follows the chain now. Whatever this one wanted to store in that role must not be stored. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}
