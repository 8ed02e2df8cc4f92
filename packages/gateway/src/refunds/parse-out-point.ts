import { parseTxid, type OutPoint } from '../kernel/chain.ts';

const MAX_VOUT = 2 ** 32 - 1;

/** Reads an output as people write it, `txid:vout`; undefined if the text has another form. */
export function outPointOf(text: string): OutPoint | undefined {
  const [, txid, digits] = /^([0-9a-f]{64}):(\d{1,10})$/i.exec(text.trim()) ?? [];
  const vout = Number(digits);
  return txid === undefined || vout > MAX_VOUT ? undefined : { txid: parseTxid(txid.toLowerCase()), vout };
}
