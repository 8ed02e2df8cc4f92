/**
 * Makes indexes ready for all processes on the database, as the leader. An index is published once its address is watched and clear
 * (`watched-addresses.ts`), and below a mark on this machine's disk (docs/adr/0030 and 0063). How many are ready follows the rate of orders
 * (`index-blocks.ts`), and as many stay ready as were used in the last seconds. When no orders come for so long, and at a clean stop, they
 * are withdrawn, so that a kill at a quiet moment skips nothing.
 *
 * The database may go back while processes run: a failover can lose the last commits, and with them indexes that were handed out. Then the
 * account starts over above everything that may have been: exactly, if this process led until then, and otherwise with a distance.
 */
import type { Clock } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { MarksFile } from '../../store/marks.ts';
import { LeaseLostError } from '../../store/ports/leader/lease-store.ts';
import type { ReadyIndexes } from '../../store/ports/leader/ready-index-store.ts';
import type { Store } from '../../store/ports/store.ts';
import { walletId, type WalletId } from '../../wallet/wallet-id.ts';
import { accountWallet } from '../merchants/account-wallet.ts';
import type { SealGuard } from '../seals/seal-guard.ts';
import { blockSize, MAX_BLOCK } from './index-blocks.ts';
import * as changes from './mark-changes.ts';
import type { WatchedAddresses } from './watched-addresses.ts';

export interface IndexPublisherOptions {
  /** Holds the leader's term in each transaction. */
  readonly store: Pick<Store, 'accounts' | 'readyIndexes' | 'transaction'>;
  readonly term: number;
  readonly marks: MarksFile;
  /** Identifies this term in the marks file: 16 random hexadecimal digits. */
  readonly session: string;
  readonly watched: Pick<WatchedAddresses, 'clearTo' | 'watchTo' | 'hasRead'>;
  /** Nothing is published for an account of which a row is broken. */
  readonly guard: Pick<SealGuard, 'refusal'>;
  /** Resolves when a round that began after this call has reached the tip. */
  readonly caughtUp: (signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number;
  readonly log: LoopLog;
  /** Called when indexes have become ready. */
  readonly published: () => void;
  /** What this process had published in the term that ended because the database had failed over, if no other led since. */
  readonly before?: ReadonlyMap<AccountId, PublishedBefore> | undefined;
  /** Called when the database has lost what this process has published: everything else that it remembers may be lost too. */
  readonly wentBack: () => void;
}

/** The indexes of an account that a process has published: all below `mark`. */
export interface PublishedBefore {
  readonly mark: number;
  readonly readyTo: number;
}

const LOOK_MS = 1_000;
const RETRY_MS = 500;
/** As many indexes are ready as were used in this time, so that sales go on while another process takes over; none, if none was. */
const AHEAD_MS = 15_000;
const SAMPLE_MS = 500;
/** How long an account may wait for the chain to be read before the others get their turn. */
const READING_MS = 3_000;
/** How many indexes are skipped after a failover if another process published them: more than it can have published since the lost commits. */
const UNKNOWN_DISTANCE = 2 * MAX_BLOCK;

interface Published {
  /** Whether `mark` covers everything that was ever handed out. */
  isExact: boolean;
  /** Whether `readyTo` is that of an earlier term. */
  isCarried: boolean;
  readonly wallet: WalletId;
  /** Every index that this process has published is below. */
  mark: number;
  /** The end of what it has published, and not withdrawn. */
  readyTo: number;
  /** How many it published at a time. */
  size: number;
  publishedAtMs: number;
  /** The account's next index in the last {@link AHEAD_MS}, and once before. */
  readonly samples: { readonly nextIndex: number; readonly atMs: number }[];
}

export class IndexPublisher {
  readonly #options: IndexPublisherOptions;
  readonly #accounts = new Map<AccountId, Published>();
  readonly #loop: TaskLoop;

  constructor(options: IndexPublisherOptions) {
    this.#options = options;
    this.#loop = new TaskLoop({
      name: 'ready indexes',
      idleMs: LOOK_MS,
      retryMs: RETRY_MS,
      log: options.log,
      task: (signal) => this.#round(signal),
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Looks soon: indexes are wanted. */
  wake(): void {
    this.#loop.wake();
  }

  /** Publishes nothing more, and withdraws what is published. */
  async stop(): Promise<void> {
    const { store, log } = this.#options;
    await this.#loop.stop();
    try {
      for (const row of await store.readyIndexes.list()) {
        const published = await this.#publishedOf(row);
        if (row.readyTo > row.nextIndex || published.mark > row.nextIndex) await this.#withdraw(row.accountId, published);
      }
    } catch (error) {
      // Another process has taken over, and what is published is its own.
      if (error instanceof LeaseLostError) return;
      log.warn({ err: error }, 'ready indexes: not withdrawn; the next start may skip some addresses');
    }
  }

  /** What this process has published, for its next term. */
  get everPublished(): ReadonlyMap<AccountId, PublishedBefore> {
    return new Map([...this.#accounts].filter(([, { isExact }]) => isExact));
  }

  /** Raises the mark to an account's next index that a payment has raised. Never rejects. */
  async follow(id: AccountId, next: number): Promise<void> {
    const { store, log } = this.#options;
    try {
      const row = (await store.readyIndexes.list()).find(({ accountId }) => accountId === id);
      if (row !== undefined) await this.#raiseMark(await this.#publishedOf(row), next);
    } catch (error) {
      log.warn({ account: id, next, err: error }, 'ready indexes: the mark was not raised past a payment beyond the next index');
    }
  }

  async #round(signal: AbortSignal): Promise<undefined> {
    const failed: unknown[] = [];
    for (const row of await this.#options.store.readyIndexes.list()) {
      signal.throwIfAborted();
      if (this.#options.guard.refusal(row.accountId) !== undefined) continue;
      // An account that fails, such as one with a faulty wallet, keeps no other from selling.
      await this.#serve(row, signal).catch((error: unknown) => failed.push(error));
    }
    if (failed.length > 0) throw failed[0];
  }

  async #serve(row: ReadyIndexes, signal: AbortSignal): Promise<void> {
    const { nowMs, term } = this.#options;
    const published = await this.#publishedOf(row);
    if (row.readyTo < published.readyTo && !published.isCarried) return this.#options.wentBack();
    if (row.isOtherTimeline || row.readyTo < published.readyTo) return this.#startOver(row, published);
    const used = noteUse(published, row.nextIndex, nowMs());
    const readyTo = Math.max(row.nextIndex, row.term === term ? row.readyTo : 0);
    const left = readyTo - row.nextIndex;
    if (row.wantedTo > readyTo || left < Math.min(used, MAX_BLOCK))
      return this.#publish({ ...row, readyTo }, published, used, signal);
    if (left > 0 && used === 0) await this.#withdraw(row.accountId, published);
  }

  async #publish(row: ReadyIndexes, published: Published, used: number, signal: AbortSignal): Promise<void> {
    const { store, term, marks, session, nowMs, published: tell } = this.#options;
    const { accountId: id } = row;
    const start = row.readyTo;
    const before = published.size === 0 ? undefined : { size: published.size, ageMs: nowMs() - published.publishedAtMs };
    const ahead = Math.min(2 * used, MAX_BLOCK) - (start - row.nextIndex);
    const size = blockSize(before, Math.max(1, row.wantedTo - start, ahead));
    const { from, to } = await marks.update((draft) => changes.reserve(draft, published.wallet, start, size, session));
    published.mark = Math.max(published.mark, to);
    if (from > start) await this.#skipTo(id, from);
    const clear = await this.#clear(id, to, signal);
    if (!(await store.transaction((tx) => tx.readyIndexes.publish(id, clear, term)))) return this.wake();
    Object.assign(published, { readyTo: Math.max(published.readyTo, clear), size, publishedAtMs: nowMs(), isCarried: false });
    tell();
  }

  /** Watches the addresses below an index. Returns the index below which they are clear. */
  async #clear(id: AccountId, to: number, signal: AbortSignal): Promise<number> {
    const { watched, caughtUp } = this.#options;
    await watched.watchTo(id, to, signal);
    if (!watched.hasRead(id) || watched.clearTo(id) < to)
      await caughtUp(AbortSignal.any([signal, AbortSignal.timeout(READING_MS)]));
    return Math.min(to, watched.clearTo(id));
  }

  /** Another gateway with the same wallet has handed out the indexes below. */
  async #skipTo(id: AccountId, to: number): Promise<void> {
    const { store, clock, log } = this.#options;
    const range = await store.transaction((tx) => tx.accounts.raiseIndex(id, to, 'mark', clock.now()));
    if (range === undefined) return;
    log.warn(
      { account: id, from: range.from, to: range.to },
      'ready indexes: addresses skipped: another gateway or database uses the same wallet',
    );
  }

  async #startOver({ accountId: id, nextIndex, readyTo }: ReadyIndexes, published: Published): Promise<void> {
    const { store, clock, log } = this.#options;
    const known = Math.max(nextIndex, readyTo, published.mark);
    const to = published.isExact && published.mark >= readyTo ? known : known + UNKNOWN_DISTANCE;
    await this.#raiseMark(published, to);
    const range = await store.transaction(async (tx) => {
      const raised = await tx.accounts.raiseIndex(id, to, 'failover', clock.now());
      await tx.readyIndexes.startOver(id);
      return raised;
    });
    Object.assign(published, { readyTo: 0, size: 0, isExact: true, isCarried: false });
    log.warn(
      { account: id, from: range?.from, to: range?.to },
      'ready indexes: the database failed over and may have lost orders: the addresses that may have been handed out are skipped',
    );
    this.wake();
  }

  async #raiseMark(published: Published, to: number): Promise<void> {
    const { marks, session } = this.#options;
    if (to <= published.mark) return;
    await marks.update((draft) => changes.raise(draft, published.wallet, to, session));
    published.mark = to;
  }

  async #withdraw(id: AccountId, published: Published): Promise<void> {
    const { store, marks, session } = this.#options;
    const next = await store.transaction((tx) => tx.readyIndexes.withdraw(id));
    Object.assign(published, { readyTo: 0, mark: next, isCarried: false });
    await marks.update((draft) => changes.release(draft, published.wallet, next, session));
  }

  /** At first sight of an account, raises the mark on this machine to what the previous leader has published. */
  async #publishedOf({ accountId, nextIndex, readyTo, isOtherTimeline }: ReadyIndexes): Promise<Published> {
    const known = this.#accounts.get(accountId);
    if (known !== undefined) return known;
    const { store } = this.#options;
    const account = await store.accounts.get(accountId);
    if (account === undefined) throw new Error(`account ${accountId} is missing in the store`);
    const wallet = walletId(accountWallet(account));
    const before = this.#options.before?.get(accountId);
    const published: Published = {
      wallet,
      mark: 0,
      readyTo: before?.readyTo ?? 0,
      isExact: before !== undefined || !isOtherTimeline,
      isCarried: before !== undefined,
      size: 0,
      publishedAtMs: 0,
      samples: [],
    };
    await this.#raiseMark(published, Math.max(nextIndex, readyTo, before?.mark ?? 0));
    this.#accounts.set(accountId, published);
    return published;
  }
}

/** Returns how many indexes were used in the last {@link AHEAD_MS}. */
function noteUse({ samples }: Published, nextIndex: number, atMs: number): number {
  const last = samples.at(-1);
  if (last === undefined || atMs - last.atMs >= SAMPLE_MS) samples.push({ nextIndex, atMs });
  while ((samples[1]?.atMs ?? Infinity) <= atMs - AHEAD_MS) samples.shift();
  return nextIndex - (samples[0]?.nextIndex ?? nextIndex);
}
