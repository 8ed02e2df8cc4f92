import { expect, it } from 'vitest';
import type { AccountId, OrderId, PosId } from '../kernel/ids.ts';
import { isSeal, WalletSeals } from './wallet-seals.ts';

const ACCOUNT = '11111111-1111-4111-8111-111111111111' as AccountId;
const POS = '22222222-2222-4222-8222-222222222222' as PosId;
const ORDER = '33333333-3333-4333-8333-333333333333' as OrderId;

it('makes the seals that databases hold already', () => {
  const seals = new WalletSeals(new Uint8Array(32).fill(7));
  const address = { accountId: ACCOUNT, index: 5, address: 'bcrt1qaddress', script: `0014${'ab'.repeat(20)}` };
  const account = { id: ACCOUNT, name: 'Till', network: 'regtest', descriptor: 'wpkh(xpub/0/*)' } as const;
  expect(seals.ofAccount(account)).toBe('kMiZDu6nPg3bg71l');
  expect(seals.ofBinding(POS, ACCOUNT)).toBe('MoBs_cFeFdN7BEYD');
  expect(seals.ofOrder(ORDER, POS, address)).toBe('FRB3luiFMpGLAKcv');
});

it('compares seals by every character, and none with a row that has no seal', () => {
  expect(isSeal('FRB3luiFMpGLAKcv', 'FRB3luiFMpGLAKcv')).toBe(true);
  expect(isSeal('FRB3luiFMpGLAKcw', 'FRB3luiFMpGLAKcv')).toBe(false);
  expect(isSeal('FRB3luiFMpGLAKc', 'FRB3luiFMpGLAKcv')).toBe(false);
  expect(isSeal(null, 'FRB3luiFMpGLAKcv')).toBe(false);
});
