/** Examines for `webpos doctor` whether buyers have requested refunds that nobody decides on. */
import { isSeal, WalletSeals } from '../../security/wallet-seals.ts';
import type { Store } from '../../store/ports/store.ts';
import { unverifiedRequests, type UnverifiedContext } from '../seals/unverified-requests.ts';
import { sealOfRefund } from '../seals/seal-of-refund.ts';
import type { Installation } from './examine-installation.ts';
import type { Finding } from './finding.ts';

interface ExaminedRefunds {
  readonly store: Pick<Store, 'refunds' | 'refundRequests' | 'orders'>;
  readonly installation: Pick<Installation, 'database' | 'keys'>;
}

export async function examineRefunds({ store, installation }: ExaminedRefunds): Promise<readonly Finding[]> {
  const what = 'refunds';
  if (installation.database !== undefined) return [];
  const guard: UnverifiedContext['guard'] = async () => {
    const keys = await installation.keys();
    const seals = keys && new WalletSeals(keys.wallet);
    return {
      isSoundRefund: (refund) =>
        refund.address === '' || (seals !== undefined && isSeal(refund.seal, sealOfRefund(seals, refund))),
    };
  };
  const { length } = await unverifiedRequests({ store, guard });
  if (length === 0) return [{ what, level: 'ok', says: 'every request of a buyer is verified' }];
  const requests = length === 1 ? 'one request of a buyer is' : `${length} requests of buyers are`;
  const says = `${requests} not verified, because an earlier version stored it: webpos refund list --status unverified; see docs/refunds.md`;
  return [{ what, level: 'warning', says }];
}
