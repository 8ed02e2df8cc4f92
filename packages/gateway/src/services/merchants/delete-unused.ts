/** Deletes a POS or an account that was created by mistake. One that has been used cannot be deleted, because its orders and payments need it. */
import type { AccountId, PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Account } from '../../merchants/account.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { StoreContext } from '../context.ts';

class DeletionError extends OperatorError {
  override readonly name = 'DeletionError';
}

/** @throws DeletionError if the POS does not exist or has orders. */
export async function deletePos({ store }: Pick<StoreContext, 'store'>, id: PosId): Promise<Pos> {
  const deleted = await store.transaction(async (tx) => {
    const pos = await tx.pos.lock(id);
    if (pos === undefined) throw new DeletionError(`no POS with id ${id}`);
    const orders = await ordersOf(tx, id);
    if (orders > 0)
      throw new DeletionError(
        `pos: expected one without orders, got ${id} (${pos.name}), which has ${orders}: use webpos pos disable instead`,
      );
    await tx.pos.delete(id);
    return pos;
  });
  await store.logos.deleteUnused();
  return deleted;
}

async function ordersOf(tx: StoreTransaction, posId: PosId): Promise<number> {
  const first = { sortBy: 'created_at', sortOrder: 'asc', page: 0, pageSize: 1 } as const;
  return (await tx.orders.list({ ...first, posId, blockchainStatus: undefined })).total;
}

/** @throws DeletionError if the account does not exist, a POS uses it, or its addresses may have been handed out. */
export async function deleteAccount({ store }: Pick<StoreContext, 'store'>, id: AccountId): Promise<Account> {
  return store.transaction(async (tx) => {
    const account = await tx.accounts.get(id);
    if (account === undefined) throw new DeletionError(`no account with id ${id}`);
    const inUse = (by: string): DeletionError =>
      new DeletionError(`account: expected an unused one, got ${id} (${account.name}), ${by}`);
    const users = (await tx.pos.list()).filter(({ accountId }) => accountId === id);
    if (users.length > 0) throw inUse(`which is used by the POS ${users.map((pos) => `${pos.id} (${pos.name})`).join(', ')}`);
    const skipped = await tx.accounts.skippedRanges(id);
    const paid = await tx.unassigned.list({ accountId: id, open: false, limit: 1 });
    if (paid.length > 0) throw inUse('which has received bitcoin');
    if (account.nextIndex > 0 || skipped.length > 0)
      throw inUse(
        `whose addresses below index ${account.nextIndex} were handed out or skipped: the gateway must see payments to them`,
      );
    if (!(await tx.accounts.deleteUnused(id))) throw inUse('which has just handed out an address');
    return account;
  });
}
