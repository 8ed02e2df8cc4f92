/**
 * Builds the unsigned transaction that pays a refund, as a PSBT (BIP 174, version 0) that the merchant's wallet signs. The largest outputs
 * are spent first, and change goes to the account's own change branch.
 */
import { base64, hex } from '@scure/base';
import { Transaction } from '@scure/btc-signer';
import type { OutPoint, ScriptHex } from '../kernel/chain.ts';
import { sats, sumSats, type Sats } from '../kernel/sats.ts';
import type { ScriptType } from './account-wallet.ts';
import type { SpendingFields, SpendingKeys } from './spending-keys.ts';

/** An unspent output of the account. */
export interface Coin {
  readonly outPoint: OutPoint;
  readonly amount: Sats;
  /** The index of its receiving address. */
  readonly index: number;
  /** The whole transaction, which signers of older kinds of outputs need; undefined if it is not known. */
  readonly raw?: Uint8Array | undefined;
}

export interface PsbtRequest {
  readonly keys: SpendingKeys;
  readonly coins: readonly Coin[];
  readonly script: ScriptHex;
  readonly amount: Sats;
  /** In satoshi per virtual byte: {@link MIN_FEE_RATE} to {@link MAX_FEE_RATE}. */
  readonly feeRate: number;
  /** The index of the change address, below {@link CHANGE_ADDRESSES}. */
  readonly changeIndex: number;
}

export type BuiltPsbt =
  | { readonly kind: 'built'; readonly psbt: string; readonly fee: Sats; readonly inputs: readonly Coin[]; readonly change: Sats }
  /** The coins do not suffice for amount and fee. */
  | { readonly kind: 'too_few_coins' };

/** How many addresses of the change branch are used: the first ones, where every wallet looks. Electrum looks at no more. */
export const CHANGE_ADDRESSES = 10;
export const MIN_FEE_RATE = 1;
export const MAX_FEE_RATE = 1_000;
/** More inputs make a transaction that few signing devices show in full. */
const MAX_INPUTS = 100;
/** Change of less is left to the fee: nodes do not relay it. */
const MIN_CHANGE = 600n;
/** Signals that the fee may be raised (BIP 125). */
const REPLACEABLE = 0xfffffffd;

export function buildRefundPsbt(request: PsbtRequest): BuiltPsbt {
  const { keys, script, amount, changeIndex } = request;
  const change = keys.fieldsAt('change', changeIndex);
  const chosen = chooseCoins(request, change);
  if (chosen === undefined) return { kind: 'too_few_coins' };
  const transaction = new Transaction({ version: 2 });
  for (const coin of chosen.inputs) transaction.addInput(inputOf(keys, coin));
  transaction.addOutput({ script: hex.decode(script), amount });
  if (chosen.change > 0n) transaction.addOutput({ ...change, amount: chosen.change });
  return { kind: 'built', psbt: base64.encode(transaction.toPSBT(0)), ...chosen };
}

function inputOf(keys: SpendingKeys, { outPoint, amount, index, raw }: Coin): Parameters<Transaction['addInput']>[0] {
  const { script, ...fields } = keys.fieldsAt('receive', index);
  const spent = keys.type === 'p2pkh' && raw !== undefined ? { nonWitnessUtxo: raw } : { witnessUtxo: { script, amount } };
  return { ...fields, ...spent, txid: hex.decode(outPoint.txid), index: outPoint.vout, sequence: REPLACEABLE };
}

interface Chosen {
  readonly inputs: readonly Coin[];
  readonly fee: Sats;
  /** 0 without change. */
  readonly change: Sats;
}

function chooseCoins({ keys, coins, script, amount, feeRate }: PsbtRequest, change: SpendingFields): Chosen | undefined {
  const sorted = coins.toSorted((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0)).slice(0, MAX_INPUTS);
  const outputs = [script.length / 2, change.script.length];
  for (let count = 1; count <= sorted.length; count += 1) {
    const inputs = sorted.slice(0, count);
    const sum = sumSats(inputs.map((coin) => coin.amount));
    const feeFor = (lengths: readonly number[]): bigint => BigInt(Math.ceil(virtualSize(keys, count, lengths) * feeRate));
    const rest = sum - amount - feeFor(outputs);
    if (rest >= MIN_CHANGE) return { inputs, fee: sats(sum - amount - rest), change: sats(rest) };
    if (sum - amount >= feeFor(outputs.slice(0, 1))) return { inputs, fee: sats(sum - amount), change: sats(0n) };
  }
  return undefined;
}

/** The most that an input of each type takes, in virtual bytes, signatures included. */
const INPUT_SIZES: Readonly<Record<Exclude<ScriptType, 'p2wsh'>, number>> = {
  p2pkh: 148,
  'p2sh-p2wpkh': 91,
  p2wpkh: 69,
  p2tr: 58,
};
/** Version, lock time, counters and the marker of witnesses. */
const OVERHEAD = 11;

function virtualSize({ type, signers: { threshold, keys } }: SpendingKeys, inputs: number, scripts: readonly number[]): number {
  // A multisig input: 41 bytes, then as a witness 73 for each signature, 34 for each key, and some for the script around them.
  const input = type === 'p2wsh' ? 41 + Math.ceil((73 * threshold + 34 * keys + 10) / 4) : INPUT_SIZES[type];
  return OVERHEAD + inputs * input + scripts.reduce((sum, length) => sum + 9 + length, 0);
}
