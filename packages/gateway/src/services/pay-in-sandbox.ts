/** Pays an order with coins of the sandbox chain, as its buyer would by a wallet. */
import type { ScriptHex, Txid } from '../kernel/chain.ts';
import type { Sats } from '../kernel/sats.ts';
import { tally } from '../orders/tally.ts';
import type { OrderInContext } from './order-wire.ts';

/** A chain whose coins anyone may spend. */
export interface FreeCoins {
  /** Puts a payment to a script into the mempool. */
  pay(script: ScriptHex, amount: Sats): Promise<Txid>;
}

/** Pays what is still missing; nothing when nothing is. */
export async function payInSandbox(chain: FreeCoins, { order, tipHeight }: OrderInContext): Promise<void> {
  const { unpaid } = tally(order, tipHeight);
  if (order.state.status !== 'pending' || unpaid === 0n) return;
  await chain.pay(order.terms.script, unpaid);
}
