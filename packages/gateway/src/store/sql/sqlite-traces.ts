/**
 * Removes from the files of a SQLite database what was erased from its rows: the write-ahead log still has the pages as they were, and
 * the space between the rows of a page may have remains of rows that were moved.
 */
import { DatabaseSync } from '@photostructure/sqlite';

const BUSY_MS = 10_000;

/** @param vacuum Whether to write the whole database anew, while nobody else can write. @returns whether the log is empty now. */
export function clearTraces(path: string, { vacuum }: { readonly vacuum: boolean }): boolean {
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    if (vacuum) database.exec('vacuum');
    const [row] = database.prepare('pragma wal_checkpoint(truncate)').all() as { busy: number }[];
    return row?.busy === 0;
  } finally {
    database.close();
  }
}
