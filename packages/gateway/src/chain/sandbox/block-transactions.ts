/** Takes a sandbox block apart again, into what was mined in it. */
import { ByteReader } from '../view/byte-reader.ts';
import { readTransaction } from '../view/transaction.ts';
import type { RawTransaction } from './serialize.ts';

const HEADER_BYTES = 80;

/** The transactions of a block, without its coinbase, in their order. */
export function blockTransactions(block: Uint8Array): RawTransaction[] {
  const reader = new ByteReader(block);
  reader.skip(HEADER_BYTES);
  const count = reader.compactSize();
  const transactions: RawTransaction[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = reader.offset;
    const { txid } = readTransaction(reader);
    transactions.push({ txid, raw: block.slice(start, reader.offset) });
  }
  return transactions.slice(1);
}
