/**
 * SQLite itself counts the commits of other connections than the one that asks: those of other processes. It tells within
 * some microseconds, without reading a table, and is asked once for each turn of the event loop: whatever is read in that turn
 * was stored when it began, or later. All our transactions take the writer's place when they begin, so no other process
 * commits while one of ours is open, and the count is never old.
 */
import type { DatabaseSync } from '@photostructure/sqlite';
import { isBusy } from '../../store-down.ts';

/** @returns a number that grows when something may have been changed since by others than this connection. */
export function commitsOfOthers(database: InstanceType<typeof DatabaseSync>): () => number {
  const statement = database.prepare('pragma data_version');
  const read = (): unknown => {
    try {
      return (statement.get() as { data_version: unknown }).data_version;
    } catch (error) {
      // Another process locks all of the database: whatever it does there counts as a commit.
      if (isBusy(error)) return undefined;
      throw error;
    }
  };
  let last = read();
  let commits = 0;
  let fresh = false;
  const turnEnded = (): void => {
    fresh = false;
  };
  return () => {
    if (fresh) return commits;
    const current = read();
    if (current === undefined || current !== last) commits += 1;
    last = current;
    fresh = true;
    setImmediate(turnEnded);
    return commits;
  };
}
