/**
 * Derives addresses of every account before orders need them: many are in the store, and the next ones in memory, so that creating an
 * order neither derives an address nor queries for it. The account's row alone decides which index an order gets (`takeIndexes`); the
 * pool only holds the addresses at those indexes. An order derives an address that is not in the pool. Pooled addresses are watched
 * (`watched-addresses.ts`). Only addresses with a right seal get into memory, so that an order needs to verify none.
 */
import type { AccountId } from '../../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { Account } from '../../merchants/account.ts';
import type { Store } from '../../store/ports/store.ts';
import type { SealGuard } from '../seals/seal-guard.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import type { WatchedAddresses } from './watched-addresses.ts';

export interface AddressPoolOptions {
  readonly store: Pick<Store, 'accounts' | 'addresses'>;
  /** Derives, stores and watches addresses. */
  readonly watched: Pick<WatchedAddresses, 'extend' | 'reach'>;
  /** How many addresses of each account to derive before they are needed; 0 disables the pool. */
  readonly size: number;
  /** How many addresses of each account to keep in memory at most. Default: 4,096. */
  readonly memory?: number;
  readonly guard: SealGuard;
  readonly log: LoopLog;
}

/** Bounds the addresses in memory of each account. */
const MAX_IN_MEMORY = 4096;

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
    if (this.#options.size > 0) this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Removes and returns the address at an index that the caller has taken, if it is in memory. */
  take(id: AccountId, index: number): ReceiveAddress | undefined {
    const pooled = this.#accounts.get(id);
    const address = pooled?.get(index);
    pooled?.delete(index);
    if (address === undefined || pooled?.size === Math.floor(this.#capacity / 2)) this.#loop.wake();
    return address;
  }

  get #capacity(): number {
    const { size, memory = MAX_IN_MEMORY } = this.#options;
    return Math.min(memory, size);
  }

  async #round(signal: AbortSignal): Promise<undefined> {
    for (const account of await this.#options.store.accounts.list()) {
      if (!this.#options.guard.isSoundAccount(account)) continue;
      await this.#refill(account);
      await this.#derive(account, signal);
    }
  }

  /** Derives addresses until the pool is full, once a quarter of it is used. */
  async #derive({ id, nextIndex }: Account, signal: AbortSignal): Promise<void> {
    const { store, watched, size } = this.#options;
    const end = nextIndex + size;
    let isFull = watched.reach(id) > end - size / 4;
    while (!isFull) {
      signal.throwIfAborted();
      const account = await store.accounts.get(id);
      isFull = account === undefined || !(await watched.extend(account, end, signal));
      if (account !== undefined) await this.#refill(account);
    }
  }

  /** Loads the next addresses into memory. */
  async #refill({ id, nextIndex }: Pick<Account, 'id' | 'nextIndex'>): Promise<void> {
    const pooled = this.#accounts.get(id) ?? new Map<number, ReceiveAddress>();
    this.#accounts.set(id, pooled);
    // Lower indexes were taken elsewhere: by a transaction that failed, or by another process.
    for (const index of pooled.keys()) if (index < nextIndex) pooled.delete(index);
    if (pooled.size > this.#capacity / 2 || this.#capacity === 0) return;
    const { store, guard } = this.#options;
    const stored = await store.addresses.from(id, nextIndex, this.#capacity);
    for (const { index, address, script } of guard.checkAddresses(id, stored).sound)
      pooled.set(index, { index, address, script });
  }
}
