/**
 * Scans serialised transactions (BIP 144) as fast as bytes can be read: it allocates no objects, and only notes the positions of
 * outputs that pay our scripts and of inputs that spend the given outputs. Everything it rejects, `readTransaction` rejects as
 * well.
 */
import { MalformedChainDataError } from './byte-reader.ts';
import { writeDoubleSha256 } from './double-sha256.ts';
import { NO_OUT_POINTS, type OutPointSet } from './out-point-set.ts';
import type { ScriptSet } from './script-set.ts';

const MIN_INPUT_BYTES = 41;
const MIN_OUTPUT_BYTES = 9;
const NONE: readonly number[] = [];

export class TransactionWalk {
  readonly #bytes: Uint8Array;
  readonly #scripts: ScriptSet;
  readonly #outPoints: OutPointSet;
  /** Where the next transaction begins. */
  offset: number;
  /** Where the last transaction began. */
  start = 0;
  /** The indexes of the last transaction's outputs that pay our scripts. */
  found: readonly number[] = NONE;
  /** The byte positions of the last transaction's inputs that spend one of the given outputs. */
  spent: readonly number[] = NONE;
  // The hashed part of the last transaction: without marker, flag and witness.
  #bodyStart = 0;
  #bodyEnd = 0;
  #scratch = Buffer.alloc(1024);

  constructor(bytes: Uint8Array, offset: number, scripts: ScriptSet, outPoints: OutPointSet = NO_OUT_POINTS) {
    this.#bytes = bytes;
    this.#scripts = scripts;
    this.#outPoints = outPoints;
    this.offset = offset;
  }

  /** Scans one transaction. @throws MalformedChainDataError when the bytes at its position are not a valid transaction. */
  next(): void {
    const bytes = this.#bytes;
    const start = this.offset;
    const hasWitness = bytes[start + 4] === 0 && bytes[start + 5] === 1;
    const bodyStart = start + (hasWitness ? 6 : 4);
    const inputs = countAt(bytes, bodyStart, MIN_INPUT_BYTES);
    const inputsAt = bodyStart + compactBytes(bytes, bodyStart);
    const outputsAt = skipInputs(bytes, inputsAt, inputs);
    this.spent = this.#outPoints.size === 0 ? NONE : this.#walkInputs(inputsAt, inputs);
    const bodyEnd = this.#walkOutputs(outputsAt);
    const end = (hasWitness ? skipWitnesses(bytes, bodyEnd, inputs) : bodyEnd) + 4;
    if (end > bytes.length) throw cutOff(bytes);
    this.start = start;
    this.#bodyStart = bodyStart;
    this.#bodyEnd = bodyEnd;
    this.offset = end;
  }

  /** Writes the hash of the last transaction, as in the merkle tree. */
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

  /** The inputs have been skipped before and are complete. */
  #walkInputs(from: number, inputs: number): readonly number[] {
    const bytes = this.#bytes;
    let spent: number[] | undefined;
    let at = from;
    for (let input = 0; input < inputs; input += 1) {
      if (this.#outPoints.has(bytes, at)) (spent ??= []).push(at);
      const lengthAt = at + 36;
      at = lengthAt + compactBytes(bytes, lengthAt) + compactAt(bytes, lengthAt) + 4;
    }
    return spent ?? NONE;
  }

  #walkOutputs(outputsAt: number): number {
    const bytes = this.#bytes;
    const scripts = this.#scripts;
    const outputs = countAt(bytes, outputsAt, MIN_OUTPUT_BYTES);
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

/** The length in bytes of the CompactSize at this position. Throws past the end, so no position is ever far beyond it. */
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

/** Reads a count and checks it against the remaining bytes, which bounds the loops. */
function countAt(bytes: Uint8Array, at: number, leastBytesEach: number): number {
  const count = at < bytes.length ? compactAt(bytes, at) : 0;
  const left = bytes.length - at - compactBytes(bytes, at);
  if (count * leastBytesEach > left) throw new MalformedChainDataError(`${count} entries do not fit into ${left} bytes`);
  return count;
}

function cutOff(bytes: Uint8Array): MalformedChainDataError {
  return new MalformedChainDataError(`expected more of a transaction, the data ends at ${bytes.length}`);
}
