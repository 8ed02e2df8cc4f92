/**
 * Counts the commits of other connections, including other processes, by SQLite's `data_version`. Reading it takes microseconds and
 * touches no table. It is read once per turn of the event loop, so what is read in a turn is at most as old as the beginning of that
 * turn. All our transactions take the write lock when they begin, so no other process commits while one of ours is open.
 */
import type { DatabaseSync } from '@photostructure/sqlite';
import { isBusy } from '../../../store-down.ts';

/** Returns a function whose result grows when other connections may have changed something. */
export function commitsOfOthers(database: InstanceType<typeof DatabaseSync>): () => number {
  const statement = database.prepare('pragma data_version');
  const read = (): unknown => {
    try {
      return (statement.get() as { data_version: unknown }).data_version;
    } catch (error) {
      // Another process has locked the whole database, which counts as a commit.
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
