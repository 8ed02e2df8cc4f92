import type { BlockRef } from '../../kernel/chain.ts';
import type { ChainStore } from '../../store/ports/chain-store.ts';

/**
 * The newest stored blocks, in memory: the watcher needs them several times a second, and they change with a block. Before each use
 * their ends are compared with the stored ones. Another process may have moved the chain, an operator may have restarted it elsewhere,
 * or a commit may have succeeded although its answer was lost. Each block contains the hash of the one before, so two chains with the
 * same tip and the same length are the same.
 */
export class KnownBlocks {
  readonly #max: number;
  /** The newest first. */
  #blocks: readonly BlockRef[] = [];

  /** @param max How many blocks are stored. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Returns the newest stored blocks, the newest first. */
  async read(chain: Pick<ChainStore, 'ends' | 'recent'>): Promise<readonly BlockRef[]> {
    const ends = await chain.ends();
    const [newest, oldest] = [this.#blocks[0], this.#blocks.at(-1)];
    const isSame = newest?.hash === ends?.tip.hash && oldest?.height === ends?.lowestHeight;
    if (!isSame) this.#blocks = await chain.recent(this.#max);
    return this.#blocks;
  }

  /**
   * Notes a change that has been stored.
   *
   * @param undo The blocks that were rolled back, the newest first.
   * @param apply The blocks that were appended, the oldest first.
   */
  changed(undo: readonly BlockRef[], apply: readonly BlockRef[]): void {
    if (undo.length === 0 && apply.length === 0) return;
    const undone = new Set(undo.map(({ hash }) => hash));
    const added = apply.map(({ height, hash }) => ({ height, hash })).toReversed();
    this.#blocks = [...added, ...this.#blocks.filter(({ hash }) => !undone.has(hash))].slice(0, this.#max);
  }
}
