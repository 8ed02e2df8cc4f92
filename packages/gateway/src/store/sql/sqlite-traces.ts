/**
 * Removes from the files of a SQLite database what was erased from its rows: the write-ahead log still has the pages as they were, and
 * the space between the rows of a page may have remains of rows that were moved.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';

/** How long to wait for other processes. */
const GIVE_UP_AFTER_MS = 10_000;
/** A checkpoint that waits for readers, such as a backup, keeps writers out: a gateway's writes give up after 5 seconds. */
const TRUNCATE_MS = 50;
const PAUSE_MS = 200;

export interface ClearOptions {
  /** Whether to write the whole database anew, while nobody else can write. */
  readonly vacuum: boolean;
  readonly giveUpAfterMs?: number;
}

/** @returns whether the log is empty now. */
export async function clearTraces(path: string, { vacuum, giveUpAfterMs = GIVE_UP_AFTER_MS }: ClearOptions): Promise<boolean> {
  const database = new DatabaseSync(path, { timeout: giveUpAfterMs });
  try {
    if (vacuum) database.exec('vacuum');
    database.exec(`pragma busy_timeout = ${TRUNCATE_MS}`);
    const endMs = performance.now() + giveUpAfterMs;
    while (!isEmptied(database)) {
      if (performance.now() > endMs) return false;
      await sleep(PAUSE_MS);
    }
    return true;
  } finally {
    database.close();
  }
}

function isEmptied(database: InstanceType<typeof DatabaseSync>): boolean {
  // Copies most of the log while others can write.
  database.prepare('pragma wal_checkpoint(passive)').all();
  const [row] = database.prepare('pragma wal_checkpoint(truncate)').all() as { busy: number }[];
  return row?.busy === 0;
}
