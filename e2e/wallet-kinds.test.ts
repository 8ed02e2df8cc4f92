/**
 * Every kind of wallet that a merchant may have is paid by a real node's wallet, and the merchant's own wallet sees the payments.
 */
import { Client } from '@webpos/sdk';
import { HDKey } from '@scure/bip32';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runWebpos } from '../packages/gateway/test/support/run-webpos.ts';
import { createShop } from '../scripts/support/create-shop.ts';
import { findBitcoind } from '../test/support/find-bitcoind.ts';
import { startRegtestNode, type RegtestNode } from '../test/support/regtest-node.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';

const bitcoind = await findBitcoind('wallet-kinds.test.ts');

const [one, two, three] = [1, 2, 3].map((number) => {
  const master = HDKey.fromMasterSeed(new Uint8Array(32).fill(number), { public: 0x043587cf, private: 0x04358394 });
  const fingerprint = master.fingerprint.toString(16).padStart(8, '0');
  return (path: string): string =>
    `[${fingerprint}/${path.replaceAll("'", 'h')}]${master.derive(`m/${path}`).publicExtendedKey}/<0;1>/*`;
}) as [(path: string) => string, (path: string) => string, (path: string) => string];

const KINDS: readonly (readonly [string, string])[] = [
  ['pkh', `pkh(${one("44'/1'/0'")})`],
  ['sh(wpkh)', `sh(wpkh(${one("49'/1'/0'")}))`],
  ['wpkh', `wpkh(${one("84'/1'/0'")})`],
  ['tr', `tr(${one("86'/1'/0'")})`],
  ['wsh(sortedmulti)', `wsh(sortedmulti(2,${[one, two, three].map((key) => key("48'/1'/0'/2'")).join(',')}))`],
];

// skip: no Bitcoin node was found; findBitcoind says so, and CI fails
describe.skipIf(bitcoind === undefined)('a wallet of the kind', () => {
  let node: RegtestNode;
  let sandbox: SandboxGateway;

  beforeAll(async () => {
    node = await startRegtestNode({ bitcoind: bitcoind!, wallet: true });
    sandbox = await openSandboxGateway({
      WEBPOS_LOG_LEVEL: 'silent',
      WEBPOS_CHAIN: 'bitcoind',
      WEBPOS_BITCOIND_URL: node.url,
      WEBPOS_BITCOIND_COOKIE_FILE: node.cookieFile,
    });
  });
  afterAll(async () => {
    await sandbox?.[Symbol.asyncDispose]();
    await node?.stop();
  });

  it.each(KINDS)('%s is paid, and its export shows the payments to a watching wallet', async (name, descriptor) => {
    const { account, credentials } = await createShop(sandbox.gateway, { name, wallet: { descriptor } });
    const client = new Client({ mode: 'sandbox', ...credentials, baseUrl: sandbox.gateway.url });
    const orders = [await client.createPaymentOrder({ amount: '10.00' }), await client.createPaymentOrder({ amount: '20.00' })];
    for (const { address, amount } of orders) await node.send(address, BigInt(amount));
    await node.mine(1);
    for (const { uuid, amount } of orders) {
      await vi.waitFor(
        async () => {
          const { state } = await client.getPaymentOrder(uuid);
          expect(state).toMatchObject({ status: 'paid', paid: { crypto: amount } });
        },
        { timeout: 20_000, interval: 50 },
      );
    }

    const exported = await runWebpos(sandbox.folder, ['account', 'export', '--account', account.id, '--json']);
    const { import_descriptors: requests } = JSON.parse(exported.out) as { import_descriptors: unknown[] };
    expect(await watchedAmounts(account.id, requests)).toEqual(orders.map(({ amount }) => amount).sort((a, b) => a - b));
  });

  /** Returns what a new wallet without private keys sees after the import, in satoshi. */
  async function watchedAmounts(name: string, requests: readonly unknown[]): Promise<number[]> {
    await node.rpc('createwallet', [name, true, true]);
    try {
      expect(await node.rpc('importdescriptors', [requests], name)).toMatchObject([{ success: true }]);
      const coins = await node.rpc<{ amount: number }[]>('listunspent', [1], name);
      return coins.map(({ amount }) => Math.round(amount * 1e8)).sort((a, b) => a - b);
    } finally {
      await node.rpc('unloadwallet', [name]);
    }
  }
});
