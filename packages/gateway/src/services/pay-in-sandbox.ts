/** Pays an order with coins of the sandbox chain, as its buyer would by a wallet. */
import type { SandboxChain } from '../chain/sandbox/sandbox-chain.ts';
import { tally } from '../orders/tally.ts';
import type { OrderInContext } from './order-wire.ts';

/** Pays what is still missing; nothing when nothing is. */
export async function payInSandbox(chain: SandboxChain, { order, tipHeight }: OrderInContext): Promise<void> {
  const { unpaid } = tally(order, tipHeight);
  if (order.state.status !== 'pending' || unpaid === 0n) return;
  await chain.pay(order.terms.script, unpaid);
}
