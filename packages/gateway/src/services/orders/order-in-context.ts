/** Reads the POS and the account of an order, to show it as an object of the contract. */
import type { OrderInContext } from '../../contract/order-wire.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { AccountId, PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Order } from '../../orders/order.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { OrderReadContext } from '../context.ts';
import { loadAccount } from '../merchants/account-cache.ts';

/** The chain height and the time at which an order is shown. */
export interface AsOf {
  readonly tipHeight: number;
  readonly now: EpochMs;
}

/** @param knownPos The POS of the order, if the caller has it. */
export async function orderInContext(
  { store, publicUrl }: Pick<OrderReadContext, 'store' | 'publicUrl'>,
  tx: Pick<StoreTransaction, 'pos' | 'accounts'>,
  order: Order,
  at: AsOf,
  knownPos?: Pos,
): Promise<OrderInContext> {
  const { posId, accountId } = order.terms;
  const pos = knownPos ?? (await required(tx.pos.get(posId), 'POS', posId));
  const account = await required(loadAccount(store, tx.accounts, accountId), 'account', accountId);
  return { order, pos, account, ...at, publicUrl };
}

/** Returns the stored tip and the present time. */
export async function asOfNow({ store, clock }: Pick<OrderReadContext, 'store' | 'clock'>): Promise<AsOf> {
  const tip = await store.chain.tip();
  return { tipHeight: tip?.height ?? 0, now: clock.now() };
}

async function required<T>(reading: Promise<T | undefined>, what: string, id: AccountId | PosId): Promise<T> {
  const value = await reading;
  if (value === undefined) throw new Error(`${what} ${id} is missing in the store`);
  return value;
}
