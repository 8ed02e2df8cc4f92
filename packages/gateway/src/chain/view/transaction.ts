/** Parses one serialised transaction (BIP 144). */
import type { OutPoint, ScriptHex, Txid } from '../../kernel/chain.ts';
import { sats, type Sats } from '../../kernel/sats.ts';
import { ByteReader, MalformedChainDataError } from './byte-reader.ts';
import { doubleSha256, toDisplayHex } from './hash.ts';

/** The parts of a transaction that we use. */
export interface ChainTransaction {
  readonly txid: Txid;
  readonly outputs: readonly ChainOutput[];
  /** The outputs that it spends; empty for a coinbase. */
  readonly spends: readonly OutPoint[];
  /** Its hash with the input scripts emptied: an id that older client libraries still request. */
  normalizedTxid(): Txid;
  /** The hash in internal byte order, for the merkle tree. */
  readonly hash: Uint8Array;
}

export interface ChainOutput {
  readonly vout: number;
  readonly amount: Sats;
  readonly script: ScriptHex;
}

/**
 * Parses a single transaction.
 *
 * @throws MalformedChainDataError when the bytes are not a valid transaction, or continue after it.
 */
export function parseTransaction(bytes: Uint8Array): ChainTransaction {
  const reader = new ByteReader(bytes);
  const transaction = readTransaction(reader);
  if (reader.remaining > 0)
    throw new MalformedChainDataError(`expected the end after the transaction, got ${reader.remaining} more bytes`);
  return transaction;
}

/** Reads the transaction at the reader's position and advances past it. */
export function readTransaction(reader: ByteReader): ChainTransaction {
  const start = reader.offset;
  reader.skip(4);
  const hasWitness = reader.peek(0) === 0 && reader.peek(1) === 1;
  if (hasWitness) reader.skip(2);
  const bodyStart = reader.offset;
  const inputs = readInputs(reader);
  const outputsStart = reader.offset;
  const outputs = readOutputs(reader);
  const bodyEnd = reader.offset;
  if (hasWitness) for (let input = 0; input < inputs.length; input += 1) skipWitness(reader);
  reader.skip(4);

  const version = reader.bytes.subarray(start, start + 4);
  const lockTime = reader.bytes.subarray(reader.offset - 4, reader.offset);
  const hash = doubleSha256(version, reader.bytes.subarray(bodyStart, bodyEnd), lockTime);
  const outputBytes = reader.bytes.subarray(outputsStart, bodyEnd);
  const spends = inputs.filter((input) => !isCoinbase(input)).map(toOutPoint);
  const normalizedTxid = (): Txid => toDisplayHex(doubleSha256(version, withEmptyScripts(inputs), outputBytes, lockTime)) as Txid;
  return { txid: toDisplayHex(hash) as Txid, hash, outputs, spends, normalizedTxid };
}

interface Input {
  /** Hash and index of the spent output: 36 bytes. */
  readonly outPoint: Uint8Array;
  readonly sequence: Uint8Array;
}

function readInputs(reader: ByteReader): Input[] {
  const count = boundedCount(reader, 41);
  const inputs: Input[] = [];
  for (let index = 0; index < count; index += 1) {
    const outPoint = reader.take(36);
    reader.skip(reader.compactSize());
    inputs.push({ outPoint, sequence: reader.take(4) });
  }
  return inputs;
}

function readOutputs(reader: ByteReader): ChainOutput[] {
  const count = boundedCount(reader, 9);
  const outputs: ChainOutput[] = [];
  for (let vout = 0; vout < count; vout += 1) {
    const amount = readAmount(reader);
    const script = Buffer.from(reader.take(reader.compactSize())).toString('hex') as ScriptHex;
    outputs.push({ vout, amount, script });
  }
  return outputs;
}

function readAmount(reader: ByteReader): Sats {
  const amount = reader.uint64();
  try {
    return sats(amount);
  } catch (cause) {
    throw new MalformedChainDataError(`an output of ${amount} satoshi is more than all bitcoin`, { cause });
  }
}

/** Reads a count and checks it against the remaining bytes, which bounds loops and allocations. */
function boundedCount(reader: ByteReader, leastBytesEach: number): number {
  const count = reader.compactSize();
  if (count * leastBytesEach > reader.remaining)
    throw new MalformedChainDataError(`${count} entries do not fit into ${reader.remaining} bytes`);
  return count;
}

function skipWitness(reader: ByteReader): void {
  const items = reader.compactSize();
  if (items > reader.remaining)
    throw new MalformedChainDataError(`${items} witness items do not fit into ${reader.remaining} bytes`);
  for (let item = 0; item < items; item += 1) reader.skip(reader.compactSize());
}

function isCoinbase(input: Input): boolean {
  return input.outPoint.subarray(0, 32).every((byte) => byte === 0);
}

function toOutPoint(input: Input): OutPoint {
  const vout = new DataView(input.outPoint.buffer, input.outPoint.byteOffset + 32, 4).getUint32(0, true);
  return { txid: toDisplayHex(input.outPoint.subarray(0, 32)) as Txid, vout };
}

function withEmptyScripts(inputs: readonly Input[]): Uint8Array {
  const count = compactSizeBytes(inputs.length);
  return Buffer.concat([count, ...inputs.flatMap((input) => [input.outPoint, Uint8Array.of(0), input.sequence])]);
}

/** Encodes a number as a CompactSize. */
export function compactSizeBytes(value: number): Uint8Array {
  if (value < 0xfd) return Uint8Array.of(value);
  if (value <= 0xffff) return Uint8Array.of(0xfd, value & 0xff, value >> 8);
  const bytes = new Uint8Array(5);
  bytes[0] = 0xfe;
  new DataView(bytes.buffer).setUint32(1, value, true);
  return bytes;
}
