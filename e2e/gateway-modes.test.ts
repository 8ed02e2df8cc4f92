/** Clients of both modes with gateways of both modes, over the network: they work only if the modes are the same. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount, createPos, parseCurrency, readConfig, startGateway, type Gateway } from '@webpos/gateway';
import { Client, type ClientOptions } from '@webpos/sdk';
import { createFakePlatform } from '@webpos/sdk/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startFakeNode } from '../packages/gateway/test/support/fake-node.ts';
import { testKey } from '../packages/gateway/test/support/test-gateway.ts';

const MODES = ['live', 'sandbox'] as const;
type Mode = (typeof MODES)[number];

/** A gateway that ends with the test; a live one reads a node that has no blocks. */
async function openGateway(mode: Mode): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-modes-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const node = await startFakeNode();
  onTestFinished(() => node[Symbol.asyncDispose]());
  const settings = {
    WEBPOS_MODE: mode,
    WEBPOS_NETWORK: 'regtest',
    WEBPOS_PORT: '0',
    WEBPOS_PUBLIC_URL: 'https://pay.example',
    WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`,
    WEBPOS_KEY_FILE: join(folder, 'webpos.key'),
    WEBPOS_RATES: 'fixed:EUR=60000',
    WEBPOS_LOG_LEVEL: 'error',
    ...(mode === 'live' ? { WEBPOS_BITCOIND_URL: node.url } : {}),
  };
  const gateway = await startGateway(readConfig(settings));
  onTestFinished(async () => void (await gateway.stop()));
  return gateway;
}

async function shopOf({ context, url }: Gateway): Promise<ClientOptions> {
  const { store, clock, newUuid, network, keys } = context;
  const make = { store, clock, newUuid, network, keys };
  const { account } = await createAccount(make, { name: 'Wallet', wallet: { xpub: testKey(1) } });
  const defaults = { callbackUrl: null, continueUrl: null, cancelUrl: null, requiredConfirmations: 1 };
  const pos = { name: 'Shop', type: 'web' as const, accountId: account.id, currency: parseCurrency('EUR'), defaults, look: {} };
  const created = await createPos(make, pos);
  return { clientId: created.pos.clientId, secret: created.secret, baseUrl: url };
}

describe.each(MODES)('a gateway in %s mode', (theirs) => {
  it('serves a client of its mode, and is refused by one of the other', async () => {
    const shop = await shopOf(await openGateway(theirs));
    const [other] = MODES.filter((mode) => mode !== theirs);
    await using right = new Client({ ...shop, mode: theirs });
    expect(await right.getPaymentOrders()).toMatchObject({ paymentorders: [] });
    await using wrong = new Client({ ...shop, mode: other });
    const refused = { name: 'ConfigurationError', field: 'mode' };
    await expect(wrong.createPaymentOrder({ amount: '1.00' })).rejects.toMatchObject(refused);
    await expect(wrong.getPaymentOrders()).rejects.toThrow(`${theirs}, the gateway's mode, got "${other}"`);
    expect(await right.getPaymentOrders()).toMatchObject({ paymentorders: [] });
  });
});

it.each(MODES)('the fake platform reports the mode %s if it was made so', async (mode) => {
  const platform = createFakePlatform({ mode });
  const order = await new Client(platform.clientOptions).createPaymentOrder({ amount: '1.00' });
  expect(order.amount).toBeGreaterThan(0);
  const [other] = MODES.filter((each) => each !== mode);
  const wrong = new Client({ ...platform.clientOptions, mode: other });
  await expect(wrong.getPaymentOrder(order.uuid)).rejects.toMatchObject({ name: 'ConfigurationError', field: 'mode' });
});
