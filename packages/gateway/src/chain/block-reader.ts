/**
 * Reads a source's blocks: the next blocks of a branch with the payments to us in them, and once more blocks that were read
 * before.
 *
 * The scripts that the outputs of the newest blocks pay are remembered, for as many blocks as a reorganisation may roll back.
 * Scripts that are watched later are looked up in them, and a block that may pay one of them is read again in the next round.
 */
import type { BlockHash, BlockRef, ScriptHex } from '../kernel/chain.ts';
import { prefetch } from '../kernel/prefetch.ts';
import { enterStep, stepOf } from '../kernel/thread/steps.ts';
import type { AppliedBlock, UndoneBlock } from './chain-change.ts';
import type { HeaderCheck } from './header-check.ts';
import { ScannedOutputs } from './scanned-outputs.ts';
import { BlockMissingError, SourceUnavailableError, type ChainSource } from './source.ts';
import { findPaymentsInBlock } from './view/find-payments.ts';
import type { OutPointSet } from './view/out-point-set.ts';
import type { ScriptSet } from './view/script-set.ts';

const SCAN = stepOf('scan block');
/** How many blocks are read before their contents are stored. Only the payments to us are kept in memory. */
const BLOCKS_PER_STEP = 16;
/** After how many payments to us a step ends: they are stored in one transaction. */
const PAYMENTS_PER_STEP = 1_000;
/** How many blocks are prefetched while the block before them is scanned; each is up to 4 MB, 8 in hex. */
const BLOCKS_AT_ONCE = 4;
/** How many blocks have their outputs remembered. Full blocks take 15 MB. */
const REMEMBERED_BLOCKS = 400;

export interface BlockReaderOptions {
  readonly source: ChainSource;
  readonly scripts: ScriptSet;
  /** The outputs that unconfirmed payments spend: a block may contain their spender. */
  readonly outPoints: OutPointSet;
  /** Undefined when the source generates its own chain. */
  readonly headers: HeaderCheck | undefined;
  /** A secret 32-bit seed. */
  readonly seed: number;
}

export class BlockReader {
  readonly #options: BlockReaderOptions;
  readonly #outputs: ScannedOutputs<BlockHash>;
  /** Blocks to read again. */
  readonly #again = new Set<BlockHash>();
  /** Blocks that were read again and are not stored yet. */
  #unstored: readonly BlockHash[] = [];
  /** How many blocks the source had pruned and recovered. */
  fetched = 0;

  constructor(options: BlockReaderOptions) {
    this.#options = options;
    this.#outputs = new ScannedOutputs(options.seed);
  }

  /**
   * Looks up newly watched scripts in blocks that were read before.
   *
   * @returns the scripts that a block may pay; those blocks are read again.
   */
  lookUp(scripts: readonly ScriptHex[]): Iterable<ScriptHex> {
    const found = this.#outputs.find(scripts);
    for (const hashes of found.values()) for (const hash of hashes) this.#again.add(hash);
    return found.keys();
  }

  /** Reads the next blocks to store in one step. Later blocks are prefetched while an earlier one is scanned. */
  async readBranch(base: BlockRef, tip: BlockRef, signal: AbortSignal): Promise<AppliedBlock[]> {
    const { source, headers } = this.#options;
    const count = Math.max(0, Math.min(BLOCKS_PER_STEP, tip.height - base.height));
    const heights = Array.from({ length: count }, (_, above) => base.height + 1 + above);
    const refs =
      headers === undefined
        ? await Promise.all(heights.map((height) => source.blockAt(height, signal)))
        : (await headers.next(base, tip, signal)).slice(0, count);
    const end = refs.indexOf(undefined);
    const present = refs.slice(0, end === -1 ? undefined : end).filter((ref) => ref !== undefined);
    const blocks: AppliedBlock[] = [];
    let previous = base;
    let payments = 0;
    for await (const block of prefetch(present, BLOCKS_AT_ONCE, (ref) => this.read(ref, signal))) {
      if (block.previous !== previous.hash)
        throw new SourceUnavailableError(`the chain changed while block ${block.height} was read`);
      blocks.push(block);
      payments += block.matches.length;
      if (payments >= PAYMENTS_PER_STEP) break;
      previous = block;
    }
    return blocks;
  }

  async read(ref: BlockRef, signal: AbortSignal): Promise<AppliedBlock> {
    return this.#scan(ref, await this.#bytesOf(ref, signal));
  }

  /**
   * Reads blocks again that may pay scripts that were not watched at the time.
   *
   * @param known Blocks that are stored and stay.
   */
  async readAgain(known: readonly BlockRef[], signal: AbortSignal): Promise<readonly AppliedBlock[]> {
    // Payments of rolled-back blocks reappear in the mempool or in another block, and a block that is not stored yet is read
    // first.
    for (const hash of this.#again) if (!this.#outputs.has(hash)) this.#again.delete(hash);
    const refs = known.filter(({ hash }) => this.#again.has(hash) || this.#unstored.includes(hash));
    this.#unstored = refs.map(({ hash }) => hash);
    for (const hash of this.#unstored) this.#again.delete(hash);
    const blocks: AppliedBlock[] = [];
    for await (const block of prefetch(refs, BLOCKS_AT_ONCE, (ref) => this.#readIfPresent(ref, signal)))
      if (block !== undefined) blocks.push(block);
    return blocks;
  }

  /** Reads blocks to be rolled back with all scripts watched by now, as far as the source still has them. */
  async readUndone(undo: readonly BlockRef[], signal: AbortSignal): Promise<readonly UndoneBlock[]> {
    const blocks: UndoneBlock[] = [];
    for await (const block of prefetch(undo, BLOCKS_AT_ONCE, async (ref) => ({
      ...ref,
      matches: (await this.#readIfPresent(ref, signal))?.matches ?? [],
    })))
      blocks.push(block);
    return blocks;
  }

  /** Marks the blocks that were read as stored. */
  stored(): void {
    this.#unstored = [];
  }

  /**
   * Reads a block that the source had before. It may have discarded the block since; then there is nothing more to find in it.
   */
  async #readIfPresent(ref: BlockRef, signal: AbortSignal): Promise<AppliedBlock | undefined> {
    try {
      return this.#scan(ref, await this.#options.source.block(ref.hash, signal));
    } catch (error) {
      if (error instanceof BlockMissingError) return undefined;
      throw error;
    }
  }

  #scan(ref: BlockRef, bytes: Uint8Array): AppliedBlock {
    enterStep(SCAN);
    const { scripts, outPoints } = this.#options;
    const found = this.#outputs.record(ref.hash, scripts, (noting) => findPaymentsInBlock(bytes, ref.hash, noting, outPoints));
    const [oldest] = this.#outputs.ids();
    if (oldest !== undefined && this.#outputs.size > REMEMBERED_BLOCKS) this.#outputs.forget(oldest);
    return { ...ref, ...found };
  }

  async #bytesOf(ref: BlockRef, signal: AbortSignal): Promise<Uint8Array> {
    const { source } = this.#options;
    try {
      return await source.block(ref.hash, signal);
    } catch (error) {
      if (!(error instanceof BlockMissingError) || source.pruned === undefined) throw error;
      const bytes = await source.pruned.fetch(ref, signal);
      this.fetched += 1;
      return bytes;
    }
  }
}
