import type { GatewayKeys } from '../../security/key-file.ts';
import { isSeal, WalletSeals } from '../../security/wallet-seals.ts';
import type { SealGuard } from './seal-guard.ts';
import { sealOfRefund } from './seal-of-refund.ts';

/** Verifies refunds and their accounts where no gateway runs. */
export function refundVerifier({ wallet }: Pick<GatewayKeys, 'wallet'>): Pick<SealGuard, 'isSoundRefund' | 'isSoundAccount'> {
  const seals = new WalletSeals(wallet);
  return {
    // One without an address was erased: there is nothing to show.
    isSoundRefund: (refund) => refund.address === '' || isSeal(refund.seal, sealOfRefund(seals, refund)),
    isSoundAccount: (account) => isSeal(account.seal, seals.ofAccount(account)),
  };
}
