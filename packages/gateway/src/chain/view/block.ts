/**
 * Parses a serialised block. The block is trusted only if its header has the requested hash and its transactions hash to the
 * header's merkle root.
 */
import type { BlockHash } from '../../kernel/chain.ts';
import { ByteReader, MalformedChainDataError } from './byte-reader.ts';
import { doubleSha256, toDisplayHex } from './hash.ts';
import { merkleRootOf } from './merkle.ts';
import { readTransaction, type ChainTransaction } from './transaction.ts';

/** A verified block. */
export interface ChainBlock {
  readonly hash: BlockHash;
  readonly previous: BlockHash;
  readonly transactions: readonly ChainTransaction[];
}

const HEADER_BYTES = 80;

/**
 * @param expected The hash by which the block was requested.
 * @throws MalformedChainDataError when the bytes are another block, or not a complete one.
 */
export function parseBlock(bytes: Uint8Array, expected: BlockHash): ChainBlock {
  const reader = new ByteReader(bytes);
  const header = reader.take(HEADER_BYTES);
  const hash = toDisplayHex(doubleSha256(header));
  if (hash !== expected) throw new MalformedChainDataError(`expected block ${expected}, got block ${hash}`);
  const count = reader.compactSize();
  if (count === 0 || count * 60 > reader.remaining)
    throw new MalformedChainDataError(`block ${hash}: ${count} transactions do not fit its size`);
  const transactions: ChainTransaction[] = [];
  for (let index = 0; index < count; index += 1) transactions.push(readTransaction(reader));
  if (reader.remaining > 0) throw new MalformedChainDataError(`block ${hash}: ${reader.remaining} bytes too many`);
  // Otherwise two adjacent hashes of the merkle tree could pass for a transaction.
  if (transactions[0]?.spends.length !== 0)
    throw new MalformedChainDataError(`block ${hash}: expected a coinbase as its first transaction, got another`);
  checkMerkleRoot(transactions, header.subarray(36, 68), expected);
  return { hash: expected, previous: toDisplayHex(header.subarray(4, 36)) as BlockHash, transactions };
}

function checkMerkleRoot(transactions: readonly ChainTransaction[], root: Uint8Array, name: BlockHash): void {
  const { root: actual, mutated } = merkleRootOf(transactions.map((transaction) => transaction.hash));
  if (mutated || !Buffer.from(actual).equals(root)) {
    throw new MalformedChainDataError(`block ${name}: its transactions do not match its merkle root`);
  }
}
