/**
 * Keeps the addresses of every account watched that no order has yet, but may be paid all the same: those from the next index on,
 * as far as the look-ahead reaches, and those of every skipped range. A payment to one of them was made before its address was given
 * to an order here: by anyone who was given it by a gateway that this database does not remember, or by another program on the same wallet.
 *
 * A round of the watcher begins with {@link WatchedAddresses.prepare}; what it then reads was looked for with all scripts of
 * that moment. An address is stored before it is watched, so that every match finds whose it is.
 *
 * An address is *clear* when nothing that was read before it was watched can pay it: nothing that is remembered of that does, or what
 * does by its hash was read again and is stored. Only clear addresses are handed out (`cleared-index-allocator.ts`).
 */
import type { Match } from '../../chain/view/match.ts';
import type { ScriptHex } from '../../kernel/chain.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { SerialQueue } from '../../kernel/serial.ts';
import type { Account } from '../../merchants/account.ts';
import type { Store } from '../../store/ports/store.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import { deriveInSlices } from './derive-in-slices.ts';
import type { DerivationTask } from './derive-in-thread.ts';

type Derive = (task: DerivationTask, signal: AbortSignal) => Promise<readonly ReceiveAddress[]>;

export interface WatchedAddressesOptions {
  readonly store: Pick<Store, 'accounts' | 'addresses' | 'transaction'>;
  /** Derives many addresses; few are derived here, beside everything else, so that a round waits for no thread to start. */
  readonly derive: Derive;
  /** Watches scripts from now on; answers those that something read before may pay, which the next round reads again. */
  readonly watch: (scripts: readonly ScriptHex[]) => ReadonlySet<ScriptHex>;
  /** How many addresses from the next index on are watched at the least when a round begins. */
  readonly lookAhead: number;
}

/** How many addresses are read, or derived and stored, at a time. */
const PAGE = 512;
/** Up to so many of a round are derived here. */
const FEW = 1_500;

interface WatchedAccount {
  readonly account: Account;
  /** The next index when it was prepared last; undefined before the first time. */
  readonly next: number | undefined;
  /** All from the next index on and below this one are watched. */
  readonly to: number;
}

export class WatchedAddresses {
  readonly #options: WatchedAddressesOptions;
  readonly #accounts = new Map<AccountId, WatchedAccount>();
  /** The index below which all addresses of an account are clear that may still be handed out. */
  readonly #clearTo = new Map<AccountId, number>();
  /** How far the round under way looks for addresses of which account. */
  #prepared: ReadonlyMap<AccountId, number> = new Map();
  #read: ReadonlyMap<AccountId, number> = new Map();
  readonly #turns = new SerialQueue();

  constructor(options: WatchedAddressesOptions) {
    this.#options = options;
  }

  /** Brings what is watched up to what the store has of accounts, their indexes and skipped ranges. */
  prepare(signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      const accounts = await this.#options.store.accounts.list();
      for (const account of accounts) await this.#prepareAccount(account, signal);
      this.#prepared = new Map(accounts.map(({ id }) => [id, this.reach(id)]));
    });
  }

  /**
   * Looks further ahead where a payment has reached an address beyond the next index: what comes after it may have been used too.
   *
   * @returns whether anything was added: what has just been read is to be read once more.
   */
  async widen(matches: readonly Match[], signal: AbortSignal): Promise<boolean> {
    if (matches.length === 0) return false;
    const { store, lookAhead } = this.#options;
    const owners = await store.addresses.ownersOf([...new Set(matches.map(({ script }) => script))]);
    if (owners.length === 0) return false;
    return this.#inTurn(async () => {
      let widened = false;
      for (const { accountId, index } of owners) {
        const watched = this.#accounts.get(accountId);
        const needed = index + 1 + lookAhead;
        if (watched?.next === undefined || index < watched.next || needed <= watched.to) continue;
        widened = true;
        await this.#cover(watched, needed + this.#stride, signal);
      }
      return widened;
    });
  }

  /** Notes that the chain has been read up to its tip with all that was watched when the round was prepared, and is stored. */
  noteRead(): void {
    this.#read = this.#prepared;
    for (const [id, to] of this.#prepared) this.#clearTo.set(id, Math.max(this.clearTo(id), to));
  }

  /** Whether a round that looked for this account's addresses has read the chain up to its tip. */
  hasRead(id: AccountId): boolean {
    return this.#read.has(id);
  }

  /** The index below which all of an account's addresses from the next on are watched. */
  reach(id: AccountId): number {
    return this.#accounts.get(id)?.to ?? 0;
  }

  /** The index below which all of an account's addresses from the next on are clear. */
  clearTo(id: AccountId): number {
    return this.#clearTo.get(id) ?? 0;
  }

  /**
   * Derives and watches the next page of an account's addresses, up to an index, exclusive.
   *
   * @returns whether there was anything to do.
   */
  extend(account: Account, to: number, signal: AbortSignal): Promise<boolean> {
    return this.#inTurn(async () => {
      const { id, nextIndex } = account;
      let watched = this.#accounts.get(id) ?? { account, next: undefined, to: nextIndex };
      // What was skipped in between is watched first.
      if (watched.to < nextIndex) watched = await this.#prepareAccount(account, signal);
      if (watched.to >= to) return false;
      await this.#cover(watched, Math.min(to, watched.to + PAGE), signal, this.#options.derive);
      return true;
    });
  }

  /** Watches all of an account's addresses from the next on, up to an index, exclusive, and some more. */
  watchTo(id: AccountId, to: number, signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      const account = await this.#options.store.accounts.get(id);
      if (account === undefined) return;
      const watched = await this.#prepareAccount(account, signal);
      if (watched.to < to) await this.#cover(watched, to + this.#stride, signal);
    });
  }

  /** How far beyond the least that is watched a round looks ahead, so that few orders do not cost one derivation each. */
  get #stride(): number {
    return Math.ceil(this.#options.lookAhead / 4);
  }

  async #prepareAccount(account: Account, signal: AbortSignal): Promise<WatchedAccount> {
    const { store, lookAhead } = this.#options;
    const { id, nextIndex } = account;
    const known = this.#accounts.get(id);
    if (known?.next === nextIndex && nextIndex + lookAhead <= known.to) return known;
    const before = known?.next;
    for (const { from, to } of before === undefined || before < nextIndex ? await store.accounts.skippedRanges(id) : []) {
      // What was skipped by a payment was watched before it was skipped.
      if (before !== undefined && (from < before || to <= (known?.to ?? 0))) continue;
      await this.#watchRange(account, from, to, signal);
    }
    // What lies below the next index is handed out no more.
    this.#clearTo.set(id, Math.max(this.clearTo(id), nextIndex));
    const watched = { account, next: nextIndex, to: Math.max(known?.to ?? nextIndex, nextIndex) };
    this.#accounts.set(id, watched);
    if (watched.to >= nextIndex + lookAhead) return watched;
    return this.#cover(watched, nextIndex + lookAhead + this.#stride, signal);
  }

  async #cover(watched: WatchedAccount, to: number, signal: AbortSignal, derive?: Derive): Promise<WatchedAccount> {
    const { account } = watched;
    const end = Math.min(to, HARDENED);
    await this.#watchRange(account, watched.to, end, signal, derive);
    const covered = { ...watched, to: Math.max(watched.to, end) };
    this.#accounts.set(account.id, covered);
    return covered;
  }

  async #watchRange(
    account: Account,
    from: number,
    to: number,
    signal: AbortSignal,
    derive: Derive = to - from <= FEW ? deriveInSlices : this.#options.derive,
  ): Promise<void> {
    const { store, watch } = this.#options;
    for (let start = from; start < to; start += PAGE) {
      signal.throwIfAborted();
      const end = Math.min(start + PAGE, to);
      const kept = (await store.addresses.from(account.id, start, end - start)).filter(({ index }) => index < end);
      const missing = await this.#deriveMissing(account, kept, [start, end], (task) => derive(task, signal));
      const addresses = [...kept, ...missing];
      const doubtful = watch(addresses.map(({ script }) => script));
      const firstInDoubt = addresses.filter(({ script }) => doubtful.has(script)).map(({ index }) => index);
      this.#noteWatched(account.id, start, Math.min(end, ...firstInDoubt));
    }
  }

  /** Notes that all addresses between two indexes are clear: that changes something where all before them are. */
  #noteWatched(id: AccountId, from: number, to: number): void {
    const clearTo = this.clearTo(id);
    if (from <= clearTo && clearTo < to) this.#clearTo.set(id, to);
  }

  /** Derives and stores what is missing between two indexes. */
  async #deriveMissing(
    { id, descriptor, network }: Account,
    kept: readonly ReceiveAddress[],
    [start, end]: readonly [number, number],
    derive: (task: DerivationTask) => Promise<readonly ReceiveAddress[]>,
  ): Promise<readonly ReceiveAddress[]> {
    if (kept.length === end - start) return [];
    const present = new Set(kept.map(({ index }) => index));
    let [from, to] = [start, end];
    while (present.has(from)) from += 1;
    while (present.has(to - 1)) to -= 1;
    const addresses = await derive({ descriptor, network, from, count: to - from });
    await this.#options.store.transaction(async (tx) => {
      await tx.addresses.insert(id, addresses);
      const account = await tx.accounts.get(id);
      if (account !== undefined) await tx.addresses.prune(id, account.nextIndex);
    });
    return addresses;
  }

  /** One after the other: derivation takes one task at a time, and no two derive the same. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work);
  }
}

/** Children from here on are hardened, and cannot be derived from a public key (BIP 32). */
const HARDENED = 2 ** 31;
