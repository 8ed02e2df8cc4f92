/**
 * Checks the headers between a trusted block and a source's tip before any of these blocks is read: each builds on the one before
 * it, has the work that it claims, and claims as much as the network's rules demand. A lower header that the rules need (the
 * first block of an interval) is fetched and must be an ancestor by its hash, so a source cannot make it up.
 *
 * Checked headers are cached, so that each is fetched once.
 */
import type { BlockHash, BlockRef } from '../kernel/chain.ts';
import { ForgedHeaderError, SourceUnavailableError, type ChainSource } from './source.ts';
import { bitsOfHeader, hashOfHeader, HEADER_BYTES, headerFault, previousOfHeader, timeOfHeaderS } from './view/block-header.ts';
import { judgeTarget, type WorkHeader, type WorkRules } from './view/work-rules.ts';

/** How many headers are checked before their blocks are read. */
const AHEAD = 2016;
/** How many lower headers are fetched at once when the rules need one. */
const BELOW_AT_ONCE = 144;
/** An interval below the base block, the headers checked in advance, and some more. */
const KEPT = 2 * AHEAD + 1000;

interface CheckedHeader extends WorkHeader {
  readonly hash: BlockHash;
  readonly previous: BlockHash;
}

export interface HeaderCheckOptions {
  readonly source: Pick<ChainSource, 'name'> & Required<Pick<ChainSource, 'headers'>>;
  readonly rules: WorkRules;
}

export class HeaderCheck {
  readonly #options: HeaderCheckOptions;
  /** The height of the first cached header. */
  #from = 0;
  #headers: CheckedHeader[] = [];

  constructor(options: HeaderCheckOptions) {
    this.#options = options;
  }

  /**
   * Returns the next blocks above a trusted one, about 2,000 at most, on the way to the tip.
   *
   * @throws ForgedHeaderError when a header breaks the rules; SourceUnavailableError when the chain changed meanwhile.
   */
  async next(base: BlockRef, tip: BlockRef, signal: AbortSignal): Promise<readonly BlockRef[]> {
    const end = Math.min(base.height + AHEAD, tip.height);
    if (!this.#reaches(base, end, tip)) await this.#check(base, end, signal);
    this.#reset(base.height);
    const above = this.#headers.slice(base.height + 1 - this.#from, end + 1 - this.#from);
    return above.map(({ hash }, index) => ({ height: base.height + 1 + index, hash }));
  }

  /** Checks a block without a trusted parent, such as the very first: by its own work and the headers below it. */
  async first(block: BlockRef, signal: AbortSignal): Promise<void> {
    this.#headers = [];
    this.#from = block.height;
    await this.#append(block.height, block.height, signal);
    if (this.#at(block.height)?.hash !== block.hash) throw this.#changed();
  }

  /** Whether everything from the base to the end is cached and still leads to this tip. */
  #reaches(base: BlockRef, end: number, tip: BlockRef): boolean {
    const isKnown = this.#at(base.height)?.hash === base.hash && this.#at(end) !== undefined;
    return isKnown && (end < tip.height || this.#at(end)?.hash === tip.hash);
  }

  async #check(base: BlockRef, end: number, signal: AbortSignal): Promise<void> {
    if (this.#at(base.height)?.hash === base.hash) {
      this.#headers.length = base.height + 1 - this.#from;
    } else {
      const [header] = await this.#fetch(base.height, 1, signal);
      if (header === undefined || hashOfHeader(header) !== base.hash) throw this.#changed();
      this.#from = base.height;
      this.#headers = [this.#checked(header, base.height)];
    }
    await this.#append(base.height + 1, end, signal);
  }

  async #append(from: number, end: number, signal: AbortSignal): Promise<void> {
    for (const [index, header] of (await this.#fetch(from, end + 1 - from, signal)).entries()) {
      const height = from + index;
      const checked = this.#checked(header, height);
      const parent = this.#at(height - 1);
      if (parent !== undefined && checked.previous !== parent.hash) throw this.#changed();
      this.#headers.push(checked);
      try {
        await this.#judge(height, checked, signal);
      } catch (error) {
        this.#headers.length = height - this.#from;
        throw error;
      }
    }
  }

  /** Checks a header by itself: its form and its work. */
  #checked(header: Uint8Array, height: number): CheckedHeader {
    const { rules, source } = this.#options;
    const hash = hashOfHeader(header);
    const fault = headerFault(header, hash, rules);
    if (fault !== undefined || header.length !== HEADER_BYTES)
      throw new ForgedHeaderError(`${source.name}: the header of block ${height} is forged: ${fault}; its branch is not read`);
    return { hash, previous: previousOfHeader(header), timeS: timeOfHeaderS(header), bits: bitsOfHeader(header) };
  }

  async #judge(height: number, header: CheckedHeader, signal: AbortSignal): Promise<void> {
    const { rules, source } = this.#options;
    for (;;) {
      const verdict = judgeTarget(height, header, (below) => this.#at(below), rules);
      if (verdict.kind === 'good') return;
      if (verdict.kind === 'fault') {
        throw new ForgedHeaderError(
          `${source.name}: block ${height} (${header.hash}) does not have the target that the rules of the network require: ${verdict.fault}; its branch is not read`,
        );
      }
      await this.#extendDown(verdict.height, signal);
    }
  }

  /** Fetches lower headers, at least down to a height, and verifies that they are ancestors. */
  async #extendDown(height: number, signal: AbortSignal): Promise<void> {
    const from = Math.max(0, Math.min(height, this.#from - BELOW_AT_ONCE));
    const fetched = await this.#fetch(from, this.#from - from, signal);
    const below: CheckedHeader[] = [];
    let child = this.#headers[0];
    for (let at = this.#from - 1; at >= from; at -= 1) {
      const header = fetched[at - from];
      const checked = header && this.#checked(header, at);
      if (checked === undefined || checked.hash !== child?.previous) throw this.#changed();
      below.push(checked);
      child = checked;
    }
    this.#headers = [...below.reverse(), ...this.#headers];
    this.#from = from;
  }

  #reset(below: number): void {
    const most = Math.max(0, Math.min(this.#headers.length - KEPT, below - AHEAD - this.#from));
    this.#headers.splice(0, most);
    this.#from += most;
  }

  #at(height: number): CheckedHeader | undefined {
    return height < this.#from ? undefined : this.#headers[height - this.#from];
  }

  async #fetch(from: number, count: number, signal: AbortSignal): Promise<readonly Uint8Array[]> {
    return count <= 0 ? [] : this.#options.source.headers(from, count, signal);
  }

  #changed(): SourceUnavailableError {
    return new SourceUnavailableError(`${this.#options.source.name}: the chain changed while its headers were read`);
  }
}
