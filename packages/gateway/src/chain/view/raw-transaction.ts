import type { Txid } from '../../kernel/chain.ts';
import { ByteReader } from './byte-reader.ts';
import { readTransaction } from './transaction.ts';

const HEADER_BYTES = 80;

/**
 * Returns the bytes of one transaction in a serialised block; undefined if the block does not contain it.
 *
 * @throws MalformedChainDataError when the bytes are not a block.
 */
export function rawTransactionIn(block: Uint8Array, txid: Txid): Uint8Array | undefined {
  const reader = new ByteReader(block);
  reader.skip(HEADER_BYTES);
  const count = reader.compactSize();
  for (let index = 0; index < count; index += 1) {
    const start = reader.offset;
    if (readTransaction(reader).txid === txid) return block.subarray(start, reader.offset);
  }
  return undefined;
}
