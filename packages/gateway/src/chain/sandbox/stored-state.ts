/**
 * The state of the sandbox chain and its storage. Changes run one after another, and each is stored before anyone sees it, so that a crash
 * never loses what the watcher has seen.
 */
import { SerialQueue } from '../../kernel/serial.ts';
import { MIN_RETAINED_BLOCKS, prune, replay, withMempool, type ChainState } from './chain-state.ts';
import { changeToStore } from './change-to-store.ts';
import { Mempool } from './mempool.ts';
import type { SandboxSave, SandboxStore } from './store.ts';
import { sandboxTransaction } from './transaction.ts';

const MAX_BLOCKS = Math.max(2000, MIN_RETAINED_BLOCKS);

export class StoredState {
  readonly #store: SandboxStore;
  readonly #changes = new SerialQueue();
  readonly #listeners = new Set<() => void>();
  #current: ChainState;
  /** The position of the transaction stored last. */
  #position: number;

  private constructor(store: SandboxStore, current: ChainState, position: number) {
    this.#store = store;
    this.#current = current;
    this.#position = position;
  }

  /** Restores the stored state, which has no blocks if none are stored. */
  static async load(store: SandboxStore): Promise<StoredState> {
    const { blocks, coins, transactions } = await store.load();
    const read = transactions.map(({ raw, place }) => ({ ...sandboxTransaction(raw), place, held: place === 'held' }));
    const dropped = read.filter(({ place }) => place === 'dropped');
    const current = withMempool(
      { ...replay(coins, blocks), mempool: Mempool.EMPTY, dropped: new Map(dropped.map((each) => [each.txid, each])) },
      read.filter(({ place }) => place !== 'dropped'),
    );
    return new StoredState(store, current, transactions.at(-1)?.position ?? 0);
  }

  get current(): ChainState {
    return this.#current;
  }

  /** Runs `work`, which may commit, once all earlier changes have ended. */
  change<T>(work: () => Promise<T>): Promise<T> {
    return this.#changes.run(work);
  }

  /**
   * Stores a new state, and then makes it the current one. To be called in a change.
   *
   * @param save Stores the change. Default: {@link save}.
   */
  async commit(next: ChainState, save = (change: SandboxSave): Promise<void> => this.save(change)): Promise<void> {
    if (next === this.#current) return;
    const { state, pruned } = prune(next, MAX_BLOCKS);
    const change = changeToStore(this.#current, state, pruned, this.#position);
    await save(change.save);
    this.#current = state;
    this.#position = change.position;
    for (const wake of this.#listeners) wake();
  }

  /** Stores a change in a transaction of its own. */
  async save(change: SandboxSave | undefined): Promise<void> {
    if (change !== undefined) await this.#store.save(change);
  }

  /** Calls `wake` after each commit, until the signal is aborted. */
  onCommit(wake: () => void, signal: AbortSignal): void {
    this.#listeners.add(wake);
    signal.addEventListener('abort', () => this.#listeners.delete(wake), { once: true });
  }
}
