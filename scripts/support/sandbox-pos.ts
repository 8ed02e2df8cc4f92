import { randomBytes } from 'node:crypto';
import { HDKey } from '@scure/bip32';
import type { Gateway } from '@webpos/gateway';
import { createShop, type NewShop, type ShopCredentials } from './create-shop.ts';

export type { ShopCredentials } from './create-shop.ts';

/** Creates a shop at a sandbox gateway. Nobody owns the key of its wallet, because coins of a test network are worthless. */
export async function createSandboxPos(
  gateway: Gateway,
  requiredConfirmations: number,
  look: NewShop['look'] = {},
  name = 'Demo shop',
): Promise<ShopCredentials> {
  const wallet = { descriptor: freshDescriptor() };
  return (await createShop(gateway, { name, wallet, requiredConfirmations, look })).credentials;
}

/** A wallet of which nobody has the key. */
export function freshDescriptor(): string {
  const testnet = { private: 0x04358394, public: 0x043587cf };
  const account = HDKey.fromMasterSeed(randomBytes(32), testnet).derive("m/84'/1'/0'");
  return `wpkh(${account.publicExtendedKey}/0/*)`;
}
