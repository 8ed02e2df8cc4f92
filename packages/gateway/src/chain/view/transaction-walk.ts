/**
 * Walks over serialised transactions (BIP 144) as fast as bytes can be read: it makes no object for what nobody asked for, and
 * notes only where the outputs stand that pay a script of ours. What it refuses is what `readTransaction` refuses as well.
 */
import { MalformedChainDataError } from './byte-reader.ts';
import { writeDoubleSha256 } from './double-sha256.ts';
import type { ScriptSet } from './script-set.ts';

const LEAST_INPUT_BYTES = 41;
const LEAST_OUTPUT_BYTES = 9;
const NONE: readonly number[] = [];

export class TransactionWalk {
  readonly #bytes: Uint8Array;
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
  #scratch = Buffer.alloc(1024);

  constructor(bytes: Uint8Array, offset: number, scripts: ScriptSet) {
    this.#bytes = bytes;
    this.#scripts = scripts;
    this.offset = offset;
  }

  /** Walks over one transaction. @throws MalformedChainDataError when the bytes at its place are none. */
  next(): void {
    const bytes = this.#bytes;
    const start = this.offset;
    const hasWitness = bytes[start + 4] === 0 && bytes[start + 5] === 1;
    const bodyStart = start + (hasWitness ? 6 : 4);
    const inputs = countAt(bytes, bodyStart, LEAST_INPUT_BYTES);
    const outputsAt = skipInputs(bytes, bodyStart + compactBytes(bytes, bodyStart), inputs);
    const bodyEnd = this.#walkOutputs(outputsAt);
    const end = (hasWitness ? skipWitnesses(bytes, bodyEnd, inputs) : bodyEnd) + 4;
    if (end > bytes.length) throw cutOff(bytes);
    this.start = start;
    this.#bodyStart = bodyStart;
    this.#bodyEnd = bodyEnd;
    this.offset = end;
  }

  /** Writes the hash of the last transaction, as it stands in the merkle tree. */
  writeHash(target: Buffer, offset: number): void {
    const bytes = this.#bytes;
    const { start } = this;
    if (this.#bodyStart === start + 4) return writeDoubleSha256(bytes.subarray(start, this.offset), target, offset);
    const length = 4 + (this.#bodyEnd - this.#bodyStart) + 4;
    if (this.#scratch.length < length) this.#scratch = Buffer.alloc(length * 2);
    const scratch = this.#scratch;
    scratch.set(bytes.subarray(this.#bodyStart, this.#bodyEnd), 4);
    for (let at = 0; at < 4; at += 1) {
      scratch[at] = bytes[start + at] as number;
      scratch[length - 4 + at] = bytes[this.offset - 4 + at] as number;
    }
    writeDoubleSha256(scratch.subarray(0, length), target, offset);
  }

  #walkOutputs(outputsAt: number): number {
    const bytes = this.#bytes;
    const scripts = this.#scripts;
    const outputs = countAt(bytes, outputsAt, LEAST_OUTPUT_BYTES);
    let found: number[] | undefined;
    let at = outputsAt + compactBytes(bytes, outputsAt);
    for (let vout = 0; vout < outputs; vout += 1) {
      const lengthAt = at + 8;
      const script = lengthAt + compactBytes(bytes, lengthAt);
      at = script + compactAt(bytes, lengthAt);
      if (at > bytes.length) throw cutOff(bytes);
      if (scripts.has(bytes, script, at)) (found ??= []).push(vout);
    }
    this.found = found ?? NONE;
    return at;
  }
}

function skipInputs(bytes: Uint8Array, from: number, inputs: number): number {
  let at = from;
  for (let input = 0; input < inputs; input += 1) {
    const lengthAt = at + 36;
    at = lengthAt + compactBytes(bytes, lengthAt) + compactAt(bytes, lengthAt) + 4;
  }
  if (at > bytes.length) throw cutOff(bytes);
  return at;
}

function skipWitnesses(bytes: Uint8Array, from: number, inputs: number): number {
  let at = from;
  for (let input = 0; input < inputs; input += 1) {
    const items = countAt(bytes, at, 1);
    at += compactBytes(bytes, at);
    for (let item = 0; item < items; item += 1) at += compactBytes(bytes, at) + compactAt(bytes, at);
  }
  return at;
}

/** How many bytes the CompactSize at this place takes. Past the end it throws: so no place is ever far beyond it. */
function compactBytes(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === undefined) throw cutOff(bytes);
  return first < 0xfd ? 1 : first === 0xfd ? 3 : first === 0xfe ? 5 : 9;
}

function compactAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0xfd) return first;
  const size = compactBytes(bytes, at) - 1;
  if (at + size >= bytes.length) throw cutOff(bytes);
  let value = 0;
  for (let byte = size; byte > 0; byte -= 1) value = value * 256 + (bytes[at + byte] as number);
  if (value > bytes.length) throw new MalformedChainDataError(`a CompactSize of ${value} at ${at} is beyond any block`);
  return value;
}

/** A count that cannot make us loop beyond what the bytes could hold. */
function countAt(bytes: Uint8Array, at: number, leastBytesEach: number): number {
  const count = at < bytes.length ? compactAt(bytes, at) : 0;
  const left = bytes.length - at - compactBytes(bytes, at);
  if (count * leastBytesEach > left) throw new MalformedChainDataError(`${count} entries do not fit into ${left} bytes`);
  return count;
}

function cutOff(bytes: Uint8Array): MalformedChainDataError {
  return new MalformedChainDataError(`expected more of a transaction, the data ends at ${bytes.length}`);
}
