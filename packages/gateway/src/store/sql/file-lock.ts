/**
 * A lock between processes that the operating system releases when its holder ends, however it ends. There are no process ids to compare
 * and no stale locks to clear, even between containers in which every gateway is process 1. Node has no file locks, so it uses SQLite's
 * lock on an empty file.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { makePrivate } from './dialects/sqlite/make-private.ts';

/** Another process holds the lock. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

/**
 * Runs `work` while holding the lock. If another process holds it, it is tried again every few milliseconds.
 *
 * @param path An empty file, which is created if it does not exist. Nothing is ever written to it.
 * @throws LockedError if the lock is not free within `timeoutMs`; otherwise whatever opening the file or `work` throws.
 */
export async function withFileLock<T>(path: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  await makePrivate(path);
  // SQLite would wait in the JavaScript thread, so it is not allowed to wait.
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    await acquire(database, path, timeoutMs);
    return await work();
  } finally {
    database.close();
  }
}

async function acquire(database: InstanceType<typeof DatabaseSync>, path: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return database.exec('begin exclusive');
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('database is locked'))) throw error;
      if (performance.now() >= deadline) throw new LockedError(`${path}: another process has held the lock for ${timeoutMs} ms`);
      await sleep(2 + Math.random() * 8);
    }
  }
}
