import type { FileHandle } from 'node:fs/promises';
import { pause } from '../../kernel/thread/in-pages.ts';

/** Between two flushes: a disk writes some ten megabytes. */
const FLUSH_EVERY_MS = 100;

/**
 * Flushes a file again and again while something writes to it, and resolves when both have ended. What is left to flush is then little.
 *
 * @throws what `writing` rejects with, or else the error of a flush.
 */
export async function flushWhile(
  file: Pick<FileHandle, 'datasync'>,
  writing: Promise<void>,
  flushEveryMs: number = FLUSH_EVERY_MS,
): Promise<void> {
  const ended = new AbortController();
  const flushing = (async () => {
    while (!ended.signal.aborted) {
      await pause(flushEveryMs, ended.signal);
      await file.datasync();
    }
  })();
  // It is awaited below, after the writing.
  flushing.catch(() => {});
  try {
    await writing;
  } finally {
    ended.abort();
  }
  await flushing;
}
