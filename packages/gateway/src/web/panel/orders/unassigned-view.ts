/** The unassigned payments that are shown beside the orders that need attention. */
import type { OrdersView } from '@webpos/web';
import { isoDate } from '../../../kernel/clock.ts';
import { satsToBtc } from '../../../kernel/sats.ts';
import type { StoreReads } from '../../../store/ports/store.ts';

const MAX_SHOWN = 20;

export async function unassignedView({
  unassigned,
  accounts,
}: Pick<StoreReads, 'unassigned' | 'accounts'>): Promise<OrdersView['unassigned']> {
  const open = await unassigned.list({ accountId: undefined, open: true, limit: MAX_SHOWN });
  if (open.length === 0) return [];
  const names = new Map((await accounts.list()).map(({ id, name }) => [id, name]));
  return open.map(({ accountId, address, amount, outPoint: { txid }, firstSeenAt }) => ({
    accountName: names.get(accountId) ?? accountId,
    address,
    amountBtc: satsToBtc(amount),
    txid,
    firstSeenAt: isoDate(firstSeenAt),
  }));
}
