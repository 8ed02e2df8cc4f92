/**
 * The names by which we speak of the chain. Hashes are in the byte order that people and RPC use (reversed), in
 * lower-case hex.
 */
declare const brand: unique symbol;

/** A transaction id: 64 hex digits. */
export type Txid = string & { readonly [brand]: 'Txid' };
/** A block hash: 64 hex digits. */
export type BlockHash = string & { readonly [brand]: 'BlockHash' };
/** A script (scriptPubKey) in hex. */
export type ScriptHex = string & { readonly [brand]: 'ScriptHex' };

/** A block by its place and its name. */
export interface BlockRef {
  readonly height: number;
  readonly hash: BlockHash;
}

/** An output by its transaction and its index there. */
export interface OutPoint {
  readonly txid: Txid;
  readonly vout: number;
}

/** The chains that we know. All but `bitcoin` carry coins without value. */
export const NETWORKS = ['bitcoin', 'testnet4', 'signet', 'regtest'] as const;
/** One of {@link NETWORKS}. */
export type Network = (typeof NETWORKS)[number];

const HASH = /^[0-9a-f]{64}$/;

/** @throws RangeError when the text is not 64 lower-case hex digits. */
export function parseTxid(text: string): Txid {
  if (!HASH.test(text)) throw new RangeError(`txid: expected 64 lower-case hex digits, got ${JSON.stringify(text)}`);
  return text as Txid;
}

/** @throws RangeError when the text is not 64 lower-case hex digits. */
export function parseBlockHash(text: string): BlockHash {
  if (!HASH.test(text)) throw new RangeError(`block hash: expected 64 lower-case hex digits, got ${JSON.stringify(text)}`);
  return text as BlockHash;
}

/** @throws RangeError when the text is not hex. */
export function parseScriptHex(text: string): ScriptHex {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new RangeError('script: expected an even number of lower-case hex digits');
  return text as ScriptHex;
}

/** One name for an output: `txid:vout`. */
export function outPointKey(point: OutPoint): string {
  return `${point.txid}:${point.vout}`;
}
