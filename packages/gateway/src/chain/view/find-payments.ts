/** Finds the outputs in a block or a transaction that pay one of our scripts. */
import type { BlockHash, OutPoint, Txid } from '../../kernel/chain.ts';
import { ByteReader, MalformedChainDataError } from './byte-reader.ts';
import { doubleSha256, toDisplayHex } from './hash.ts';
import type { Match } from './match.ts';
import { merkleRoot } from './merkle.ts';
import { NO_OUT_POINTS, OUT_POINT_BYTES, type OutPointSet } from './out-point-set.ts';
import type { ScriptSet } from './script-set.ts';
import { parseTransaction } from './transaction.ts';
import { TransactionWalk } from './transaction-walk.ts';

const HEADER_BYTES = 80;
const MIN_TRANSACTION_BYTES = 60;

/** The relevant contents of a block. */
export interface BlockPayments {
  readonly previous: BlockHash;
  readonly matches: readonly Match[];
  /** Transactions that spend one of the given outputs. */
  readonly spends: readonly { readonly outPoint: OutPoint; readonly by: Txid }[];
}

/**
 * Finds the payments to us in a block, and the transactions that spend the given outputs. The block is trusted only if its header
 * has the requested hash and its transactions hash to the header's merkle root.
 *
 * @param expected the hash by which the block was requested.
 * @param outPoints the outputs to find spenders of.
 * @throws MalformedChainDataError when the bytes are another block, or not a complete one.
 */
export function findPaymentsInBlock(
  bytes: Uint8Array,
  expected: BlockHash,
  scripts: ScriptSet,
  outPoints: OutPointSet = NO_OUT_POINTS,
): BlockPayments {
  const reader = new ByteReader(bytes);
  const header = reader.take(HEADER_BYTES);
  const name = toDisplayHex(doubleSha256(header));
  if (name !== expected) throw new MalformedChainDataError(`expected block ${expected}, got block ${name}`);
  const count = reader.compactSize();
  if (count === 0 || count * MIN_TRANSACTION_BYTES > reader.remaining)
    throw new MalformedChainDataError(`block ${name}: ${count} transactions do not fit its size`);
  const matches: Match[] = [];
  const spends: { outPoint: OutPoint; by: Txid }[] = [];
  const leaves = Buffer.allocUnsafe((count + 1) * 32);
  const walk = new TransactionWalk(bytes, reader.offset, scripts, outPoints);
  if (!startsWithCoinbase(bytes, reader.offset))
    throw new MalformedChainDataError(`block ${name}: expected a coinbase as its first transaction, got another`);
  for (let index = 0; index < count; index += 1) {
    walk.next();
    walk.writeHash(leaves, index * 32);
    if (walk.found.length > 0) matches.push(...matchesOf(bytes.subarray(walk.start, walk.offset), walk));
    if (walk.spent.length > 0) {
      const by = toDisplayHex(leaves.subarray(index * 32, (index + 1) * 32)) as Txid;
      spends.push(...walk.spent.map((at) => ({ outPoint: readOutPoint(bytes, at), by })));
    }
  }
  if (walk.offset < bytes.length)
    throw new MalformedChainDataError(`block ${name}: ${bytes.length - walk.offset} bytes too many`);
  const { root, mutated } = merkleRoot(leaves, count);
  if (mutated || !Buffer.from(root).equals(header.subarray(36, 68)))
    throw new MalformedChainDataError(`block ${name}: its transactions do not match its merkle root`);
  return { previous: toDisplayHex(header.subarray(4, 36)) as BlockHash, matches, spends };
}

/**
 * Finds the payments to us in a single transaction.
 *
 * @throws MalformedChainDataError when the bytes are not a valid transaction, or continue after it.
 */
export function findPaymentsInTransaction(bytes: Uint8Array, scripts: ScriptSet): readonly Match[] {
  const walk = new TransactionWalk(bytes, 0, scripts);
  walk.next();
  if (walk.offset < bytes.length)
    throw new MalformedChainDataError(`expected the end after the transaction, got ${bytes.length - walk.offset} more bytes`);
  return walk.found.length > 0 ? matchesOf(bytes, walk) : [];
}

const NO_OUT_POINT = Buffer.concat([Buffer.alloc(32), Buffer.alloc(4, 0xff)]);

/**
 * Whether the transaction at this position spends nothing, as the first of every block must. Otherwise two adjacent hashes of the
 * merkle tree, 64 bytes, could pass for a transaction (`IsBlockMutated` of Bitcoin Core); it is infeasible to find hashes that
 * look like a coinbase.
 */
function startsWithCoinbase(bytes: Uint8Array, start: number): boolean {
  const inputs = start + (bytes[start + 4] === 0 && bytes[start + 5] === 1 ? 6 : 4);
  return bytes[inputs] === 1 && NO_OUT_POINT.equals(bytes.subarray(inputs + 1, inputs + 37));
}

function readOutPoint(bytes: Uint8Array, at: number): OutPoint {
  const reader = new ByteReader(bytes.subarray(at, at + OUT_POINT_BYTES));
  return { txid: toDisplayHex(reader.take(32)) as Txid, vout: reader.uint32() };
}

/** Parses the transaction in full, which is cheap because few pay us. */
function matchesOf(bytes: Uint8Array, { found }: TransactionWalk): Match[] {
  const transaction = parseTransaction(bytes);
  const normalizedTxid = transaction.normalizedTxid();
  // A copy, so that it does not keep the whole block in memory.
  const raw = Uint8Array.from(bytes);
  return found.map((vout) => {
    const output = transaction.outputs[vout];
    if (output === undefined) throw new MalformedChainDataError(`transaction ${transaction.txid}: no output ${vout}`);
    return { outPoint: { txid: transaction.txid, vout }, amount: output.amount, script: output.script, normalizedTxid, raw };
  });
}
