/** Reads an order after the gateway has read the sandbox chain up to its tip. */
import { ContractError } from '../../contract/contract-error.ts';
import type { Txid } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Order } from '../../orders/order.ts';
import type { Sandbox, SandboxContext } from './sandbox.ts';

export interface OrderNow {
  readonly order: Order;
  readonly tipHeight: number;
  readonly pos: Pick<Pos, 'transactionChanged'>;
}

/** @throws ContractError 3001 if the order does not exist; 4006 if the gateway does not catch up in time. */
export async function readNow(context: SandboxContext, sandbox: Sandbox, id: OrderId): Promise<OrderNow> {
  await sandbox.caughtUp();
  const order = await context.store.orders.get(id);
  if (order === undefined) throw new ContractError('3001', 'payment order not found');
  const tip = await context.store.chain.tip();
  const pos = await context.store.pos.get(order.terms.posId);
  return { order, tipHeight: tip?.height ?? 0, pos: pos ?? {} };
}

/** Returns the transactions that have paid an order, each once. */
export function transactionsOf({ payments }: Order): Txid[] {
  return [...new Set(payments.map(({ outPoint }) => outPoint.txid))];
}
