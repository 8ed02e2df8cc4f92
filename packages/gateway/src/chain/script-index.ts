/**
 * The watched scripts, in memory, so that a block can be scanned without a query for each output. Each is stored as a 64-bit hash
 * in an open-addressing table over a typed array: 11 to 22 bytes a script. A hit is verified in the store, so a hash collision
 * costs a query and nothing else. The hash has a secret random seed, so nobody can provoke collisions.
 *
 * The table is split into 256 shards by one byte of the hash. Each grows on its own, in microseconds, so there are no pauses and
 * little unused memory.
 */
import type { ScriptHex, ScriptRun } from '../kernel/chain.ts';
import { finish, mix } from './script-hash.ts';
import type { ScriptSet } from './view/script-set.ts';

/** Two secret 32-bit numbers. */
export type ScriptIndexSeed = readonly [number, number];

const SHARDS = 256;
const FIRST_SLOTS = 16;
/** How many scripts are sorted by shard at a time: a thousand for each, and some 20 ms. */
const LOADED_AT_ONCE = 2 ** 18;
/** The load factor at which a table doubles its size. */
const MAX_LOAD = 0.72;
/** Scripts of this many bytes or more share an entry in the table of lengths. */
const MAX_INDEXED_LENGTH = 255;
/** No script in a block is longer than the block. */
const MAX_SCRIPT_BYTES = 4_000_000;

export class ScriptIndex implements ScriptSet {
  readonly #seed: ScriptIndexSeed;
  /** Which script lengths occur. The length alone rules out most outputs of most blocks. */
  readonly #lengths = new Uint8Array(MAX_INDEXED_LENGTH + 1);
  readonly #shards: Shard[];
  #size = 0;
  #scratch = Buffer.alloc(64);
  // The result of the last #hash call: two numbers, to avoid allocating an object.
  #high = 0;
  #low = 0;

  constructor(seed: ScriptIndexSeed) {
    this.#seed = seed;
    this.#shards = Array.from({ length: SHARDS }, () => new Shard());
  }

  /** How many scripts are watched. Scripts with colliding hashes count as one. */
  get size(): number {
    return this.#size;
  }

  /** Memory used by the tables, in bytes. */
  get byteLength(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.byteLength, 0);
  }

  /** Whether the bytes from `start` to `end` are a watched script, according to their hash. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#lengths[Math.min(end - start, MAX_INDEXED_LENGTH)] === 0) return false;
    this.#hash(bytes, start, end);
    return this.#shard().holds(this.#high, this.#low);
  }

  add(script: ScriptHex): void {
    const length = script.length / 2;
    if (length > MAX_SCRIPT_BYTES) throw new RangeError(`script: expected at most ${MAX_SCRIPT_BYTES} bytes, got ${length}`);
    if (this.#scratch.length < length) this.#scratch = Buffer.alloc(length);
    this.#scratch.write(script, 'hex');
    this.addBytes(this.#scratch, 0, length);
  }

  /** Makes room for that many scripts, so that the tables need not grow while they are added. */
  reserve(count: number): void {
    // The shards do not fill evenly.
    for (const shard of this.#shards) shard.reserve((count / SHARDS) * 1.05);
  }

  /**
   * Adds many scripts. They are sorted by shard first, in large batches: a shard fits into the processor's cache, the whole index does
   * not.
   */
  async load(runs: AsyncIterable<ScriptRun>): Promise<void> {
    const hashes = new Int32Array(LOADED_AT_ONCE * 2);
    let count = 0;
    for await (const { bytes, scriptBytes } of runs) {
      this.#lengths[Math.min(scriptBytes, MAX_INDEXED_LENGTH)] = 1;
      for (let start = 0; start < bytes.length; start += scriptBytes) {
        this.#hash(bytes, start, start + scriptBytes);
        hashes[count * 2] = this.#high;
        hashes[count * 2 + 1] = this.#low;
        count += 1;
        if (count < LOADED_AT_ONCE) continue;
        this.#addSorted(hashes, count);
        count = 0;
      }
    }
    this.#addSorted(hashes, count);
  }

  /** Adds hashes, each of two numbers, shard by shard. */
  #addSorted(hashes: Int32Array, count: number): void {
    const counts = new Uint32Array(SHARDS);
    for (let at = 0; at < count * 2; at += 2) {
      const shard = shardOf(hashes[at] as number);
      counts[shard] = (counts[shard] as number) + 1;
    }
    // Where the hashes of each shard begin.
    const starts = new Uint32Array(SHARDS);
    for (let shard = 1; shard < SHARDS; shard += 1) starts[shard] = (starts[shard - 1] as number) + (counts[shard - 1] as number);
    const sorted = new Int32Array(count * 2);
    for (let at = 0; at < count * 2; at += 2) {
      const high = hashes[at] as number;
      const to = starts[shardOf(high)] as number;
      starts[shardOf(high)] = to + 1;
      sorted[to * 2] = high;
      sorted[to * 2 + 1] = hashes[at + 1] as number;
    }
    for (let at = 0; at < count * 2; at += 2) {
      const [high, low] = [sorted[at] as number, sorted[at + 1] as number];
      if ((this.#shards[shardOf(high)] as Shard).add(high, low)) this.#size += 1;
    }
  }

  addBytes(bytes: Uint8Array, start: number, end: number): void {
    this.#hash(bytes, start, end);
    if (!this.#shard().add(this.#high, this.#low)) return;
    this.#lengths[Math.min(end - start, MAX_INDEXED_LENGTH)] = 1;
    this.#size += 1;
  }

  #shard(): Shard {
    return this.#shards[shardOf(this.#high)] as Shard;
  }

  /** Two lanes of a multiply-and-rotate hash, built like MurmurHash3, each with its own seed. */
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
    // Two zeros mark an empty slot.
    this.#low = a === 0 && b === 0 ? 1 : b;
  }
}

function shardOf(high: number): number {
  return high >>> 24;
}

/** Slots of two numbers, with linear probing; two zeros mark an empty slot. */
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

  /** Adds a pair. Returns whether it is new. */
  add(high: number, low: number): boolean {
    if (this.holds(high, low)) return false;
    if (this.#used >= (this.#pairs.length / 2) * MAX_LOAD) this.#resize(this.#pairs.length);
    this.#put(high, low);
    this.#used += 1;
    return true;
  }

  reserve(count: number): void {
    let slots = this.#pairs.length / 2;
    while (count >= slots * MAX_LOAD) slots *= 2;
    if (slots > this.#pairs.length / 2) this.#resize(slots);
  }

  #resize(slots: number): void {
    const old = this.#pairs;
    this.#pairs = new Int32Array(slots * 2);
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

  /** The slot of a pair, or the empty slot where it belongs. */
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
