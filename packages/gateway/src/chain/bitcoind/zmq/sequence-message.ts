/** A message of bitcoind's ZMQ topic `sequence` (`doc/zmq.md` of Bitcoin Core). */
import type { BlockHash, Txid } from '../../../kernel/chain.ts';

export type SequenceMessage =
  /** A transaction entered the mempool, or left it other than through a block. */
  | { readonly kind: 'added' | 'removed'; readonly txid: Txid; readonly sequence: number }
  /** A block was connected or disconnected. */
  | { readonly kind: 'block'; readonly hash: BlockHash };

const HASH_BYTES = 32;

/** Reads the body of a message: a hash, a letter, and for transactions a number. Undefined for an unknown message. */
export function readSequenceMessage(body: Buffer): SequenceMessage | undefined {
  const hash = body.toString('hex', 0, HASH_BYTES);
  const letter = body.toString('latin1', HASH_BYTES, HASH_BYTES + 1);
  if (body.length === HASH_BYTES + 1 && (letter === 'C' || letter === 'D')) return { kind: 'block', hash: hash as BlockHash };
  if (body.length !== HASH_BYTES + 9 || (letter !== 'A' && letter !== 'R')) return undefined;
  const sequence = Number(body.readBigUInt64LE(HASH_BYTES + 1));
  return { kind: letter === 'A' ? 'added' : 'removed', txid: hash as Txid, sequence };
}
