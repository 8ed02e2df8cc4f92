/**
 * Hands out only indexes below a mark that is on disk outside the database (docs/adr/0030).
 *
 * For each account, a block of indexes is reserved: from the next index up to the wallet's mark in the marks file. A transaction takes
 * indexes from the account's row in the database. If it took one outside the block, it is rolled back, another block is reserved, and it
 * runs again. So every index that a committed transaction has taken is below a mark that was on disk before.
 *
 * The marks file may be ahead of this process: another gateway with the same wallet has taken the indexes below, and this one continues
 * above them. The database may go back while this process runs (a failover that lost the last commits): its index is raised to where
 * this process was. When no orders come for a while, and at a clean stop, the mark is moved back to the next index, so that a kill at a
 * quiet moment skips nothing.
 */
import { ContractError } from '../../contract/contract-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { SerialQueue } from '../../kernel/serial.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { SkipReason } from '../../merchants/account.ts';
import type { MarksFile } from '../../store/marks.ts';
import type { Store, StoreTransaction } from '../../store/ports/store.ts';
import { walletId, type WalletId } from '../../wallet/wallet-id.ts';
import type { SealGuard } from '../seals/seal-guard.ts';
import { accountWallet } from '../merchants/account-wallet.ts';
import type { IndexAllocator, TakeIndexes } from './index-allocator.ts';
import { blockSize, MAX_BLOCK } from './index-blocks.ts';
import * as changes from './mark-changes.ts';

export interface AddressMarksOptions {
  readonly store: Pick<Store, 'accounts' | 'transaction'>;
  readonly marks: MarksFile;
  /** Identifies this process in the marks file: 16 random hexadecimal digits. */
  readonly session: string;
  readonly guard: Pick<SealGuard, 'assertAccount'>;
  readonly clock: Clock;
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number;
  readonly log: LoopLog & { error(fields: Record<string, unknown>, message: string): void };
}

/** The second try follows a new block; a third one, a block that another process reserved at the same time. */
const MAX_TRIES = 4;
/** How long no order must come before a mark is moved back. */
const QUIET_MS = 2_000;
const RETRY_AFTER_S = 5;
/** Smaller blocks are used so slowly that reserving them on demand costs nothing. */
const MIN_EXTENDED_BLOCK = 16;

/** The reserved indexes of an account. */
interface Block {
  readonly wallet: WalletId;
  /** The first index that may be taken. */
  next: number;
  /** Indexes from `next` up to here, exclusive, may be taken. */
  mark: number;
  /** The size of the last reservation. */
  size: number;
  reservedAtMs: number;
  takenAtMs: number;
  /** Whether the mark in the file is at the next index: nothing is reserved. */
  isReleased: boolean;
  isExtending: boolean;
  readonly turns: SerialQueue;
}

/** A transaction took indexes that are not reserved. */
class NotReservedError extends Error {
  override readonly name = 'NotReservedError';
  readonly first: number;
  constructor(first: number) {
    super(`index ${first} is not reserved`);
    this.first = first;
  }
}

export class AddressMarks implements IndexAllocator {
  readonly #options: AddressMarksOptions;
  readonly #blocks = new Map<AccountId, Promise<Block>>();
  readonly #loop: TaskLoop;
  #failures = 0;
  #closed = false;

  constructor(options: AddressMarksOptions) {
    this.#options = options;
    this.#loop = new TaskLoop({
      name: 'address marks',
      idleMs: QUIET_MS,
      retryMs: 30_000,
      log: options.log,
      task: async () => {
        await this.releaseQuiet();
        return undefined;
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Stops handing out indexes for good, and moves every mark back to the next index. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#loop.stop();
    for (const [id, opening] of this.#blocks) {
      try {
        const block = await opening;
        await block.turns.run(() => this.#release(id, block));
      } catch (error) {
        this.#options.log.warn({ account: id, err: error }, 'address marks: not moved back; the next start skips some addresses');
      }
    }
  }

  /**
   * Raises the mark to an account's next index that a payment has raised, so that a database that loses the payment does not hand out
   * indexes below it. Never rejects: a failed write is logged, and the mark is raised when the next index is taken.
   */
  async follow(id: AccountId, next: number): Promise<void> {
    try {
      const block = await this.#blockOf(id);
      await block.turns.run(async () => {
        if (this.#closed || next <= block.mark) return;
        const { marks, session } = this.#options;
        // Before the write: even if it fails, no index below is taken any more.
        block.next = next;
        block.mark = next;
        block.size = 0;
        await marks.update((draft) => changes.raise(draft, block.wallet, next, session));
      });
    } catch (error) {
      this.#options.log.warn({ account: id, next, err: error }, 'address marks: not raised past a payment beyond the next index');
    }
  }

  async take<T>(id: AccountId, count: number, work: (take: TakeIndexes) => Promise<T>): Promise<T> {
    const block = await this.#blockOf(id);
    return block.turns.run(() => this.#take(id, block, count, work));
  }

  async #take<T>(id: AccountId, block: Block, count: number, work: (take: TakeIndexes) => Promise<T>): Promise<T> {
    if (this.#closed) throw new ContractError('4006', 'the gateway is stopping', { retryAfterS: RETRY_AFTER_S });
    if (block.next + count > block.mark) await this.#reserve(id, block, block.next, count);
    for (let tries = 1; ; tries += 1) {
      let end = block.next;
      const take = async (tx: Pick<StoreTransaction, 'accounts'>, wanted: number): Promise<number> => {
        const first = await tx.accounts.takeIndexes(id, wanted);
        if (first < block.next || first + wanted > block.mark) throw new NotReservedError(first);
        end = first + wanted;
        return first;
      };
      try {
        const result = await work(take);
        block.next = end;
        block.takenAtMs = this.#options.nowMs();
        this.#extendInTime(block);
        return result;
      } catch (error) {
        if (!(error instanceof NotReservedError) || tries === MAX_TRIES) throw error;
        await this.#reserve(id, block, error.first, count);
      }
    }
  }

  /** Reserves another block. @param dbNext The account's next index in the database. */
  async #reserve(id: AccountId, block: Block, dbNext: number, count: number): Promise<void> {
    const { marks, session, nowMs } = this.#options;
    const size = blockSize(block.size === 0 ? undefined : { size: block.size, ageMs: nowMs() - block.reservedAtMs }, count);
    const { from, to } = await this.#written(() =>
      marks.update((draft) => changes.reserve(draft, block.wallet, Math.max(dbNext, block.next), size, session)),
    );
    if (from > dbNext) await this.#raiseIndex(id, from, dbNext < block.next ? 'older_database' : 'mark');
    Object.assign(block, { next: from, mark: to, isReleased: false, size, reservedAtMs: nowMs() });
  }

  /** Reserves more before a large block is used up, so that no order waits for the disk while orders come fast. */
  #extendInTime(block: Block): void {
    const { marks, session, nowMs } = this.#options;
    if (block.isExtending || block.size < MIN_EXTENDED_BLOCK || block.mark - block.next >= block.size / 2) return;
    block.isExtending = true;
    const before = { size: block.size, ageMs: nowMs() - block.reservedAtMs };
    const size = Math.min(blockSize(before, 1), MAX_BLOCK / 2);
    const extending = marks.update((draft) =>
      this.#closed ? undefined : changes.extend(draft, block.wallet, { from: block.next, to: block.mark }, size, session),
    );
    void extending
      .then((added) => {
        if (added === undefined || block.mark !== added.from) return;
        Object.assign(block, { mark: added.to, isReleased: false, size, reservedAtMs: nowMs() });
      })
      // The order that needs the next block tries again, and logs the failure.
      .catch(() => {})
      .finally(() => {
        block.isExtending = false;
      });
  }

  async #raiseIndex(id: AccountId, to: number, reason: SkipReason): Promise<void> {
    const { store, clock, log } = this.#options;
    const range = await store.transaction((tx) => tx.accounts.raiseIndex(id, to, reason, clock.now()));
    if (range === undefined) return;
    const why =
      reason === 'mark'
        ? 'another gateway or database uses the same wallet'
        : 'the database has lost indexes that this gateway had handed out';
    log.warn({ account: id, from: range.from, to: range.to, reason }, `address marks: addresses skipped: ${why}`);
  }

  /** Logs a failed write of the marks file, and answers the client with an error that does not mention it. */
  async #written<T>(write: () => Promise<T>): Promise<T> {
    const { log, marks } = this.#options;
    try {
      const result = await write();
      if (this.#failures > 0) log.info({ file: marks.path, failures: this.#failures }, 'address marks: can be written again');
      this.#failures = 0;
      return result;
    } catch (cause) {
      this.#failures += 1;
      // At the 1st, 2nd, 4th, 8th ... failure in a row: never silent, never a flood.
      if (Number.isInteger(Math.log2(this.#failures)))
        log.error(
          { file: marks.path, failures: this.#failures, err: cause },
          'address marks: the marks file cannot be written, so no order is created: see docs/running.md',
        );
      throw new ContractError('4006', 'no address can be handed out now', { retryAfterS: RETRY_AFTER_S, cause });
    }
  }

  /** Moves back the marks of accounts that have had no order for a while. */
  async releaseQuiet(): Promise<void> {
    const { nowMs } = this.#options;
    for (const [id, opening] of this.#blocks) {
      const block = await opening.catch(() => undefined);
      if (block === undefined || block.isReleased || nowMs() - block.takenAtMs < QUIET_MS) continue;
      await block.turns.run(() => this.#release(id, block));
    }
  }

  /** Moves the mark back to the account's next index. */
  async #release(id: AccountId, block: Block): Promise<void> {
    if (block.isReleased) return;
    const { store, marks, session } = this.#options;
    // Taking no index still waits for the account's row: a transaction of ours whose result was lost has ended then.
    const dbNext = await store.transaction((tx) => tx.accounts.takeIndexes(id, 0));
    const next = Math.max(dbNext, block.next);
    // Before the write: even if it fails, nothing up to the old mark is handed out any more.
    block.next = next;
    block.mark = next;
    await marks.update((draft) => changes.release(draft, block.wallet, next, session));
    block.isReleased = true;
  }

  #blockOf(id: AccountId): Promise<Block> {
    const known = this.#blocks.get(id);
    if (known !== undefined) return known;
    const opening = this.#open(id);
    this.#blocks.set(id, opening);
    opening.catch(() => this.#blocks.delete(id));
    return opening;
  }

  async #open(id: AccountId): Promise<Block> {
    const account = await this.#options.store.accounts.get(id);
    if (account === undefined) throw new Error(`no account with id ${id}`);
    this.#options.guard.assertAccount(account);
    const { nextIndex: next } = account;
    return {
      wallet: walletId(accountWallet(account)),
      next,
      mark: next,
      size: 0,
      reservedAtMs: 0,
      takenAtMs: this.#options.nowMs(),
      isReleased: true,
      isExtending: false,
      turns: new SerialQueue(),
    };
  }
}
