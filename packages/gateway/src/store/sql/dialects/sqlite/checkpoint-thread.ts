/**
 * Copies the write-ahead log into the database in a thread of its own, because a checkpoint syncs the disk, and a commit would wait for
 * it (docs/adr/0056). SQLite lets other connections write meanwhile.
 *
 * The log begins again only after a checkpoint that reached its end, and commits keep the thread's from getting there. So when the log
 * is large, the writer pauses while the thread copies what is left. If the thread ends, the writer makes the checkpoints itself.
 */
import { Worker } from 'node:worker_threads';

/** Pages in the log before a writer without the thread makes a checkpoint: 16 MB. */
export const PAGES_PER_CHECKPOINT = 4_000;
/**
 * With the thread, the writer makes none. A backup keeps the log from being copied for as long as it takes, and the writer would then copy
 * all of it in its next commit.
 */
export const NO_CHECKPOINT = 0;
/** Pages in the log before the writer pauses for the thread: 64 MB. */
const PAGES_BEFORE_PAUSE = 16_000;
/** Pages before the next pause, if a reader, such as a backup, keeps the log from beginning again. */
const PAGES_BETWEEN_PAUSES = 8_000;
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
    let done = { log: 0, checkpointed: 0 };
    try {
      done = checkpoint.get();
    } catch {
      // Locked by another connection: the next one copies these pages too.
    }
    parentPort.postMessage(done);
  });
});`;

export interface CheckpointThreadOptions {
  readonly path: string;
  /** Sets after how many pages the writer makes a checkpoint itself; 0 for never. */
  readonly limitLog: (pages: number) => void;
  readonly startWorker?: (path: string) => Worker;
}

/** What `pragma wal_checkpoint` answers: the pages in the log, and how many of them are in the database. */
export interface CheckpointResult {
  readonly log: number;
  readonly checkpointed: number;
}

export class CheckpointThread {
  readonly #options: CheckpointThreadOptions;
  #worker: Worker | undefined;
  #isBusy = false;
  #isClosed = false;
  /** The writer's changed rows at the last checkpoint. */
  #rowsBefore = 0;
  #pausesAt = PAGES_BEFORE_PAUSE;
  #pause: Promise<void> | undefined;
  #endPause: () => void = () => {};

  constructor(options: CheckpointThreadOptions) {
    this.#options = options;
  }

  /** Resolves when the writer may write again; undefined while it may. */
  get pause(): Promise<void> | undefined {
    return this.#pause;
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
    this.#ask(this.#worker);
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
    worker.on('message', (result: CheckpointResult) => {
      if (!this.#isClosed) limitLog(NO_CHECKPOINT);
      this.#done(worker, result);
    });
    worker.on('error', () => {});
    worker.on('exit', () => this.#ended());
    return worker;
  }

  #done(worker: Worker, { log, checkpointed }: CheckpointResult): void {
    const isLate = log >= this.#pausesAt && checkpointed < log;
    if (log < PAGES_BEFORE_PAUSE) this.#pausesAt = PAGES_BEFORE_PAUSE;
    if (this.#pause === undefined && isLate && !this.#isClosed) {
      this.#pausesAt = log + PAGES_BETWEEN_PAUSES;
      this.#pause = new Promise((resolve) => (this.#endPause = resolve));
      this.#ask(worker);
      return;
    }
    this.#isBusy = false;
    this.#goOn();
  }

  #goOn(): void {
    this.#pause = undefined;
    this.#endPause();
  }

  #ask(worker: Worker): void {
    // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
    worker.postMessage('checkpoint');
  }

  /** The writer makes all checkpoints from now on. */
  #ended(): void {
    this.#goOn();
    if (!this.#isClosed) this.#options.limitLog(PAGES_PER_CHECKPOINT);
    this.#isClosed = true;
    this.#worker = undefined;
  }
}

function start(path: string): Worker {
  const workerData = { driver: import.meta.resolve('@photostructure/sqlite'), path };
  return new Worker(PROGRAM, { eval: true, execArgv: [], resourceLimits: RESOURCE_LIMITS, workerData });
}
