/** Says, without a query, whether what was read of a POS may have been changed since. */
export interface PosWatch {
  /**
   * A number that is larger than before when a POS may have been changed meanwhile; undefined while nobody can tell.
   * SQLite tells of a change as soon as it is committed, PostgreSQL within {@link POS_WATCH_LAG_MS} at worst.
   */
  version(): number | undefined;
  close(): Promise<void>;
}

/** How long after its commit a change by another process may go unnoticed on PostgreSQL at worst; milliseconds mostly. */
export const POS_WATCH_LAG_MS = 2_000;
