/**
 * Long work that one of several processes does for all, which another one continues if it dies. What has been done so far is stored with
 * the work. Claims are measured by the clock of the database, and each takeover begins another term, so a process that was suspended cannot
 * store anything after another has taken over.
 */
export interface WorkStore {
  /** Returns undefined if nothing was ever begun. */
  read(name: WorkName): Promise<StoredWork | undefined>;
  /** As `read`. Until the transaction ends, nobody else changes the work. Call it in a transaction. */
  lock(name: WorkName): Promise<StoredWork | undefined>;
  /** Claims the work, even if another process has a claim. Call it in a transaction that has locked the work. */
  take(name: WorkName, claim: WorkClaim): Promise<HeldWork>;
  /** Stores what has been done so far, and extends the claim. Returns false, without a change, if another process has claimed it. */
  save(held: HeldWork, progress: string, lifetimeMs: number): Promise<boolean>;
}

export type WorkName = 'redelivery';

export interface StoredWork {
  readonly progress: string;
  readonly holder: string;
  /** How long the claim is still valid, in milliseconds; 0 or less if it is not. */
  readonly validMs: number;
}

export interface WorkClaim {
  readonly holder: string;
  readonly progress: string;
  readonly lifetimeMs: number;
}

export interface HeldWork {
  readonly name: WorkName;
  readonly holder: string;
  readonly term: number;
}
