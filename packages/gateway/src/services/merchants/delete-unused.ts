/** Takes away a POS or an account that was made by mistake. What has ever been used stays: its orders, and what is paid to them, need it. */
import type { AccountId, PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Account } from '../../merchants/account.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { StoreContext } from '../context.ts';

/** What is to be deleted is in use, or does not exist. */
class DeletionError extends OperatorError {
  override readonly name = 'DeletionError';
}

/** @throws DeletionError when there is no such POS, or it has orders. */
export async function deletePos({ store }: Pick<StoreContext, 'store'>, id: PosId): Promise<Pos> {
  const deleted = await store.transaction(async (tx) => {
    const pos = await tx.pos.lock(id);
    if (pos === undefined) throw new DeletionError(`no POS with id ${id}`);
    const orders = await ordersOf(tx, id);
    if (orders > 0)
      throw new DeletionError(
        `pos: expected one without orders, got ${id} (${pos.name}), which has ${orders}: webpos pos disable switches it off`,
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

/** @throws DeletionError when there is no such account, a POS has it, or addresses of it may have been handed out. */
export async function deleteAccount({ store }: Pick<StoreContext, 'store'>, id: AccountId): Promise<Account> {
  return store.transaction(async (tx) => {
    const account = await tx.accounts.get(id);
    if (account === undefined) throw new DeletionError(`no account with id ${id}`);
    const inUse = (by: string): DeletionError =>
      new DeletionError(`account: expected one that nothing uses, got ${id} (${account.name}), ${by}`);
    const users = (await tx.pos.list()).filter(({ accountId }) => accountId === id);
    if (users.length > 0) throw inUse(`which is that of the POS ${users.map((pos) => `${pos.id} (${pos.name})`).join(', ')}`);
    const skipped = await tx.accounts.skippedRanges(id);
    const paid = await tx.unassigned.list({ accountId: id, open: false, limit: 1 });
    if (paid.length > 0) throw inUse('to an address of which bitcoin was paid');
    if (account.nextIndex > 0 || skipped.length > 0)
      throw inUse(
        `whose addresses below index ${account.nextIndex} were handed out or skipped: what is paid to them must be seen`,
      );
    if (!(await tx.accounts.deleteUnused(id))) throw inUse('of which an address has just been handed out');
    return account;
  });
}
