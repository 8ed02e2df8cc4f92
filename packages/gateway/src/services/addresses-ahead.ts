/**
 * Keeps addresses of every account derived ahead of their use: many in the store, the next of them in memory, so that making
 * an order neither derives one nor asks for it. Which index an order gets is decided by the account's row alone
 * (`takeIndexes`); here is only remembered what stands at an index. An address that is not here is derived by whoever needs it, so
 * nothing depends on this but speed.
 */
import type { AccountId } from '../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../kernel/task-loop.ts';
import type { Account } from '../orders/account.ts';
import type { Store } from '../store/ports.ts';
import type { ReceiveAddress } from '../wallet/account-wallet.ts';
import type { DerivationTask } from './derive-in-thread.ts';

export interface AddressesAheadOptions {
  readonly store: Pick<Store, 'accounts' | 'addresses' | 'transaction'>;
  /** Derives in the background. */
  readonly derive: (task: DerivationTask, signal: AbortSignal) => Promise<readonly ReceiveAddress[]>;
  /** How many addresses of each account are kept ahead; 0 for none. */
  readonly ahead: number;
  readonly log: LoopLog;
}

/** How many of them are in memory, at most, for each account. */
const IN_MEMORY = 4096;
/** How many are derived and stored at a time. */
const A_BATCH = 512;

export class AddressesAhead {
  readonly #options: AddressesAheadOptions;
  readonly #loop: TaskLoop;
  readonly #accounts = new Map<AccountId, Map<number, ReceiveAddress>>();

  constructor(options: AddressesAheadOptions) {
    this.#options = options;
    this.#loop = new TaskLoop({
      name: 'addresses',
      idleMs: 60_000,
      retryMs: 5_000,
      log: options.log,
      task: (signal) => this.#round(signal),
    });
  }

  start(): void {
    if (this.#options.ahead > 0) this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** The address at an index that the caller has taken, if it is at hand; it is given once. */
  take(id: AccountId, index: number): ReceiveAddress | undefined {
    const atHand = this.#accounts.get(id);
    const address = atHand?.get(index);
    atHand?.delete(index);
    if (address === undefined || atHand?.size === Math.floor(this.#mostAtHand / 2)) this.#loop.wake();
    return address;
  }

  get #mostAtHand(): number {
    return Math.min(IN_MEMORY, this.#options.ahead);
  }

  async #round(signal: AbortSignal): Promise<undefined> {
    for (const account of await this.#options.store.accounts.list()) {
      await this.#refill(account);
      await this.#derive(account, signal);
    }
  }

  /** Derives until enough are stored, once a quarter of them is used up. */
  async #derive({ id, descriptor, network, nextIndex }: Account, signal: AbortSignal): Promise<void> {
    const { store, derive, ahead } = this.#options;
    const highest = await store.addresses.highest(id);
    let from = Math.max(nextIndex, (highest ?? -1) + 1);
    const end = nextIndex + ahead;
    if (from > end - ahead / 4) return;
    while (from < end) {
      signal.throwIfAborted();
      const addresses = await derive({ descriptor, network, from, count: Math.min(A_BATCH, end - from) }, signal);
      const used = await this.#store(id, addresses);
      from = Math.max(from + addresses.length, used);
      await this.#refill({ id, nextIndex: used });
    }
  }

  /** Answers the index that comes next: what lies below is of no more use. */
  async #store(id: AccountId, addresses: readonly ReceiveAddress[]): Promise<number> {
    return this.#options.store.transaction(async (tx) => {
      const next = (await tx.accounts.get(id))?.nextIndex ?? 0;
      await tx.addresses.forget(id, next);
      const ofUse = addresses.filter(({ index }) => index >= next);
      await tx.addresses.insert(id, ofUse);
      return next;
    });
  }

  /** Brings the next ones into memory. */
  async #refill({ id, nextIndex }: Pick<Account, 'id' | 'nextIndex'>): Promise<void> {
    const atHand = this.#accounts.get(id) ?? new Map<number, ReceiveAddress>();
    this.#accounts.set(id, atHand);
    // What lies below was taken elsewhere: by a transaction that failed, or by another process.
    for (const index of atHand.keys()) if (index < nextIndex) atHand.delete(index);
    if (atHand.size > this.#mostAtHand / 2) return;
    for (const address of await this.#options.store.addresses.from(id, nextIndex, this.#mostAtHand))
      atHand.set(address.index, address);
  }
}
