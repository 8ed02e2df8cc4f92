/**
 * A backup that is killed leaves its draft. Beside each draft lies a file that its maker holds locked, so that the next backup in the
 * same folder tells the drafts of the dead, which it removes, from those that are being made.
 */
import type { Stats } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Runs `work` while nobody else holds the lock of a file, which is made when it is missing; a process that dies gives it up.
 *
 * @returns undefined, without running it, when somebody holds it.
 */
export type WhileLocked = <T>(path: string, work: () => Promise<T>) => Promise<T | undefined>;

const LOCK = /^\..+\.[\da-f]{12}\.lock$/;

export const lockOf = (draft: string): string => `${draft}.lock`;

/** @returns the drafts that were removed. What belongs to another user is left alone. */
export async function removeLeftovers(parent: string, whileLocked: WhileLocked): Promise<string[]> {
  const removed: string[] = [];
  for (const name of (await readdir(parent)).filter((entry) => LOCK.test(entry))) {
    const lock = join(parent, name);
    const draft = lock.slice(0, -lockOf('').length);
    // A link could lead anywhere, in a folder in which others may write.
    if (!isOurs(await found(lock))?.isFile()) continue;
    await whileLocked(lock, async () => {
      if (isOurs(await found(draft))?.isDirectory() === true) {
        await rm(draft, { recursive: true, force: true });
        removed.push(draft);
      }
      await rm(lock, { force: true });
    });
  }
  return removed;
}

function isOurs(stats: Stats | undefined): Stats | undefined {
  return process.getuid === undefined || stats?.uid === process.getuid() ? stats : undefined;
}

async function found(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
}
