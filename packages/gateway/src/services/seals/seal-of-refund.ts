import { anyApproval, type Refund, type RefundStatus } from '../../refunds/refund.ts';
import type { SealedRefund, WalletSeals } from '../../security/wallet-seals.ts';

/** The payment of an approved refund comes and goes with the chain, which changes nothing of what is sealed. */
const STAGES: Readonly<Record<RefundStatus, SealedRefund['stage']>> = {
  requested: 'requested',
  approved: 'approved',
  seen: 'approved',
  confirmed: 'approved',
  cancelled: 'closed',
  refused: 'closed',
};

/** The seal that a refund must have. */
export function sealOfRefund(seals: WalletSeals, refund: Refund): string {
  const { id, orderId, posId, address, state } = refund;
  const approval = anyApproval(refund);
  return seals.ofRefund({
    id,
    orderId,
    posId,
    address,
    stage: STAGES[state.status],
    script: approval?.script ?? null,
    satoshi: approval?.amount.toString() ?? null,
  });
}

export function sealedRefund(seals: WalletSeals, refund: Refund): Refund {
  return { ...refund, seal: sealOfRefund(seals, refund) };
}
