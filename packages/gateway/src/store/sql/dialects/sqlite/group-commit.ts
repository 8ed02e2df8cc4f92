/**
 * Lets writing tasks share one commit, so that the disk is synced once per group instead of once per task (docs/adr/0007). Where the
 * commit itself does not sync the disk, `sync` does so after it, and the next group waits for that (docs/adr/0078).
 *
 * One task runs at a time, inside a savepoint of its own; rolling it back leaves the other tasks of its group as they were. Urgent tasks
 * and others take turns. A group opens with the first task that finds none open. It takes in tasks that are ready to write until a turn
 * of the event loop brings no other, or {@link MAX_BATCH} have joined. Then it is committed, and only then do its tasks resolve. A task may
 * have read what others of its group wrote, so all of them depend on the commit: if it fails, every task of the group fails.
 *
 * While another process holds the lock, the first task in line retries, and each task gives up after its total waiting time
 * ({@link retryWhileBusy}). Groups that follow each other without a break leave gaps for other processes ({@link LockGaps}).
 */
import { MAX_BATCH, MAX_ROUNDS } from '../../../../kernel/batcher.ts';
import { enterStep, stepOf } from '../../../../kernel/thread/steps.ts';
import { isBusy, StoreDownError } from '../../../store-down.ts';
import { BUSY_RETRY, retryWhileBusy, type BusyRetry } from './busy-retry.ts';
import { LockGaps } from './lock-gaps.ts';
import { waitForDisk } from './wait-for-disk.ts';

const COMMIT = stepOf('commit');

export interface GroupDatabase {
  /** Whether a transaction is open. Some faults, such as a full disk, roll back the whole transaction. */
  readonly isTransaction: boolean;
  exec(text: string): void;
}

export interface GroupOptions {
  readonly retry?: BusyRetry;
  /** Brings what has been committed to the disk. Default: the commit has done so. */
  readonly sync?: (() => Promise<void>) | undefined;
  /** Returns what must end before a group may begin, if anything. It must not reject. */
  readonly pause?: (() => Promise<void> | undefined) | undefined;
  /** Called after every commit, once it is on the disk. */
  readonly committed?: (() => void) | undefined;
  /** Whether other processes may wait for the lock. Default: true. */
  readonly isShared?: boolean;
}

type Kind = 'urgent' | 'other';

interface Group {
  tasks: number;
  /** How many tasks had joined at the last turn of the event loop. */
  tasksBefore: number;
  roundsLeft: number;
  /** Whether to commit as soon as the running task ends. */
  due: boolean;
  readonly ended: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit {
  readonly #database: GroupDatabase;
  readonly #sync: (() => Promise<void>) | undefined;
  readonly #pause: () => Promise<void> | undefined;
  readonly #committed: () => void;
  readonly #retry: BusyRetry;
  readonly #gaps: LockGaps | undefined;
  readonly #waiting: Readonly<Record<Kind, (() => void)[]>> = { urgent: [], other: [] };
  /** The kind that goes first when the running task ends. */
  #nextKind: Kind = 'urgent';
  #running = false;
  #isEnded = false;
  #group: Group | undefined;
  #unsynced: Promise<void> | undefined;

  constructor(database: GroupDatabase, options: GroupOptions = {}) {
    const { retry = BUSY_RETRY, sync, pause = () => undefined, committed = () => {}, isShared = true } = options;
    this.#database = database;
    this.#sync = sync;
    this.#pause = pause;
    this.#committed = committed;
    this.#retry = retry;
    this.#gaps = isShared ? new LockGaps(retry.nowMs) : undefined;
  }

  /**
   * Resolves when the last commit, which reads can see, is on the disk; undefined if it is. Once the disk has refused one, it rejects:
   * nothing that is read or written can be relied on any more.
   */
  get unsynced(): Promise<void> | undefined {
    return this.#unsynced;
  }

  /**
   * Waits for the turn of a task, and joins a group. The task must then call `commit` or `rollBack`.
   *
   * @param isUrgent Whether it goes before others that wait. One of those has its turn after each urgent task.
   *
   * @throws if another process holds the lock or the disk works for too long, or the disk has refused a commit. Nothing has been written
   *   then.
   */
  async enter(isUrgent = false): Promise<void> {
    const requestedAtMs = this.#retry.nowMs();
    await this.#takeTurn(isUrgent ? 'urgent' : 'other');
    this.#nextKind = isUrgent ? 'other' : 'urgent';
    if (this.#isEnded) {
      this.#leave();
      throw new Error('the database is closed');
    }
    try {
      if (this.#group === undefined) await this.#untilMayBegin(requestedAtMs);
    } catch (error) {
      this.#leave();
      throw error;
    }
    try {
      this.#join();
    } catch (error) {
      await this.#joinLater(error, requestedAtMs);
    }
  }

  /** Ends the task, and resolves when its writes are on the disk. */
  async commit(): Promise<void> {
    await this.#end('release task');
  }

  /** Rolls back the writes of the task. Resolves when the group is committed, and with it everything that the task has read. */
  async rollBack(): Promise<void> {
    if (this.#database.isTransaction) return this.#end('rollback to task', 'release task');
    // The fault that made the task fail has rolled back the whole transaction.
    this.#fail(new StoreDownError('SQLite has rolled back the transaction because of a fault in another task of its group'));
    this.#leave();
  }

  /** Waits for the tasks that run or have come before, and commits them. Later ones are refused. */
  async end(): Promise<void> {
    await this.#takeTurn('other');
    while (this.#waiting.urgent.length > 0) {
      const turn = this.#takeTurn('other');
      this.#nextKind = 'urgent';
      this.#leave();
      await turn;
    }
    this.#commitGroup();
    this.#isEnded = true;
    this.#leave();
    await this.#unsynced;
  }

  async #untilMayBegin(requestedAtMs: number): Promise<void> {
    for (const disk of [() => this.#unsynced, this.#pause]) {
      const busy = disk();
      if (busy !== undefined) await waitForDisk(busy, requestedAtMs + this.#retry.giveUpAfterMs - this.#retry.nowMs());
    }
    const gapMs = this.#gaps?.dueMs();
    if (gapMs) await this.#retry.sleep(gapMs);
  }

  async #takeTurn(kind: Kind): Promise<void> {
    if (this.#running) await new Promise<void>((resolve) => this.#waiting[kind].push(resolve));
    this.#running = true;
  }

  async #joinLater(fault: unknown, requestedAtMs: number): Promise<void> {
    try {
      if (!isBusy(fault)) throw fault;
      await retryWhileBusy(() => this.#join(), requestedAtMs, this.#retry);
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  #join(): void {
    if (this.#group === undefined) {
      this.#rollBackWhole();
      this.#database.exec('begin immediate');
      this.#gaps?.taken();
      this.#group = newGroup();
      setImmediate(this.#roundEnded, this.#group);
    }
    this.#database.exec('savepoint task');
    this.#group.tasks += 1;
  }

  async #end(...commands: readonly string[]): Promise<void> {
    const group = this.#group;
    try {
      if (group === undefined || !this.#database.isTransaction) throw new StoreDownError('the task has already been rolled back');
      for (const command of commands) this.#database.exec(command);
    } catch (error) {
      this.#fail(error);
      this.#leave();
      throw error;
    }
    if (group.due || group.tasks >= MAX_BATCH) this.#commitGroup();
    this.#leave();
    await group.ended;
  }

  #leave(): void {
    const { urgent, other } = this.#waiting;
    const next = this.#nextKind === 'urgent' ? (urgent.shift() ?? other.shift()) : (other.shift() ?? urgent.shift());
    // The turn is handed over directly, so that no other task can come between.
    if (next === undefined) this.#running = false;
    else next();
  }

  readonly #roundEnded = (group: Group): void => {
    if (this.#group !== group) return;
    if (group.tasks > group.tasksBefore && group.roundsLeft > 0) {
      group.tasksBefore = group.tasks;
      group.roundsLeft -= 1;
      setImmediate(this.#roundEnded, group);
    } else if (this.#running) group.due = true;
    else this.#commitGroup();
  };

  #commitGroup(): void {
    const group = this.#group;
    if (group === undefined) return;
    enterStep(COMMIT);
    try {
      this.#database.exec('commit');
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#gaps?.freed();
    this.#group = undefined;
    if (this.#sync === undefined) {
      this.#stored(group);
      return;
    }
    this.#unsynced = this.#sync().then(() => {
      this.#unsynced = undefined;
      this.#stored(group);
    });
    this.#unsynced.catch(group.reject);
  }

  #stored(group: Group): void {
    group.resolve();
    this.#committed();
  }

  #rollBackWhole(): void {
    if (this.#database.isTransaction) this.#database.exec('rollback');
  }

  #fail(error: unknown): void {
    const group = this.#group;
    this.#group = undefined;
    try {
      this.#rollBackWhole();
    } catch {
      // The next group tries again. A transaction that nothing commits stores nothing.
    }
    this.#gaps?.freed();
    group?.reject(error);
  }
}

function newGroup(): Group {
  let [resolve, reject]: [Group['resolve'], Group['reject']] = [() => {}, () => {}];
  const ended = new Promise<void>((...settlers) => ([resolve, reject] = settlers));
  // The group may fail while nothing awaits it, because its only task has already failed with the same fault.
  ended.catch(() => {});
  return { tasks: 0, tasksBefore: 0, roundsLeft: MAX_ROUNDS, due: false, ended, resolve, reject };
}
