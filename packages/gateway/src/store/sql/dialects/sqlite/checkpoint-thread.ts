/**
 * Copies the write-ahead log into the database in a thread of its own, because a checkpoint syncs the disk, and a commit would wait for
 * it (docs/adr/0056). SQLite lets other connections write meanwhile.
 *
 * The writer still makes a checkpoint itself once the log is large: only one that reaches the end of the log lets it begin again, and
 * commits keep the thread's from doing so. There is then little left to copy. This also bounds the log if the thread is late; if it has
 * ended, the bound is that of a database without a thread.
 */
import { Worker } from 'node:worker_threads';

/** Pages in the log before the writer makes a checkpoint: 16 MB without a thread, and 64 MB with one. */
export const PAGES_PER_CHECKPOINT = 4_000;
export const PAGES_WITH_THREAD = 16_000;
/** Rows changed before the thread makes a checkpoint. An order changes four, each with some three pages of the log. */
const ROWS_PER_CHECKPOINT = 1_000;
const CLOSE_TIMEOUT_MS = 1_000;
/** It runs one statement, so it needs hardly any memory. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 };

/** A text and not a file, so that it needs no loader for TypeScript. */
const PROGRAM = `
const { parentPort, workerData: { driver, path } } = require('node:worker_threads');
import(driver).then(({ DatabaseSync }) => {
  const database = new DatabaseSync(path, { timeout: 0 });
  const checkpoint = database.prepare('pragma wal_checkpoint(passive)');
  parentPort.on('message', (message) => {
    if (message === 'close') {
      database.close();
      parentPort.close();
      return;
    }
    try {
      checkpoint.get();
    } catch {
      // Locked by another connection: the next one copies these pages too.
    }
    parentPort.postMessage('done');
  });
});`;

export interface CheckpointThreadOptions {
  readonly path: string;
  /** Sets after how many pages the writer makes a checkpoint itself. */
  readonly limitLog: (pages: number) => void;
  readonly startWorker?: (path: string) => Worker;
}

export class CheckpointThread {
  readonly #options: CheckpointThreadOptions;
  #worker: Worker | undefined;
  #isBusy = false;
  #isClosed = false;
  /** The writer's changed rows at the last checkpoint. */
  #rowsBefore = 0;

  constructor(options: CheckpointThreadOptions) {
    this.#options = options;
  }

  /** @param changedRows How many rows the writer has changed since it was opened. */
  committed(changedRows: number): void {
    if (this.#isBusy || this.#isClosed || changedRows - this.#rowsBefore < ROWS_PER_CHECKPOINT) return;
    this.#rowsBefore = changedRows;
    this.#isBusy = true;
    try {
      this.#worker ??= this.#start();
    } catch {
      // The system allows no more threads. The commit has succeeded, so it must not fail because of this.
      this.#ended();
      return;
    }
    // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage('checkpoint');
  }

  /** Closes the thread's connection, so that the writer's is the last one, which empties the log. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.ref();
    // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
    worker.postMessage('close');
    const timer = setTimeout(() => void worker.terminate(), CLOSE_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }

  #start(): Worker {
    const { path, limitLog, startWorker = start } = this.#options;
    const worker = startWorker(path);
    worker.unref();
    worker.on('message', () => {
      this.#isBusy = false;
      if (!this.#isClosed) limitLog(PAGES_WITH_THREAD);
    });
    worker.on('error', () => {});
    worker.on('exit', () => this.#ended());
    return worker;
  }

  /** The writer makes all checkpoints from now on. */
  #ended(): void {
    if (!this.#isClosed) this.#options.limitLog(PAGES_PER_CHECKPOINT);
    this.#isClosed = true;
    this.#worker = undefined;
  }
}

function start(path: string): Worker {
  const workerData = { driver: import.meta.resolve('@photostructure/sqlite'), path };
  return new Worker(PROGRAM, { eval: true, execArgv: [], resourceLimits: RESOURCE_LIMITS, workerData });
}
