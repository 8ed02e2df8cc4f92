/**
 * Hands out indexes below a mark that is on the disk, outside the database (docs/adr/0030).
 *
 * Of each account a block of indexes is set aside: from the next index up to the wallet's mark in the marks file. Indexes are taken by the
 * account's row in the database, as ever, and a transaction that took one outside the block is undone before it ends; the block is
 * moved, and the transaction runs again. So whatever a transaction has stored lies below a mark that was on the disk before.
 *
 * The marks file may be ahead of what we know: another gateway with the same wallet has taken what lies below, so this one goes on
 * above. The database may have gone back while we run (a failover that lost its last commits): it is raised to where we were. When
 * orders pause the mark is moved back to the next index, so that a kill at a quiet moment skips nothing; and so it is at a clean
 * stop, after which nothing is handed out.
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
import { accountWallet } from '../merchants/account-wallet.ts';
import type { IndexAllocator, TakeIndexes } from './index-allocator.ts';
import { blockSize, LARGEST_BLOCK } from './index-blocks.ts';

export interface AddressMarksOptions {
  readonly store: Pick<Store, 'accounts' | 'transaction'>;
  readonly marks: MarksFile;
  /** The name of this process in the marks file: 16 hex digits that nobody else has. */
  readonly session: string;
  readonly clock: Clock;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
  readonly log: LoopLog & { error(fields: Record<string, unknown>, message: string): void };
}

/** The largest next index that an account may have. */
const MAX_NEXT_INDEX = 2 ** 31 - 1;
/** The second try follows the move of a block; a third one, a move by somebody else at the same moment. */
const MAX_TRIES = 4;
/** From when on orders pause. */
const QUIET_MS = 2_000;
const RETRY_AFTER_S = 5;
/** Smaller blocks are used up so slowly that their moves cost nothing. */
const MIN_EXTENSION = 16;

/** What is set aside of an account's indexes. */
interface Block {
  readonly wallet: WalletId;
  /** No index below is taken any more. */
  next: number;
  /** Indexes from `next` to here, exclusive, may be taken. */
  mark: number;
  /** Of the block that was set aside last: how large, and when. */
  size: number;
  setAsideAtMs: number;
  takenAtMs: number;
  /** Whether the marks file says that nothing is set aside. */
  released: boolean;
  /** Whether more is being set aside already. */
  extending: boolean;
  /** Settles when nothing is under way for this account. */
  readonly turns: SerialQueue;
}

/** A transaction took indexes that are not set aside. */
class NotSetAsideError extends Error {
  override readonly name = 'NotSetAsideError';
  readonly first: number;
  constructor(first: number) {
    super(`index ${first} is not set aside`);
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

  /** Ends the handing out for good, and moves every mark to the next index. */
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
   * Moves the mark up to where the account's index was raised by a payment, so that a database that forgets the payment does not hand
   * out below it. Never fails: a mark that could not be written is logged, and moves when the next index is taken.
   */
  async follow(id: AccountId, next: number): Promise<void> {
    try {
      const block = await this.#blockOf(id);
      await block.turns.run(async () => {
        if (this.#closed || next <= block.mark) return;
        const { marks, session } = this.#options;
        // Before the file: what lies below is taken no more, whatever becomes of the write.
        block.next = next;
        block.mark = next;
        block.size = 0;
        await marks.update((draft) => {
          if ((draft.get(block.wallet)?.mark ?? 0) < next) draft.set(block.wallet, { from: next, mark: next, by: session });
        });
      });
    } catch (error) {
      this.#options.log.warn({ account: id, next, err: error }, 'address marks: not moved beyond a payment ahead of the index');
    }
  }

  async take<T>(id: AccountId, count: number, work: (take: TakeIndexes) => Promise<T>): Promise<T> {
    const block = await this.#blockOf(id);
    return block.turns.run(() => this.#take(id, block, count, work));
  }

  async #take<T>(id: AccountId, block: Block, count: number, work: (take: TakeIndexes) => Promise<T>): Promise<T> {
    if (this.#closed) throw new ContractError('4006', 'the gateway is stopping', { retryAfterS: RETRY_AFTER_S });
    if (block.next + count > block.mark) await this.#setAside(id, block, block.next, count);
    for (let tries = 1; ; tries += 1) {
      let end = block.next;
      const take = async (tx: Pick<StoreTransaction, 'accounts'>, wanted: number): Promise<number> => {
        const first = await tx.accounts.takeIndexes(id, wanted);
        if (first < block.next || first + wanted > block.mark) throw new NotSetAsideError(first);
        end = first + wanted;
        return first;
      };
      try {
        const result = await work(take);
        block.next = end;
        block.takenAtMs = this.#options.nowMs();
        this.#extendSoon(block);
        return result;
      } catch (error) {
        if (!(error instanceof NotSetAsideError) || tries === MAX_TRIES) throw error;
        await this.#setAside(id, block, error.first, count);
      }
    }
  }

  /** @param dbNext The account's next index, by its row. */
  async #setAside(id: AccountId, block: Block, dbNext: number, count: number): Promise<void> {
    const { marks, session, nowMs } = this.#options;
    const size = blockSize(block.size === 0 ? undefined : { size: block.size, ageMs: nowMs() - block.setAsideAtMs }, count);
    const { start, mark } = await this.#written(() =>
      marks.update((draft) => {
        const known = draft.get(block.wallet);
        // What this process has set aside is its own; what another one has is not.
        const others = known === undefined || known.by === session ? 0 : known.mark;
        const first = Math.max(dbNext, block.next, others);
        const end = Math.min(first + size, MAX_NEXT_INDEX);
        draft.set(block.wallet, { from: first, mark: Math.max(end, known?.mark ?? 0), by: session });
        return { start: first, mark: end };
      }),
    );
    if (start > dbNext) await this.#raise(id, start, dbNext < block.next ? 'older_database' : 'mark');
    block.next = start;
    block.mark = mark;
    block.released = false;
    block.size = size;
    block.setAsideAtMs = nowMs();
  }

  /** While orders come fast the next half of a block is set aside before it is needed, so that none of them waits for it. */
  #extendSoon(block: Block): void {
    const { marks, session, nowMs } = this.#options;
    if (block.extending || block.size < MIN_EXTENSION || block.mark - block.next >= block.size / 2) return;
    block.extending = true;
    const before = { size: block.size, ageMs: nowMs() - block.setAsideAtMs };
    const size = Math.min(blockSize(before, 1), LARGEST_BLOCK / 2);
    const extending = marks.update((draft) => {
      const known = draft.get(block.wallet);
      if (this.#closed || known?.by !== session || known.mark !== block.mark) return undefined;
      const [from, mark] = [block.mark, Math.min(block.mark + size, MAX_NEXT_INDEX)];
      draft.set(block.wallet, { from: block.next, mark, by: session });
      return { from, mark };
    });
    void extending
      .then((extended) => {
        if (extended === undefined || block.mark !== extended.from) return;
        block.mark = extended.mark;
        block.size = size;
        block.setAsideAtMs = nowMs();
        block.released = false;
      })
      // Anyone who needs the next index tries again, and says what is wrong.
      .catch(() => {})
      .finally(() => {
        block.extending = false;
      });
  }

  async #raise(id: AccountId, to: number, reason: SkipReason): Promise<void> {
    const { store, clock, log } = this.#options;
    const range = await store.transaction((tx) => tx.accounts.raiseIndex(id, to, reason, clock.now()));
    if (range === undefined) return;
    const why =
      reason === 'mark'
        ? 'another gateway or database uses the same wallet'
        : 'the database has gone back behind what this gateway had handed out';
    log.warn({ account: id, from: range.from, to: range.to, reason }, `address marks: addresses skipped: ${why}`);
  }

  /** Says in the log, and in the answer, that the disk does not take the marks. */
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
          'address marks: the marks file cannot be written, so no order is made: see docs/running.md',
        );
      throw new ContractError('4006', 'no address can be handed out now', { retryAfterS: RETRY_AFTER_S, cause });
    }
  }

  /** Moves back the marks of accounts for which no order has come for a while. */
  async releaseQuiet(): Promise<void> {
    const { nowMs } = this.#options;
    for (const [id, opening] of this.#blocks) {
      const block = await opening.catch(() => undefined);
      if (block === undefined || block.released || nowMs() - block.takenAtMs < QUIET_MS) continue;
      await block.turns.run(() => this.#release(id, block));
    }
  }

  /** Moves the mark back to the account's next index. */
  async #release(id: AccountId, block: Block): Promise<void> {
    if (block.released) return;
    const { store, marks, session } = this.#options;
    // It waits for the account's row, so that a transaction of ours whose end we never learned has ended.
    const dbNext = await store.transaction((tx) => tx.accounts.takeIndexes(id, 0));
    const next = Math.max(dbNext, block.next);
    // Before the file, so that nothing is handed out up to the old mark, whatever becomes of the write.
    block.next = next;
    block.mark = next;
    await marks.update((draft) => {
      const known = draft.get(block.wallet);
      if (known?.by === session) draft.set(block.wallet, { from: next, mark: next, by: session });
    });
    block.released = true;
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
    const { nextIndex: next } = account;
    const wallet = walletId(accountWallet(account));
    return {
      wallet,
      next,
      mark: next,
      size: 0,
      setAsideAtMs: 0,
      takenAtMs: this.#options.nowMs(),
      released: true,
      extending: false,
      turns: new SerialQueue(),
    };
  }
}
