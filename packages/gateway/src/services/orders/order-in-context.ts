/** Reads what belongs to an order, to show it in the words of the contract. */
import type { OrderInContext } from '../../contract/order-wire.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { AccountId, PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Order } from '../../orders/order.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { OrderReadContext } from '../context.ts';
import { loadAccount } from '../merchants/account-cache.ts';

/** By which tip and at what time an order is looked at. */
export interface AsOf {
  readonly tipHeight: number;
  readonly now: EpochMs;
}

/** @param known The POS of the order, where the caller has it. */
export async function orderInContext(
  { store, publicUrl }: Pick<OrderReadContext, 'store' | 'publicUrl'>,
  tx: Pick<StoreTransaction, 'pos' | 'accounts'>,
  order: Order,
  at: AsOf,
  known?: Pos,
): Promise<OrderInContext> {
  const { posId, accountId } = order.terms;
  const pos = known ?? (await found(tx.pos.get(posId), 'POS', posId));
  const account = await found(loadAccount(store, tx.accounts, accountId), 'account', accountId);
  return { order, pos, account, ...at, publicUrl };
}

/** The stored tip and the present time. */
export async function asOfNow({ store, clock }: Pick<OrderReadContext, 'store' | 'clock'>): Promise<AsOf> {
  const tip = await store.chain.tip();
  return { tipHeight: tip?.height ?? 0, now: clock.now() };
}

async function found<T>(reading: Promise<T | undefined>, what: string, id: AccountId | PosId): Promise<T> {
  const value = await reading;
  if (value === undefined) throw new Error(`${what} ${id} is missing in the store`);
  return value;
}
