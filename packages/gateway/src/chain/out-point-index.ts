/**
 * The outputs that our unconfirmed payments spend, in memory, so that a conflict is noticed while a block is scanned. A hit is
 * verified in the store: an output that is no longer relevant, or a hash collision, costs a query and nothing else.
 */
import type { OutPoint } from '../kernel/chain.ts';
import { ScriptIndex, type ScriptIndexSeed } from './script-index.ts';
import { fromDisplayHex } from './view/hash.ts';
import { OUT_POINT_BYTES, type OutPointSet } from './view/out-point-set.ts';

export class OutPointIndex implements OutPointSet {
  readonly #seed: ScriptIndexSeed;
  readonly #scratch = Buffer.alloc(OUT_POINT_BYTES);
  // A script index accepts any bytes, not only scripts.
  #index: ScriptIndex;
  /** The index that is about to replace the current one. */
  #next: ScriptIndex | undefined;

  constructor(seed: ScriptIndexSeed) {
    this.#seed = seed;
    this.#index = new ScriptIndex(seed);
  }

  get size(): number {
    return this.#index.size;
  }

  has(bytes: Uint8Array, at: number): boolean {
    return this.#index.has(bytes, at, at + OUT_POINT_BYTES);
  }

  add(outPoint: OutPoint): void {
    this.#addTo(this.#index, outPoint);
    if (this.#next !== undefined) this.#addTo(this.#next, outPoint);
  }

  /** Replaces the contents with these outputs; outputs added meanwhile are kept. */
  async load(outPoints: AsyncIterable<OutPoint>): Promise<void> {
    const next = new ScriptIndex(this.#seed);
    this.#next = next;
    try {
      for await (const outPoint of outPoints) this.#addTo(next, outPoint);
      this.#index = next;
    } finally {
      this.#next = undefined;
    }
  }

  #addTo(index: ScriptIndex, { txid, vout }: OutPoint): void {
    this.#scratch.set(fromDisplayHex(txid));
    this.#scratch.writeUInt32LE(vout, OUT_POINT_BYTES - 4);
    index.addBytes(this.#scratch, 0, OUT_POINT_BYTES);
  }
}
