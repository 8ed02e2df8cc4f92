/** Reads an order for the POS that made it, or for its buyer. */
import { isUuidV4, type OrderId } from '../kernel/ids.ts';
import type { Pos } from '../orders/pos.ts';
import type { ServiceContext } from './context.ts';
import { ContractError } from './contract-error.ts';
import type { OrderInContext } from './order-wire.ts';
import { inContext } from './save-settled.ts';

/** @throws ContractError 3001 when there is no such order, or another POS made it. */
export async function readOrderOfPos(context: ServiceContext, pos: Pos, id: string): Promise<OrderInContext> {
  const found = await findOrder(context, id);
  if (found === undefined || found.order.terms.posId !== pos.id)
    throw new ContractError('3001', 'there is no such payment order');
  return found;
}

/** The order of this id, whoever made it: its id is a secret between shop and buyer. */
export async function findOrder(context: ServiceContext, id: string): Promise<OrderInContext | undefined> {
  if (!isUuidV4(id)) return undefined;
  const order = await context.store.orders.get(id as OrderId);
  if (order === undefined) return undefined;
  const tip = await context.store.chain.tip();
  return inContext(context, context.store, order, { tipHeight: tip?.height ?? 0, now: context.clock.now() });
}
