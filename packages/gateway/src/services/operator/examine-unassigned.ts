/** Examines unassigned payments for `webpos doctor`. */
import type { Store } from '../../store/ports/store.ts';

interface ExaminedStore {
  readonly store: Pick<Store, 'accounts' | 'unassigned'>;
}

interface UnassignedFinding {
  readonly what: string;
  readonly level: 'ok' | 'warning';
  readonly says: string;
}

export async function examineUnassigned({ store }: ExaminedStore): Promise<readonly UnassignedFinding[]> {
  const what = 'unassigned payments';
  const sums = await store.unassigned.openSums();
  if (sums.length === 0) return [{ what, level: 'ok', says: 'none' }];
  const names = new Map((await store.accounts.list()).map(({ id, name }) => [id, name]));
  return sums.map(({ accountId, payments, amount }) => ({
    what,
    level: 'warning',
    says: `account ${names.get(accountId) ?? accountId}: ${payments === 1 ? 'one payment' : `${payments} payments`}, ${amount} satoshi, at addresses without an order: webpos payment unassigned lists them; find out who paid, then use webpos payment acknowledge`,
  }));
}
