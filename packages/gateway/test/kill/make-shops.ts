/** Creates a wallet, and a shop for each endpoint, before the first life. */
import { randomUUID } from 'node:crypto';
import { HDKey } from '@scure/bip32';
import { systemClock } from '../../src/kernel/clock.ts';
import { parseCurrency } from '../../src/orders/currency.ts';
import { loadKeyFile } from '../../src/security/key-file.ts';
import { createAccount } from '../../src/services/merchants/create-account.ts';
import { createPos } from '../../src/services/merchants/create-pos.ts';
import { openStore } from '../../src/store/sql/open-store.ts';

/** The credentials of a shop. */
export interface ShopAccess {
  readonly clientId: string;
  readonly secret: string;
}

export async function makeShops(databaseUrl: string, keyFile: string, ports: readonly number[]): Promise<ShopAccess[]> {
  const keys = await loadKeyFile(keyFile);
  const store = await openStore(databaseUrl);
  try {
    const context = { store, clock: systemClock, newUuid: randomUUID, network: 'regtest', keys } as const;
    const key = HDKey.fromMasterSeed(new Uint8Array(32).fill(9), { private: 0x04358394, public: 0x043587cf });
    const wallet = { xpub: key.derive("m/84'/1'/0'").publicExtendedKey };
    const { account } = await createAccount(context, { name: 'Wallet', wallet });
    const shops: ShopAccess[] = [];
    for (const port of ports) {
      const defaults = { callbackUrl: `http://127.0.0.1:${port}/`, continueUrl: null, cancelUrl: null, requiredConfirmations: 1 };
      const wanted = { name: 'Shop', type: 'web', accountId: account.id, currency: parseCurrency('EUR'), defaults } as const;
      const { pos, secret } = await createPos(context, wanted);
      shops.push({ clientId: pos.clientId, secret });
    }
    return shops;
  } finally {
    await store.close();
  }
}
