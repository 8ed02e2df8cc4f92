import { expect, test } from 'vitest';
import { epochMs } from '../../kernel/clock.ts';
import type { OrderId, PosId, RefundId } from '../../kernel/ids.ts';
import type { Refund } from '../../refunds/refund.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { WalletSeals } from '../../security/wallet-seals.ts';
import { refundVerifier } from './refund-verifier.ts';
import { sealOfRefund } from './seal-of-refund.ts';

const KEYS = deriveKeys(Buffer.alloc(32, 1));
const REFUND: Refund = {
  id: '0192f000-0000-7000-8000-0000000000f1' as RefundId,
  orderId: '0192f000-0000-4000-8000-000000000001' as OrderId,
  posId: '0192f000-0000-4000-8000-000000000002' as PosId,
  requestedBy: 'buyer',
  requestedAt: epochMs(0),
  address: 'bcrt1qaddress',
  sinceHeight: 1,
  reason: null,
  state: { status: 'requested' },
  seal: null,
};

const sealed: Refund = { ...REFUND, seal: sealOfRefund(new WalletSeals(KEYS.wallet), REFUND) };

test.each<[string, Refund, boolean]>([
  ['as it was sealed', sealed, true],
  ['without a seal', REFUND, false],
  ['to another address', { ...sealed, address: 'bcrt1qother' }, false],
  ['whose address was erased', { ...sealed, address: '' }, true],
])('a refund %s', (_, refund, isSound) => {
  expect(refundVerifier(KEYS).isSoundRefund(refund)).toBe(isSound);
});
