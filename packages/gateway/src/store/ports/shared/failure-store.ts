/** The refused requests of all processes on this database, such as those with a wrong secret. */
export interface FailureStore {
  /**
   * Adds to the buckets of some keys. At most a bounded number of keys is stored: while they are that many, new ones are not.
   *
   * Call it in a transaction.
   *
   * @param failures Sorted by key, so that two processes cannot deadlock.
   */
  add(failures: readonly CountedFailures[]): Promise<void>;
  /** Deletes the keys whose buckets are full again. */
  prune(): Promise<void>;
  /** Returns the keys whose buckets are not full again, those that take longest first, up to a bound. */
  recent(): Promise<readonly RecentFailures[]>;
}

export interface CountedFailures {
  readonly key: string;
  /** How much longer the bucket takes until it is full again, in milliseconds. */
  readonly costMs: number;
  /** How long an empty bucket takes. */
  readonly maxMs: number;
}

export interface RecentFailures {
  readonly key: string;
  /** How long the bucket takes until it is full again, in milliseconds. */
  readonly restMs: number;
}
