/** The unassigned payments that the panel shows. */
import type { CallbacksView } from '@webpos/web';
import { isoDate } from '../../../kernel/clock.ts';
import { satsToBtc } from '../../../kernel/sats.ts';
import type { StoreReads } from '../../../store/ports/store.ts';

const MAX_SHOWN = 20;

export async function panelUnassigned({
  unassigned,
  accounts,
}: Pick<StoreReads, 'unassigned' | 'accounts'>): Promise<CallbacksView['unassigned']> {
  const open = await unassigned.list({ accountId: undefined, open: true, limit: MAX_SHOWN });
  if (open.length === 0) return [];
  const names = new Map((await accounts.list()).map(({ id, name }) => [id, name]));
  return open.map(({ accountId, addressIndex, address, amount, outPoint, place, firstSeenAt }) => ({
    accountName: names.get(accountId) ?? accountId,
    index: addressIndex,
    address,
    amountBtc: satsToBtc(amount),
    txid: outPoint.txid,
    vout: outPoint.vout,
    place: place.kind,
    blockHeight: place.kind === 'block' ? place.height : null,
    firstSeenAt: isoDate(firstSeenAt),
  }));
}
