/**
 * Remembers which scripts the scanned transactions or blocks pay, so that a script that is watched later can be looked up in
 * them. Each output is stored as a 32-bit hash with a secret random seed. A false positive costs the caller another scan; nothing
 * that was scanned is ever missed.
 *
 * The hashes are in one typed array, those of one transaction or block in a row after their count. A look-up is a single pass
 * over all of them, however many scripts it looks up: a bitmap of the scripts that fits into the processor's cache rules out
 * nearly everything. This runs at memory speed, takes a third of the memory of a hash table over the outputs, and unlike such a
 * table does not degrade where thousands of transactions pay the same script.
 *
 * An output takes 4 bytes, and up to 6 including spare room; the space of forgotten entries is reclaimed when the array is full.
 * A mempool of 300 MB, as a node counts it, has some 400,000 outputs, which take 2 MB. If an attacker fills it with nothing but
 * outputs, which a node counts as at least 40 bytes each, it takes 45 MB.
 */
import type { ScriptHex } from '../kernel/chain.ts';
import { hash32 } from './script-hash.ts';
import type { ScriptSet } from './view/script-set.ts';

/** The lengths of all address scripts: P2WPKH, P2SH, P2PKH, P2WSH and P2TR. Other outputs cannot belong to an account. */
const ADDRESS_SCRIPT_BYTES: ReadonlySet<number> = new Set([22, 23, 25, 34]);
const MIN_WORDS = 1024;
/** The size of a new array relative to its contents. */
const GROWTH = 1.5;
/** Bits of the bitmap for each looked-up script. One in this many other outputs passes it by chance. */
const BITS_EACH = 64;

export class ScannedOutputs<Id extends string> {
  readonly #seed: number;
  /** The position of each id's hash count in `#words`, followed by its hashes. */
  #places = new Map<Id, number>();
  #words = new Uint32Array(MIN_WORDS);
  #end = 0;
  /** How many words belong to an id. */
  #live = 0;
  /** The hashes of the current scan. */
  #scanned = new Uint32Array(MIN_WORDS);
  #count = 0;
  readonly #scratch = Buffer.alloc(Math.max(...ADDRESS_SCRIPT_BYTES));

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** How many transactions or blocks are remembered. */
  get size(): number {
    return this.#places.size;
  }

  /** Memory used by the hashes, in bytes. */
  get byteLength(): number {
    return this.#words.byteLength;
  }

  ids(): IterableIterator<Id> {
    return this.#places.keys();
  }

  has(id: Id): boolean {
    return this.#places.has(id);
  }

  /**
   * Scans for scripts, and remembers every output that the scan asks about. Both happen at once, so a script is either found by
   * the scan or can be looked up afterwards, whenever it came to be watched. A scan that throws leaves nothing behind.
   */
  record<Result>(id: Id, scripts: ScriptSet, scan: (scripts: ScriptSet) => Result): Result {
    this.#count = 0;
    const result = scan({
      has: (bytes, start, end) => {
        if (ADDRESS_SCRIPT_BYTES.has(end - start)) this.#note(hash32(bytes, start, end, this.#seed));
        return scripts.has(bytes, start, end);
      },
    });
    this.forget(id);
    const length = 1 + this.#count;
    if (this.#end + length > this.#words.length) this.#makeRoom(length);
    this.#words[this.#end] = this.#count;
    this.#words.set(this.#scanned.subarray(0, this.#count), this.#end + 1);
    this.#places.set(id, this.#end);
    this.#end += length;
    this.#live += length;
    return result;
  }

  forget(id: Id): void {
    const start = this.#places.get(id);
    if (start === undefined) return;
    this.#places.delete(id);
    this.#live -= 1 + (this.#words[start] as number);
  }

  /** Forgets all but these. */
  retain(ids: Iterable<Id>): void {
    const places = new Map<Id, number>();
    let live = 0;
    for (const id of ids) {
      const start = this.#places.get(id);
      if (start === undefined || places.has(id)) continue;
      places.set(id, start);
      live += 1 + (this.#words[start] as number);
    }
    this.#places = places;
    this.#live = live;
  }

  /**
   * Finds the scripts that a remembered output may pay, each with the ids of the transactions or blocks that may pay it.
   *
   * @throws RangeError when a script is not an address script.
   */
  find(scripts: readonly ScriptHex[]): ReadonlyMap<ScriptHex, readonly Id[]> {
    const hashes = Uint32Array.from(scripts, (script) => this.#hashOf(script));
    const positions = this.#positionsOf(hashes.toSorted());
    return positions.length === 0 ? new Map() : this.#idsAt(positions, hashes, scripts);
  }

  #hashOf(script: ScriptHex): number {
    const length = script.length / 2;
    if (!ADDRESS_SCRIPT_BYTES.has(length))
      throw new RangeError(`script: expected that of an address, got one of ${length} bytes`);
    this.#scratch.write(script, 'hex');
    return hash32(this.#scratch, 0, length, this.#seed);
  }

  /** The positions in `#words` that contain one of these hashes, in ascending order. */
  #positionsOf(sorted: Uint32Array): readonly number[] {
    const words = this.#words;
    const end = this.#end;
    const { bits, shift } = bitmapOf(sorted);
    const positions: number[] = [];
    for (let at = 0; at < end; at += 1) {
      const word = words[at] as number;
      const bit = word >>> shift;
      if (((bits[bit >>> 5] as number) & (1 << (bit & 31))) !== 0 && sorted[firstNotBelow(sorted, word)] === word)
        positions.push(at);
    }
    return positions;
  }

  /** Maps positions to ids. The hash counts in between, and forgotten entries, belong to no id. */
  #idsAt(positions: readonly number[], hashes: Uint32Array, scripts: readonly ScriptHex[]): Map<ScriptHex, Id[]> {
    const words = this.#words;
    const idsOf = new Map<number, Id[]>();
    for (const [id, start] of this.#places) {
      const end = start + (words[start] as number);
      for (let nth = firstNotBelow(positions, start + 1); (positions[nth] ?? Infinity) <= end; nth += 1) {
        const hash = words[positions[nth] as number] as number;
        const ids = idsOf.get(hash) ?? [];
        if (ids.at(-1) !== id) ids.push(id);
        idsOf.set(hash, ids);
      }
    }
    const found = new Map<ScriptHex, Id[]>();
    for (const [nth, script] of scripts.entries()) {
      const ids = idsOf.get(hashes[nth] as number);
      if (ids !== undefined) found.set(script, ids);
    }
    return found;
  }

  #note(hash: number): void {
    if (this.#count === this.#scanned.length) {
      const larger = new Uint32Array(this.#scanned.length * 2);
      larger.set(this.#scanned);
      this.#scanned = larger;
    }
    this.#scanned[this.#count] = hash;
    this.#count += 1;
  }

  /** Moves the remembered entries to a new array, with room for this many more words. */
  #makeRoom(length: number): void {
    const old = this.#words;
    const words = new Uint32Array(Math.max(MIN_WORDS, Math.ceil((this.#live + length) * GROWTH)));
    let end = 0;
    for (const [id, start] of this.#places) {
      const next = start + 1 + (old[start] as number);
      words.set(old.subarray(start, next), end);
      this.#places.set(id, end);
      end += next - start;
    }
    this.#words = words;
    this.#end = end;
  }
}

/** A bitmap of hashes by their upper bits. */
function bitmapOf(hashes: Uint32Array): { readonly bits: Uint32Array; readonly shift: number } {
  const size = Math.min(28, Math.max(10, Math.ceil(Math.log2(hashes.length * BITS_EACH))));
  const shift = 32 - size;
  const bits = new Uint32Array(2 ** (size - 5));
  for (const hash of hashes) {
    const bit = hash >>> shift;
    bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31));
  }
  return { bits, shift };
}

/** The index of the first of ascending numbers that is not below one. */
function firstNotBelow(numbers: ArrayLike<number>, one: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) < one) low = middle + 1;
    else high = middle;
  }
  return low;
}
