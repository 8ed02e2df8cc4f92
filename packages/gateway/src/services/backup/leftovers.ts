/**
 * Removes the drafts of backups that were killed. Each draft has a lock file beside it that its process holds locked, so a draft whose
 * lock is free is a leftover, and one whose lock is held is still being written.
 */
import type { Stats } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../kernel/error-message.ts';

/**
 * Runs `work` while it holds the lock of a file, which it creates if necessary. A process that dies loses the lock.
 *
 * @returns Undefined, without running `work`, if another process holds the lock.
 */
export type WhileLocked = <T>(path: string, work: () => Promise<T>) => Promise<T | undefined>;

const LOCK = /^\..+\.[\da-f]{12}\.lock$/;

export const lockOf = (draft: string): string => `${draft}.lock`;

/** Removes the leftovers in a folder. Skips files of other users. @returns The drafts that were removed. */
export async function removeLeftovers(parent: string, whileLocked: WhileLocked): Promise<string[]> {
  const removed: string[] = [];
  for (const name of (await readdir(parent)).filter((entry) => LOCK.test(entry))) {
    const lock = join(parent, name);
    const draft = lock.slice(0, -lockOf('').length);
    // Not a link: others may be able to write to the folder, and a link could lead anywhere.
    if (!isOurs(await statOf(lock))?.isFile()) continue;
    await whileLocked(lock, async () => {
      if (isOurs(await statOf(draft))?.isDirectory() === true) {
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

async function statOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
}
