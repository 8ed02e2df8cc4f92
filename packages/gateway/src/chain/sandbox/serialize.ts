/**
 * Serialises the sandbox's blocks and transactions in Bitcoin's own format, so that the code that reads a node's also reads
 * these.
 */
import type { BlockHash, OutPoint, ScriptHex, Txid } from '../../kernel/chain.ts';
import type { Sats } from '../../kernel/sats.ts';
import { merkleRootOf } from '../view/merkle.ts';
import { doubleSha256, fromDisplayHex, toDisplayHex } from '../view/hash.ts';
import { compactSizeBytes, parseTransaction } from '../view/transaction.ts';

export interface NewOutput {
  readonly script: ScriptHex;
  readonly amount: Sats;
}

export interface RawTransaction {
  readonly txid: Txid;
  readonly raw: Uint8Array;
}

/** Builds a transaction that spends these outputs, unsigned, because nobody signs in the sandbox. */
export function buildTransaction(spends: readonly OutPoint[], outputs: readonly NewOutput[]): RawTransaction {
  const inputs = spends.map(({ txid, vout }) => input(Buffer.concat([fromDisplayHex(txid), uint32(vout)]), new Uint8Array(0)));
  return transaction(inputs, outputs);
}

/** Builds the first transaction of a block. Its script contains the height (BIP 34), so no two are equal. */
export function buildCoinbase(height: number, extra: Uint8Array, outputs: readonly NewOutput[]): RawTransaction {
  const heightBytes = uint32(height);
  const script = Buffer.concat([Uint8Array.of(heightBytes.length), heightBytes, Uint8Array.of(extra.length), extra]);
  const nothing = Buffer.concat([Buffer.alloc(32), Buffer.alloc(4, 0xff)]);
  return transaction([input(nothing, script)], outputs);
}

export interface NewBlock {
  readonly previous: BlockHash;
  readonly timeS: number;
  readonly transactions: readonly Uint8Array[];
  /** Where the search for a hash that meets the target starts. A different number gives a different block. */
  readonly nonce: number;
}

/** Builds a block with the small proof of work that regtest requires. */
export function buildBlock({ previous, timeS, transactions, nonce: firstNonce }: NewBlock): { hash: BlockHash; raw: Uint8Array } {
  const { root } = merkleRootOf(transactions.map((raw) => parseTransaction(raw).hash));
  const header = Buffer.concat([
    uint32(0x20000000),
    fromDisplayHex(previous),
    root,
    uint32(timeS),
    uint32(REGTEST_BITS),
    uint32(0),
  ]);
  for (let nonce = firstNonce; ; nonce += 1) {
    header.writeUInt32LE(nonce >>> 0, 76);
    const hash = doubleSha256(header);
    // The regtest target is half of all hashes: the highest bit, in the last byte, must be clear.
    if ((hash[31] ?? 0xff) > 0x7f) continue;
    return {
      hash: toDisplayHex(hash) as BlockHash,
      raw: Buffer.concat([header, compactSizeBytes(transactions.length), ...transactions]),
    };
  }
}

const REGTEST_BITS = 0x207fffff;

function transaction(inputs: readonly Uint8Array[], outputs: readonly NewOutput[]): RawTransaction {
  const raw = Buffer.concat([
    uint32(2),
    compactSizeBytes(inputs.length),
    ...inputs,
    compactSizeBytes(outputs.length),
    ...outputs.map(output),
    uint32(0),
  ]);
  return { txid: toDisplayHex(doubleSha256(raw)) as Txid, raw };
}

function input(outPoint: Uint8Array, script: Uint8Array): Uint8Array {
  return Buffer.concat([outPoint, compactSizeBytes(script.length), script, uint32(0xfffffffd)]);
}

function output({ script, amount }: NewOutput): Uint8Array {
  const value = Buffer.alloc(8);
  value.writeBigUInt64LE(amount);
  const bytes = Buffer.from(script, 'hex');
  return Buffer.concat([value, compactSizeBytes(bytes.length), bytes]);
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
