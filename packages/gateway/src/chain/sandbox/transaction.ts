/** A transaction of the sandbox: its bytes and their contents. */
import type { OutPoint, ScriptHex, Txid } from '../../kernel/chain.ts';
import type { Sats } from '../../kernel/sats.ts';
import { ByteReader } from '../view/byte-reader.ts';
import { parseTransaction, readTransaction } from '../view/transaction.ts';

export interface SandboxTransaction {
  readonly txid: Txid;
  readonly raw: Uint8Array;
  /** Empty for a coinbase. */
  readonly spends: readonly OutPoint[];
  readonly outputs: readonly { readonly vout: number; readonly amount: Sats; readonly script: ScriptHex }[];
}

const HEADER_BYTES = 80;

/**
 * Copies bytes that stay in memory. A small Buffer is a slice of a pool of Node's, of which each slice retains all 8 kB.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** @throws MalformedChainDataError when the bytes are not a valid transaction. */
export function sandboxTransaction(raw: Uint8Array): SandboxTransaction {
  const { txid, spends, outputs } = parseTransaction(raw);
  return { txid, raw: ownBytes(raw), spends, outputs };
}

/** The transactions of a block, the coinbase first. */
export function blockTransactions(block: Uint8Array): SandboxTransaction[] {
  const reader = new ByteReader(block);
  reader.skip(HEADER_BYTES);
  const count = reader.compactSize();
  const transactions: SandboxTransaction[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = reader.offset;
    const { txid, spends, outputs } = readTransaction(reader);
    transactions.push({ txid, raw: block.subarray(start, reader.offset), spends, outputs });
  }
  return transactions;
}
