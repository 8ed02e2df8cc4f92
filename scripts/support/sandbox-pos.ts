/** Makes what a merchant would make by hand before the first order: an account and a POS, for a sandbox gateway. */
import { randomBytes, randomUUID } from 'node:crypto';
import { HDKey } from '@scure/bip32';
import { createAccount, createPos, parseCurrency, type Gateway, type NewPos } from '@webpos/gateway';

/** What a shop needs to use the gateway. */
export interface ShopCredentials {
  readonly clientId: string;
  readonly secret: string;
}

/** The wallet is of a key that nobody keeps: coins of a test network go nowhere. */
export async function createSandboxPos(
  { context }: Gateway,
  requiredConfirmations: number,
  look: NonNullable<NewPos['look']> = {},
  name = 'Demo shop',
): Promise<ShopCredentials> {
  const make = { store: context.store, clock: context.clock, newUuid: randomUUID, network: context.network };
  const { account } = await createAccount(make, { name: 'Demo wallet', wallet: { descriptor: freshDescriptor() } });
  const { pos, secret } = await createPos(
    make,
    {
      name,
      type: 'web',
      accountId: account.id,
      currency: parseCurrency('EUR'),
      defaults: { callbackUrl: null, continueUrl: null, cancelUrl: null, requiredConfirmations },
      look,
    },
    context.keys.seal,
  );
  return { clientId: pos.clientId, secret };
}

function freshDescriptor(): string {
  const testnet = { private: 0x04358394, public: 0x043587cf };
  const account = HDKey.fromMasterSeed(randomBytes(32), testnet).derive("m/84'/1'/0'");
  return `wpkh(${account.publicExtendedKey}/0/*)`;
}
