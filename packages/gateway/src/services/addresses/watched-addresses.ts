/**
 * Watches the addresses of every account that no order has but that may be paid: the look-ahead from the next index on, and every skipped
 * range. The payer of such an address got it before an order here did: from another gateway, from this one before its database was
 * restored, or from another program on the same wallet.
 *
 * A round of the watcher begins with {@link WatchedAddresses.prepare}, and then reads the chain with all scripts watched at that moment.
 * An address is stored before it is watched, so that the owner of every match is known.
 *
 * An address is *clear* if no transaction that was read before it was watched pays it: none of the outputs remembered from then matches
 * it, or those that may match were read again and stored. Only clear addresses are handed out (`cleared-index-allocator.ts`).
 */
import type { Match } from '../../chain/view/match.ts';
import type { ScriptHex } from '../../kernel/chain.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { SerialQueue } from '../../kernel/serial.ts';
import type { Account } from '../../merchants/account.ts';
import type { Store } from '../../store/ports/store.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import type { SealGuard } from '../seals/seal-guard.ts';
import { deriveInSlices } from './derive-in-slices.ts';
import type { DerivationTask } from './derive-in-thread.ts';

type Derive = (task: DerivationTask, signal: AbortSignal) => Promise<readonly ReceiveAddress[]>;

export interface WatchedAddressesOptions {
  readonly store: Pick<Store, 'accounts' | 'addresses' | 'transaction'>;
  /** Derives many addresses. Few are derived in slices instead, so that a round does not wait for a thread to start. */
  readonly derive: Derive;
  /** Watches scripts from now on. Returns those that an output read before may pay; the next round reads it again. */
  readonly watch: (scripts: readonly ScriptHex[]) => ReadonlySet<ScriptHex>;
  /** How many addresses from the next index on must be watched when a round begins. */
  readonly lookAhead: number;
  readonly guard: SealGuard;
}

/** How many addresses are read, or derived and stored, at a time. */
const PAGE = 512;
/** Up to this number, a round derives addresses in slices. */
const MAX_IN_SLICES = 1_500;

interface WatchedAccount {
  readonly account: Account;
  /** The next index when the account was last prepared; undefined before the first time. */
  readonly next: number | undefined;
  /** All addresses from the next index up to this one, exclusive, are watched. */
  readonly to: number;
}

export class WatchedAddresses {
  readonly #options: WatchedAddressesOptions;
  readonly #accounts = new Map<AccountId, WatchedAccount>();
  /** For each account, the index below which every address that may still be handed out is clear. */
  readonly #clearTo = new Map<AccountId, number>();
  /** For each account, the index up to which the current round looks for addresses. */
  #prepared: ReadonlyMap<AccountId, number> = new Map();
  /** The same for the last round that reached the tip. */
  #read: ReadonlyMap<AccountId, number> = new Map();
  readonly #turns = new SerialQueue();

  constructor(options: WatchedAddressesOptions) {
    this.#options = options;
  }

  /** Watches the look-ahead and the skipped ranges of all accounts in the store. */
  prepare(signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      const { store, guard } = this.#options;
      // Nothing is derived from an account that is not authentic. What was watched before stays watched.
      const accounts = (await store.accounts.list()).filter((account) => guard.isSoundAccount(account));
      for (const account of accounts) await this.#prepareAccount(account, signal);
      this.#prepared = new Map(accounts.map(({ id }) => [id, this.reach(id)]));
    });
  }

  /**
   * Extends the look-ahead of accounts that have received a payment beyond their next index: later addresses may have been paid too.
   *
   * @returns Whether addresses were added, so that the same blocks must be read again.
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

  /** Records that the current round has read the chain up to its tip, and that its matches are stored. */
  noteRead(): void {
    this.#read = this.#prepared;
    for (const [id, to] of this.#prepared) this.#clearTo.set(id, Math.max(this.clearTo(id), to));
  }

  /** Whether a round that looked for this account's addresses has read the chain up to its tip. */
  hasRead(id: AccountId): boolean {
    return this.#read.has(id);
  }

  /** The index up to which, exclusive, an account's addresses from the next index on are watched. */
  reach(id: AccountId): number {
    return this.#accounts.get(id)?.to ?? 0;
  }

  /** The index up to which, exclusive, an account's addresses from the next index on are clear. */
  clearTo(id: AccountId): number {
    return this.#clearTo.get(id) ?? 0;
  }

  /**
   * Derives and watches the next page of an account's addresses, up to an index, exclusive.
   *
   * @returns Whether there was anything to do.
   */
  extend(account: Account, to: number, signal: AbortSignal): Promise<boolean> {
    return this.#inTurn(async () => {
      const { id, nextIndex } = account;
      let watched = this.#accounts.get(id) ?? { account, next: undefined, to: nextIndex };
      // Ranges that were skipped meanwhile are watched first.
      if (watched.to < nextIndex) watched = await this.#prepareAccount(account, signal);
      if (watched.to >= to) return false;
      await this.#cover(watched, Math.min(to, watched.to + PAGE), signal, this.#options.derive);
      return true;
    });
  }

  /** Watches an account's addresses from the next index up to at least `to`, exclusive. */
  watchTo(id: AccountId, to: number, signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      const account = await this.#options.store.accounts.get(id);
      if (account === undefined || !this.#options.guard.isSoundAccount(account)) return;
      const watched = await this.#prepareAccount(account, signal);
      if (watched.to < to) await this.#cover(watched, to + this.#stride, signal);
    });
  }

  /** How many addresses to watch beyond the required ones, so that not every order causes a derivation. */
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
      // A range that was skipped because of a payment was already watched.
      if (before !== undefined && (from < before || to <= (known?.to ?? 0))) continue;
      await this.#watchRange(account, from, to, signal);
    }
    // Indexes below the next one are not handed out any more.
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
    derive: Derive = to - from <= MAX_IN_SLICES ? deriveInSlices : this.#options.derive,
  ): Promise<void> {
    const { store, watch, guard } = this.#options;
    for (let start = from; start < to; start += PAGE) {
      signal.throwIfAborted();
      const end = Math.min(start + PAGE, to);
      const stored = (await store.addresses.from(account.id, start, end - start)).filter(({ index }) => index < end);
      const { sound, unsealed } = guard.checkAddresses(account.id, stored);
      const derived = await this.#deriveMissing(account, sound, [start, end], (task) => derive(task, signal));
      guard.compare(account.id, unsealed, derived);
      const addresses = [...sound, ...derived];
      const maybePaid = watch(addresses.map(({ script }) => script));
      const notClear = addresses.filter(({ script }) => maybePaid.has(script)).map(({ index }) => index);
      this.#noteClear(account.id, start, Math.min(end, ...notClear));
    }
  }

  /** Records that the addresses in a range are clear. It counts only if all addresses before the range are. */
  #noteClear(id: AccountId, from: number, to: number): void {
    const clearTo = this.clearTo(id);
    if (from <= clearTo && clearTo < to) this.#clearTo.set(id, to);
  }

  /** Derives and stores the addresses between two indexes that are not stored, or not with a right seal. */
  async #deriveMissing(
    account: Account,
    stored: readonly ReceiveAddress[],
    [start, end]: readonly [number, number],
    derive: (task: DerivationTask) => Promise<readonly ReceiveAddress[]>,
  ): Promise<readonly ReceiveAddress[]> {
    const { id, descriptor, network } = account;
    if (stored.length === end - start) return [];
    const present = new Set(stored.map(({ index }) => index));
    let [from, to] = [start, end];
    while (present.has(from)) from += 1;
    while (present.has(to - 1)) to -= 1;
    const addresses = await derive({ descriptor, network, from, count: to - from });
    const { store, guard } = this.#options;
    await store.transaction(async (tx) => {
      await tx.addresses.insert(id, guard.sealed(account, addresses));
      const stands = await tx.accounts.get(id);
      if (stands !== undefined) await tx.addresses.prune(id, stands.nextIndex);
    });
    return addresses;
  }

  /** Runs work one after the other: the thread takes one task at a time, and no address is derived twice. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work);
  }
}

/** Children from this index on are hardened and cannot be derived from a public key (BIP 32). */
const HARDENED = 2 ** 31;
