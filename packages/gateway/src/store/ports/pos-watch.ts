/** Detects, without a query, whether any POS may have changed since it was read. */
export interface PosWatch {
  /**
   * Returns a number that grows when a POS may have changed, or undefined while that is unknown. On SQLite it grows as soon as the
   * change is committed, on PostgreSQL within {@link POS_WATCH_LAG_MS}.
   */
  version(): number | undefined;
  close(): Promise<void>;
}

/** The longest time for which a committed change by another process may go unnoticed on PostgreSQL. Usually it takes milliseconds. */
export const POS_WATCH_LAG_MS = 2_000;
