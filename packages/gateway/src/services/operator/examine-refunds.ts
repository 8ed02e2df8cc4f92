/** Examines for `webpos doctor` whether buyers have requested refunds that nobody decides on. */
import type { Store } from '../../store/ports/store.ts';
import { refundVerifier } from '../seals/refund-verifier.ts';
import { unverifiedRequests, type UnverifiedContext } from '../seals/unverified-requests.ts';
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
    // Without the key file, nothing that has a seal can be verified.
    return keys === undefined ? { isSoundRefund: ({ address }) => address === '' } : refundVerifier(keys);
  };
  const { length } = await unverifiedRequests({ store, guard });
  if (length === 0) return [{ what, level: 'ok', says: 'every request of a buyer is verified' }];
  const requests = length === 1 ? 'one request of a buyer is' : `${length} requests of buyers are`;
  const says = `${requests} not verified, because an earlier version stored it: webpos refund list --status unverified; see docs/refunds.md`;
  return [{ what, level: 'warning', says }];
}
