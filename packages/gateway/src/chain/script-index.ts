/**
 * The scripts that we watch, in memory, so that a block can be walked without a query an output. Kept is a hash of 64 bits of each,
 * in an open-addressing table over a typed array: 11 to 22 bytes a script. A hit is confirmed in the store, so a chance equal hash
 * costs a query and nothing else; the hash is seeded with chance of our own, so that nobody can aim at one.
 *
 * The table is 256 small ones, told apart by a byte of the hash. Each grows for itself, in microseconds: there is no pause,
 * and never much more memory than is needed.
 */
import type { ScriptHex } from '../kernel/chain.ts';
import type { ScriptSet } from './view/script-set.ts';

/** Two numbers of 32 bits that nobody else knows. */
export type ScriptIndexSeed = readonly [number, number];

const SHARDS = 256;
const FIRST_SLOTS = 16;
/** When this part of a table is full, it is left for one of twice its size. */
const FULLEST = 0.72;
/** Scripts of this many bytes or more share a place in the table of lengths. */
const LONGEST_TOLD_APART = 255;
/** No script of a block is longer than the block. */
const MOST_SCRIPT_BYTES = 4_000_000;

export class ScriptIndex implements ScriptSet {
  readonly #seed: ScriptIndexSeed;
  /** Which lengths of script occur: most outputs of most blocks are told apart by that alone, or by nothing. */
  readonly #lengths = new Uint8Array(LONGEST_TOLD_APART + 1);
  readonly #shards: Shard[];
  #size = 0;
  #scratch = Buffer.alloc(64);
  // What #hash has found last: two numbers without an object.
  #high = 0;
  #low = 0;

  constructor(seed: ScriptIndexSeed) {
    this.#seed = seed;
    this.#shards = Array.from({ length: SHARDS }, () => new Shard());
  }

  /** How many scripts are watched; two whose hashes are equal by chance count as one. */
  get size(): number {
    return this.#size;
  }

  /** What the tables take, in bytes. */
  get byteLength(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.byteLength, 0);
  }

  /** Whether the bytes from `start` to `end` are a script that is watched, by all that its hash can tell. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#lengths[Math.min(end - start, LONGEST_TOLD_APART)] === 0) return false;
    this.#hash(bytes, start, end);
    return this.#shard().holds(this.#high, this.#low);
  }

  add(script: ScriptHex): void {
    const length = script.length / 2;
    if (length > MOST_SCRIPT_BYTES) throw new RangeError(`script: expected at most ${MOST_SCRIPT_BYTES} bytes, got ${length}`);
    if (this.#scratch.length < length) this.#scratch = Buffer.alloc(length);
    this.#scratch.write(script, 'hex');
    this.addBytes(this.#scratch, 0, length);
  }

  addBytes(bytes: Uint8Array, start: number, end: number): void {
    this.#hash(bytes, start, end);
    if (!this.#shard().add(this.#high, this.#low)) return;
    this.#lengths[Math.min(end - start, LONGEST_TOLD_APART)] = 1;
    this.#size += 1;
  }

  #shard(): Shard {
    return this.#shards[this.#high >>> 24] as Shard;
  }

  /** Two lanes of a multiply-and-rotate hash, of the construction of MurmurHash3, each with a seed of its own. */
  #hash(bytes: Uint8Array, start: number, end: number): void {
    let a = this.#seed[0] ^ (end - start);
    let b = this.#seed[1] ^ (end - start);
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const word =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24);
      a = mix(a, word, 0xcc9e2d51, 0x1b873593);
      b = mix(b, word, 0x85ebca77, 0xc2b2ae3d);
    }
    let tail = 0;
    for (let shift = 0; at < end; at += 1, shift += 8) tail |= (bytes[at] as number) << shift;
    a = finish(mix(a, tail, 0xcc9e2d51, 0x1b873593));
    b = finish(mix(b, tail, 0x85ebca77, 0xc2b2ae3d));
    this.#high = a;
    // A slot of two zeros is an empty one.
    this.#low = a === 0 && b === 0 ? 1 : b;
  }
}

/** Slots of two numbers; a pair of zeros is an empty one. A pair is looked for from its own slot on. */
class Shard {
  #pairs = new Int32Array(FIRST_SLOTS * 2);
  #used = 0;

  get byteLength(): number {
    return this.#pairs.byteLength;
  }

  holds(high: number, low: number): boolean {
    const slot = this.#slotOf(high, low);
    return this.#pairs[slot * 2] === high && this.#pairs[slot * 2 + 1] === low;
  }

  /** Adds a pair, and answers whether it is new. */
  add(high: number, low: number): boolean {
    if (this.holds(high, low)) return false;
    if (this.#used >= (this.#pairs.length / 2) * FULLEST) this.#grow();
    this.#put(high, low);
    this.#used += 1;
    return true;
  }

  #grow(): void {
    const old = this.#pairs;
    this.#pairs = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const [high, low] = [old[at] as number, old[at + 1] as number];
      if (high !== 0 || low !== 0) this.#put(high, low);
    }
  }

  #put(high: number, low: number): void {
    const slot = this.#slotOf(high, low);
    this.#pairs[slot * 2] = high;
    this.#pairs[slot * 2 + 1] = low;
  }

  /** Where a pair stands, or the empty slot where it would. */
  #slotOf(high: number, low: number): number {
    const pairs = this.#pairs;
    const mask = pairs.length / 2 - 1;
    let slot = low & mask;
    for (;;) {
      const [h, l] = [pairs[slot * 2], pairs[slot * 2 + 1]];
      if ((h === high && l === low) || (h === 0 && l === 0)) return slot;
      slot = (slot + 1) & mask;
    }
  }
}

function mix(state: number, word: number, c1: number, c2: number): number {
  const k = Math.imul(word, c1);
  const mixed = state ^ Math.imul((k << 15) | (k >>> 17), c2);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(state: number): number {
  let h = state ^ (state >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
