/**
 * The identifiers of blocks, transactions and scripts. Hashes are in lower-case hex, in the reversed byte order that RPC and block
 * explorers use.
 */
declare const brand: unique symbol;

/** A transaction id: 64 hex digits. */
export type Txid = string & { readonly [brand]: 'Txid' };
/** A block hash: 64 hex digits. */
export type BlockHash = string & { readonly [brand]: 'BlockHash' };
/** A script (scriptPubKey) in hex. */
export type ScriptHex = string & { readonly [brand]: 'ScriptHex' };
/** Scripts of the same length, one after the other. */
export interface ScriptRun {
  readonly bytes: Uint8Array;
  readonly scriptBytes: number;
}

/** A block's height and hash. */
export interface BlockRef {
  readonly height: number;
  readonly hash: BlockHash;
}

/** A reference to a transaction output. */
export interface OutPoint {
  readonly txid: Txid;
  readonly vout: number;
}

/** The supported networks. Coins on all but `bitcoin` have no value. */
export const NETWORKS = ['bitcoin', 'testnet4', 'signet', 'regtest'] as const;
/** One of {@link NETWORKS}. */
export type Network = (typeof NETWORKS)[number];

const HASH = /^[0-9a-f]{64}$/;

/** @throws RangeError if the text is not 64 lower-case hex digits. */
export function parseTxid(text: string): Txid {
  if (!HASH.test(text)) throw new RangeError(`txid: expected 64 lower-case hex digits, got ${JSON.stringify(text)}`);
  return text as Txid;
}

/** @throws RangeError if the text is not 64 lower-case hex digits. */
export function parseBlockHash(text: string): BlockHash {
  if (!HASH.test(text)) throw new RangeError(`block hash: expected 64 lower-case hex digits, got ${JSON.stringify(text)}`);
  return text as BlockHash;
}

/** @throws RangeError if the text is not an even number of lower-case hex digits. */
export function parseScriptHex(text: string): ScriptHex {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new RangeError('script: expected an even number of lower-case hex digits');
  return text as ScriptHex;
}

/** Returns `txid:vout`, to use as the key of a map. */
export function outPointKey(point: OutPoint): string {
  return `${point.txid}:${point.vout}`;
}
