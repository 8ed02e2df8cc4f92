/**
 * Lets works that write share one commit, so that the disk is waited for once and not once a work (docs/adr).
 *
 * One work runs at a time, between its own savepoint and its release: undone, it leaves the others of its group as they were.
 * A group begins with the first work that finds none, and takes in whatever is ready to write until the event loop has gone
 * round without another, or {@link MAX_BATCH} have joined; then it is committed, and only then does any work of it learn how it ended. A work
 * may have seen what others of its group wrote, so all of them share its fate: when the commit fails, every one has failed.
 *
 * While another process holds the lock, the first in line tries again and again, and each gives up when it has waited too long in all
 * ({@link retryWhileBusy}).
 */
import { MAX_BATCH, MAX_ROUNDS } from '../../../kernel/batcher.ts';
import { isBusy, StoreDownError } from '../../store-down.ts';
import { BUSY_RETRY, retryWhileBusy, type BusyRetry } from './busy-retry.ts';

export interface GroupDatabase {
  /** Whether a transaction is open; some faults (a full disk) end it as a whole. */
  readonly isTransaction: boolean;
  exec(text: string): void;
}

interface Group {
  works: number;
  /** How many had joined when the event loop went round last. */
  worksBefore: number;
  roundsLeft: number;
  /** Whether the event loop has gone round while a work was still running. */
  due: boolean;
  readonly ended: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit {
  readonly #database: GroupDatabase;
  readonly #retry: BusyRetry;
  readonly #waiting: (() => void)[] = [];
  #running = false;
  #group: Group | undefined;

  constructor(database: GroupDatabase, retry: BusyRetry = BUSY_RETRY) {
    this.#database = database;
    this.#retry = retry;
  }

  /**
   * Waits for its turn to write. Anyone who was let in says by `keep` or `undo` that it has ended.
   *
   * @throws when another process holds the lock for too long; nothing has been written then.
   */
  async enter(): Promise<void> {
    const askedAtMs = this.#retry.nowMs();
    if (this.#running) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running = true;
    try {
      this.#join();
    } catch (error) {
      await this.#joinLater(error, askedAtMs);
    }
  }

  /** Settles when what the work wrote is on the disk. */
  async keep(): Promise<void> {
    await this.#end('release work');
  }

  /** Takes back what the work wrote, and settles when it is known whether what it saw of others has lasted. */
  async undo(): Promise<void> {
    if (this.#database.isTransaction) return this.#end('rollback to work', 'release work');
    // The fault that the work failed with has ended the transaction as a whole.
    this.#fail(new StoreDownError('SQLite has taken back the transaction because of a fault in another work of its group'));
    this.#leave();
  }

  /** Commits what is ready. */
  flush(): void {
    if (!this.#running) this.#commit();
  }

  async #joinLater(fault: unknown, askedAtMs: number): Promise<void> {
    try {
      if (!isBusy(fault)) throw fault;
      await retryWhileBusy(() => this.#join(), askedAtMs, this.#retry);
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  #join(): void {
    if (this.#group === undefined) {
      this.#database.exec('begin immediate');
      this.#group = newGroup();
      setImmediate(this.#roundEnded, this.#group);
    }
    this.#database.exec('savepoint work');
    this.#group.works += 1;
  }

  async #end(...commands: readonly string[]): Promise<void> {
    const group = this.#group;
    try {
      if (group === undefined) throw new StoreDownError('the work has been taken back already');
      for (const command of commands) this.#database.exec(command);
    } catch (error) {
      this.#fail(error);
      this.#leave();
      throw error;
    }
    if (group.due || group.works >= MAX_BATCH) this.#commit();
    this.#leave();
    await group.ended;
  }

  #leave(): void {
    const next = this.#waiting.shift();
    // The turn is handed over and not put down, so that nobody comes between.
    if (next === undefined) this.#running = false;
    else next();
  }

  readonly #roundEnded = (group: Group): void => {
    if (this.#group !== group) return;
    if (group.works > group.worksBefore && group.roundsLeft > 0) {
      group.worksBefore = group.works;
      group.roundsLeft -= 1;
      setImmediate(this.#roundEnded, group);
    } else if (this.#running) group.due = true;
    else this.#commit();
  };

  #commit(): void {
    const group = this.#group;
    if (group === undefined) return;
    try {
      this.#database.exec('commit');
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#group = undefined;
    group.resolve();
  }

  #fail(error: unknown): void {
    const group = this.#group;
    this.#group = undefined;
    if (this.#database.isTransaction) this.#database.exec('rollback');
    group?.reject(error);
  }
}

function newGroup(): Group {
  let [resolve, reject]: [Group['resolve'], Group['reject']] = [() => {}, () => {}];
  const ended = new Promise<void>((...settlers) => ([resolve, reject] = settlers));
  // A group may fail while its only work learns of that fault elsewhere.
  ended.catch(() => {});
  return { works: 0, worksBefore: 0, roundsLeft: MAX_ROUNDS, due: false, ended, resolve, reject };
}
