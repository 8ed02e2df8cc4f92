/** Examines whether the rows that decide where money goes are authentic. */
import type { Store } from '../../store/ports/store.ts';
import { isSeal, WalletSeals } from '../../security/wallet-seals.ts';
import { describeBroken } from '../seals/broken-row.ts';
import { sealOfRefund } from '../seals/seal-of-refund.ts';
import type { Finding } from './finding.ts';
import type { Installation } from './examine-installation.ts';

const PAGE = 500;
/** More of them are not listed. */
const MAX_LISTED = 20;

export async function examineSeals({
  store,
  installation,
}: {
  readonly store: Store;
  readonly installation: Installation;
}): Promise<readonly Finding[]> {
  const what = 'seals';
  if (installation.database !== undefined) return [];
  const keys = await installation.keys();
  if (keys === undefined) return [];
  const seals = new WalletSeals(keys.wallet);
  const broken: string[] = [];
  const fault = (seal: string | null): 'missing' | 'wrong' => (seal === null ? 'missing' : 'wrong');
  let addresses = 0;
  for (const account of await store.accounts.list()) {
    const { id, seal, nextIndex } = account;
    if (!isSeal(seal, seals.ofAccount(account))) broken.push(describeBroken({ kind: 'account', id, fault: fault(seal) }));
    // Those without a seal are derived again before they are used.
    for (const address of await store.addresses.from(id, nextIndex, PAGE)) {
      addresses += 1;
      const isSound = address.seal === null || isSeal(address.seal, seals.ofAddress({ accountId: id, ...address }));
      if (!isSound)
        broken.push(describeBroken({ kind: 'address', index: address.index, accountId: id, fault: fault(address.seal) }));
    }
  }
  for (const { id, accountId, accountSeal } of await store.pos.list())
    if (!isSeal(accountSeal, seals.ofBinding(id, accountId)))
      broken.push(describeBroken({ kind: 'pos', id, accountId, fault: fault(accountSeal) }));
  for (const status of ['requested', 'approved'] as const) {
    const open = await store.refunds.list({ posId: undefined, status, before: undefined, limit: PAGE });
    for (const refund of open.filter(({ address }) => address !== ''))
      if (!isSeal(refund.seal, sealOfRefund(seals, refund)))
        broken.push(describeBroken({ kind: 'refund', id: refund.id, fault: fault(refund.seal) }));
  }
  if (broken.length === 0)
    return [{ what, level: 'ok', says: `every account and POS is authentic, and so are the next ${addresses} addresses` }];
  return broken.slice(0, MAX_LISTED).map((says) => ({ what, level: 'problem', says: `${says}: see docs/security.md` }));
}
