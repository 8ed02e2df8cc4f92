/** Reads the outputs of orders from the sandbox chain, independently of the gateway's own search for payments. */
import { parseBlock } from '../../src/chain/view/block.ts';
import { parseTransaction, type ChainTransaction } from '../../src/chain/view/transaction.ts';
import { outPointKey, type ScriptHex } from '../../src/kernel/chain.ts';
import type { Order, PaymentPlace } from '../../src/orders/order.ts';
import type { World } from './world.ts';

export interface TrueOutput {
  readonly script: ScriptHex;
  readonly amount: bigint;
  readonly place: PaymentPlace;
}

/** Returns the place of every output that pays one of the orders. */
export function chainTruth(world: World, orders: readonly Order[]): Promise<Map<string, TrueOutput>> {
  return outputsTo(
    world,
    orders.map(({ terms }) => terms.script),
  );
}

/** Returns the place of every output that pays one of the scripts. */
export async function outputsTo(world: World, wanted: readonly ScriptHex[]): Promise<Map<string, TrueOutput>> {
  const scripts = new Set<ScriptHex>(wanted);
  const places = new Map<string, TrueOutput>();
  const add = (transaction: ChainTransaction, place: PaymentPlace): void => {
    for (const { vout, script, amount } of transaction.outputs)
      if (scripts.has(script)) places.set(outPointKey({ txid: transaction.txid, vout }), { script, amount, place });
  };
  const { height: tipHeight } = await world.chain.tip();
  for (let height = 0; height <= tipHeight; height += 1) {
    const { hash } = (await world.chain.blockAt(height))!;
    for (const transaction of parseBlock(await world.chain.block(hash), hash).transactions)
      add(transaction, { kind: 'block', height, hash });
  }
  const waiting = await world.chain.mempoolTransactions([...(await world.chain.mempool())]);
  for (const raw of waiting.values()) add(parseTransaction(raw), { kind: 'mempool' });
  return places;
}
