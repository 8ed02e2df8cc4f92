/**
 * Keeps addresses of every account derived ahead of their use: many in the store, the next of them in memory, so that making
 * an order neither derives one nor asks for it. Which index an order gets is decided by the account's row alone
 * (`takeIndexes`); here is only remembered what stands at an index. An address that is not here is derived by anyone who needs it. What
 * is derived ahead is watched as well (`watched-addresses.ts`).
 */
import type { AccountId } from '../../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { Account } from '../../merchants/account.ts';
import type { Store } from '../../store/ports/store.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import type { WatchedAddresses } from './watched-addresses.ts';

export interface AddressPoolOptions {
  readonly store: Pick<Store, 'accounts' | 'addresses'>;
  /** Derives, stores and watches them. */
  readonly watched: Pick<WatchedAddresses, 'extend' | 'reach'>;
  /** How many addresses of each account are kept ahead; 0 for none. */
  readonly ahead: number;
  readonly log: LoopLog;
}

/** How many of them are in memory, at most, for each account. */
const IN_MEMORY = 4096;

export class AddressPool {
  readonly #options: AddressPoolOptions;
  readonly #loop: TaskLoop;
  readonly #accounts = new Map<AccountId, Map<number, ReceiveAddress>>();

  constructor(options: AddressPoolOptions) {
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
    const pooled = this.#accounts.get(id);
    const address = pooled?.get(index);
    pooled?.delete(index);
    if (address === undefined || pooled?.size === Math.floor(this.#capacity / 2)) this.#loop.wake();
    return address;
  }

  get #capacity(): number {
    return Math.min(IN_MEMORY, this.#options.ahead);
  }

  async #round(signal: AbortSignal): Promise<undefined> {
    for (const account of await this.#options.store.accounts.list()) {
      await this.#refill(account);
      await this.#derive(account, signal);
    }
  }

  /** Derives until there are enough, once a quarter of them is used up. */
  async #derive({ id, nextIndex }: Account, signal: AbortSignal): Promise<void> {
    const { store, watched, ahead } = this.#options;
    const end = nextIndex + ahead;
    let isCovered = watched.reach(id) > end - ahead / 4;
    while (!isCovered) {
      signal.throwIfAborted();
      const account = await store.accounts.get(id);
      isCovered = account === undefined || !(await watched.extend(account, end, signal));
      if (account !== undefined) await this.#refill(account);
    }
  }

  /** Brings the next ones into memory. */
  async #refill({ id, nextIndex }: Pick<Account, 'id' | 'nextIndex'>): Promise<void> {
    const pooled = this.#accounts.get(id) ?? new Map<number, ReceiveAddress>();
    this.#accounts.set(id, pooled);
    // What lies below was taken elsewhere: by a transaction that failed, or by another process.
    for (const index of pooled.keys()) if (index < nextIndex) pooled.delete(index);
    if (pooled.size > this.#capacity / 2) return;
    for (const address of await this.#options.store.addresses.from(id, nextIndex, this.#capacity))
      pooled.set(address.index, address);
  }
}
