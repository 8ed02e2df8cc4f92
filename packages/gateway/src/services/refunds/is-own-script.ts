import type { ScriptHex } from '../../kernel/chain.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/** Whether a script is that of an order, or of an address that an order may get: what is paid to it would count as a payment. */
export async function isOwnScript(tx: Pick<StoreTransaction, 'addresses' | 'orders'>, script: ScriptHex): Promise<boolean> {
  // The pool before the orders: an address leaves the pool only after its order is stored, so one of the two has it.
  if ((await tx.addresses.ownersOf([script])).length > 0) return true;
  return (await tx.orders.idsByScript([script])).size > 0;
}
