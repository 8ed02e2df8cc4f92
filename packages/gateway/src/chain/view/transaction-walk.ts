/**
 * Walks over serialised transactions (BIP 144) as fast as bytes can be read: it makes no object for what nobody asked for, and
 * notes only where the outputs stand that pay a script of ours. What it refuses is what `readTransaction` refuses as well.
 */
import { hash } from 'node:crypto';
import { MalformedChainDataError } from './byte-reader.ts';
import type { ScriptSet } from './script-set.ts';

const LEAST_INPUT_BYTES = 41;
const LEAST_OUTPUT_BYTES = 9;

export class TransactionWalk {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #scripts: ScriptSet;
  /** Where the next transaction begins. */
  offset: number;
  /** Where the last transaction began. */
  start = 0;
  /** The indexes of the last transaction's outputs that pay a script of ours. */
  found: readonly number[] = NONE;
  // What the hash of the last transaction is made of: without marker, flag and witness.
  #bodyStart = 0;
  #bodyEnd = 0;
  #hasWitness = false;
  #scratch = Buffer.alloc(1024);

  constructor(bytes: Uint8Array, offset: number, scripts: ScriptSet) {
    this.#bytes = bytes;
    this.#end = bytes.length;
    this.#scripts = scripts;
    this.offset = offset;
  }

  /** Walks over one transaction. @throws MalformedChainDataError when the bytes at its place are none. */
  next(): void {
    const bytes = this.#bytes;
    this.start = this.offset;
    this.#skip(4);
    this.#hasWitness = bytes[this.offset] === 0 && bytes[this.offset + 1] === 1;
    if (this.#hasWitness) this.#skip(2);
    this.#bodyStart = this.offset;
    const inputs = this.#count(LEAST_INPUT_BYTES);
    for (let input = 0; input < inputs; input += 1) {
      this.#skip(36);
      this.#skip(this.#compactSize());
      this.#skip(4);
    }
    this.#walkOutputs();
    this.#bodyEnd = this.offset;
    if (this.#hasWitness) for (let input = 0; input < inputs; input += 1) this.#skipWitness();
    this.#skip(4);
  }

  /** The hash of the last transaction, as it stands in the merkle tree. */
  hash(): Buffer {
    const bytes = this.#bytes;
    if (!this.#hasWitness) return twice(bytes.subarray(this.start, this.offset));
    const length = 4 + (this.#bodyEnd - this.#bodyStart) + 4;
    if (this.#scratch.length < length) this.#scratch = Buffer.alloc(length * 2);
    const scratch = this.#scratch;
    scratch.set(bytes.subarray(this.start, this.start + 4), 0);
    scratch.set(bytes.subarray(this.#bodyStart, this.#bodyEnd), 4);
    scratch.set(bytes.subarray(this.offset - 4, this.offset), length - 4);
    return twice(scratch.subarray(0, length));
  }

  #walkOutputs(): void {
    const bytes = this.#bytes;
    const scripts = this.#scripts;
    const outputs = this.#count(LEAST_OUTPUT_BYTES);
    this.found = NONE;
    for (let vout = 0; vout < outputs; vout += 1) {
      this.#skip(8);
      const length = this.#compactSize();
      const script = this.offset;
      this.#skip(length);
      if (scripts.has(bytes, script, this.offset)) this.found = [...this.found, vout];
    }
  }

  #skipWitness(): void {
    const items = this.#count(1);
    for (let item = 0; item < items; item += 1) this.#skip(this.#compactSize());
  }

  #skip(count: number): void {
    this.offset += count;
    if (this.offset > this.#end) throw this.#cutOff();
  }

  /** A count that cannot make us loop beyond what the bytes could hold. */
  #count(leastBytesEach: number): number {
    const count = this.#compactSize();
    if (count * leastBytesEach > this.#end - this.offset)
      throw new MalformedChainDataError(`${count} entries do not fit into ${this.#end - this.offset} bytes`);
    return count;
  }

  #compactSize(): number {
    const bytes = this.#bytes;
    const at = this.offset;
    const first = bytes[at];
    if (first === undefined) throw this.#cutOff();
    if (first < 0xfd) {
      this.offset = at + 1;
      return first;
    }
    const size = first === 0xfd ? 2 : first === 0xfe ? 4 : 8;
    this.#skip(1 + size);
    let value = 0;
    for (let byte = size; byte > 0; byte -= 1) value = value * 256 + (bytes[at + byte] as number);
    if (value > Number.MAX_SAFE_INTEGER)
      throw new MalformedChainDataError(`a CompactSize of ${value} at ${at} is beyond any block`);
    return value;
  }

  #cutOff(): MalformedChainDataError {
    return new MalformedChainDataError(`expected more of a transaction, the data ends at ${this.#end}`);
  }
}

const NONE: readonly number[] = [];

function twice(bytes: Uint8Array): Buffer {
  return hash('sha256', hash('sha256', bytes, 'buffer'), 'buffer');
}
