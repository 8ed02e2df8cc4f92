/** Finds, in a block or a transaction, the outputs that pay a script of ours. */
import type { BlockHash } from '../../kernel/chain.ts';
import { ByteReader, MalformedChainDataError } from './byte-reader.ts';
import { doubleSha256, toDisplayHex } from './hash.ts';
import type { Match } from './match.ts';
import { merkleRoot } from './merkle.ts';
import type { ScriptSet } from './script-set.ts';
import { parseTransaction } from './transaction.ts';
import { TransactionWalk } from './transaction-walk.ts';

const HEADER_BYTES = 80;
const LEAST_TRANSACTION_BYTES = 60;

/** What a block holds for us. */
export interface BlockPayments {
  readonly previous: BlockHash;
  readonly matches: readonly Match[];
}

/**
 * Finds what pays us in a block, and trusts the block only when its header hashes to the name that it was asked for by and
 * its transactions hash to the header's merkle root.
 *
 * @param expected the hash by which the block was asked for.
 * @throws MalformedChainDataError when the bytes are another block, or no whole block.
 */
export function findPaymentsInBlock(bytes: Uint8Array, expected: BlockHash, scripts: ScriptSet): BlockPayments {
  const reader = new ByteReader(bytes);
  const header = reader.take(HEADER_BYTES);
  const name = toDisplayHex(doubleSha256(header));
  if (name !== expected) throw new MalformedChainDataError(`expected block ${expected}, got block ${name}`);
  const count = reader.compactSize();
  if (count === 0 || count * LEAST_TRANSACTION_BYTES > reader.remaining)
    throw new MalformedChainDataError(`block ${name}: ${count} transactions do not fit its size`);
  const matches: Match[] = [];
  const leaves = Buffer.allocUnsafe((count + 1) * 32);
  const walk = new TransactionWalk(bytes, reader.offset, scripts);
  for (let index = 0; index < count; index += 1) {
    walk.next();
    walk.writeHash(leaves, index * 32);
    if (walk.found.length > 0) matches.push(...matchesOf(bytes.subarray(walk.start, walk.offset), walk));
  }
  if (walk.offset < bytes.length)
    throw new MalformedChainDataError(`block ${name}: ${bytes.length - walk.offset} bytes too many`);
  const { root, mutated } = merkleRoot(leaves, count);
  if (mutated || !Buffer.from(root).equals(header.subarray(36, 68)))
    throw new MalformedChainDataError(`block ${name}: its transactions do not match its merkle root`);
  return { previous: toDisplayHex(header.subarray(4, 36)) as BlockHash, matches };
}

/**
 * Finds what pays us in a transaction that stands alone.
 *
 * @throws MalformedChainDataError when the bytes are no transaction, or go on after it.
 */
export function findPaymentsInTransaction(bytes: Uint8Array, scripts: ScriptSet): readonly Match[] {
  const walk = new TransactionWalk(bytes, 0, scripts);
  walk.next();
  if (walk.offset < bytes.length)
    throw new MalformedChainDataError(`expected the end after the transaction, got ${bytes.length - walk.offset} more bytes`);
  return walk.found.length > 0 ? matchesOf(bytes, walk) : [];
}

/** Read again in full: few transactions are for us. */
function matchesOf(bytes: Uint8Array, { found }: TransactionWalk): Match[] {
  const transaction = parseTransaction(bytes);
  const normalizedTxid = transaction.normalizedTxid();
  return found.map((vout) => {
    const output = transaction.outputs[vout];
    if (output === undefined) throw new MalformedChainDataError(`transaction ${transaction.txid}: no output ${vout}`);
    return { outPoint: { txid: transaction.txid, vout }, amount: output.amount, script: output.script, normalizedTxid };
  });
}
