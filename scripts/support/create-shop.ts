import { randomUUID } from 'node:crypto';
import {
  createAccount,
  createPos,
  parseCurrency,
  type CreatedAccount,
  type Gateway,
  type NewAccount,
  type NewPos,
} from '@webpos/gateway';

export interface NewShop {
  readonly name: string;
  /** The wallet that receives its payments. */
  readonly wallet: NewAccount['wallet'];
  readonly requiredConfirmations?: number;
  readonly look?: NonNullable<NewPos['look']>;
  readonly refundEvents?: boolean;
}

/** What a shop needs to use the gateway. */
export interface ShopCredentials {
  readonly clientId: string;
  readonly secret: string;
}

/** Creates what a merchant needs before the first order: an account, and a POS in euros whose orders name their own URLs. */
export async function createShop(
  { context }: Pick<Gateway, 'context'>,
  { name, wallet, requiredConfirmations = 1, look = {}, refundEvents = false }: NewShop,
): Promise<{ readonly account: CreatedAccount['account']; readonly credentials: ShopCredentials }> {
  const { store, clock, network, keys } = context;
  const make = { store, clock, newUuid: randomUUID, network, keys };
  const { account } = await createAccount(make, { name: `Wallet of ${name}`, wallet });
  const { pos, secret } = await createPos(make, {
    name,
    type: 'web',
    accountId: account.id,
    currency: parseCurrency('EUR'),
    defaults: { callbackUrl: null, continueUrl: null, cancelUrl: null, requiredConfirmations },
    look,
    refundEvents,
  });
  return { account, credentials: { clientId: pos.clientId, secret } };
}
