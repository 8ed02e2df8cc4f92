/** The free space of the database's file system. On a full one, SQLite stores nothing: no order is created and no payment recorded. */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inMegabytes, LOW_SPACE_BYTES } from '../kernel/free-space.ts';
import { TaskLoop, type LoopLog } from '../kernel/task-loop.ts';

/**
 * Returns the free space that an ordinary user has on the file system of a file, in bytes.
 *
 * @throws Error when the folder of the file does not exist.
 */
export async function freeSpace(file: string): Promise<number> {
  const { bavail, bsize } = await statfs(dirname(file));
  return bavail * bsize;
}

export interface FreeSpaceWatchOptions {
  readonly free: () => Promise<number>;
  readonly log: LoopLog;
  /** How often the free space is checked, in milliseconds. Default: 60,000. */
  readonly intervalMs?: number;
}

/** Logs once when free space runs low, and once when there is enough again. */
export class FreeSpaceWatch {
  readonly #options: FreeSpaceWatchOptions;
  readonly #loop: TaskLoop;
  #isLow = false;

  constructor(options: FreeSpaceWatchOptions) {
    this.#options = options;
    const idleMs = options.intervalMs ?? 60_000;
    this.#loop = new TaskLoop({ name: 'free space', idleMs, retryMs: idleMs, log: options.log, task: () => this.#check() });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #check(): Promise<undefined> {
    const { free, log } = this.#options;
    const freeBytes = await free();
    // Two thresholds, so that small changes around one of them are not logged.
    const isLow = freeBytes < LOW_SPACE_BYTES * (this.#isLow ? 1.25 : 1);
    if (isLow && !this.#isLow)
      log.warn(
        { free_bytes: freeBytes },
        `free space: only ${inMegabytes(freeBytes)} left for the database; without space no order is created`,
      );
    if (!isLow && this.#isLow)
      log.info({ free_bytes: freeBytes }, `free space: the database has ${inMegabytes(freeBytes)} again`);
    this.#isLow = isLow;
    return undefined;
  }
}
