/** Two gateways in one process share a PostgreSQL and follow a real node by turns. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@webpos/sdk';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createShop } from '../../../scripts/support/create-shop.ts';
import { findBitcoind } from '../../../test/support/find-bitcoind.ts';
import { findPostgres, freshSchema, type FreshSchema } from '../../../test/support/postgres.ts';
import { startRegtestNode, type RegtestNode } from '../../../test/support/regtest-node.ts';
import type { Gateway } from '../src/app/gateway.ts';
import { startGateway } from '../src/app/start-gateway.ts';
import { readConfig } from '../src/config/read-config.ts';
import { createLog } from '../src/ops/log.ts';
import { MerchantKey } from './support/merchant-key.ts';

const bitcoind = await findBitcoind('several-gateways.test.ts');
const postgres = await findPostgres('several-gateways.test.ts');

// skip: findBitcoind and findPostgres say what is missing
describe.skipIf(bitcoind === undefined || postgres === undefined)('two gateways on one PostgreSQL', () => {
  let node: RegtestNode;
  let schema: FreshSchema;
  let folder: string;
  const running = new Set<Gateway>();
  const logged: string[] = [];

  /** Each has a marks file of its own, as on a machine of its own. */
  async function start(name: string): Promise<Gateway> {
    const config = readConfig({
      WEBPOS_PORT: '0',
      WEBPOS_DATABASE_URL: `${postgres ?? ''}?options=-c%20search_path%3D${schema.name}`,
      WEBPOS_KEY_FILE: join(folder, 'webpos.key'),
      WEBPOS_MARKS_FILE: join(folder, `${name}.marks`),
      WEBPOS_RATES: 'fixed:EUR=10000',
      WEBPOS_CHAIN: 'bitcoind',
      WEBPOS_BITCOIND_URL: node.url,
      WEBPOS_BITCOIND_COOKIE_FILE: node.cookieFile,
      WEBPOS_RATE_LIMIT_FAILURES: '0',
    });
    const log = createLog('debug', { write: (line) => void logged.push(`${name} ${line}`) });
    const gateway = await startGateway(config, { log });
    running.add(gateway);
    return gateway;
  }

  async function stop(gateway: Gateway): Promise<void> {
    running.delete(gateway);
    await gateway.stop();
  }

  beforeAll(async () => {
    node = await startRegtestNode({ bitcoind: bitcoind ?? '' });
    await node.createWallet();
    schema = await freshSchema(postgres ?? '');
    folder = await mkdtemp(join(tmpdir(), 'webpos-several-'));
  });

  afterAll(async () => {
    for (const gateway of running) await stop(gateway);
    await node?.stop();
    await schema?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('serve, see payments, and take over from each other, and no address is handed out twice', async () => {
    const first = await start('first');
    const { credentials } = await createShop(first, { name: 'Shop', wallet: { xpub: new MerchantKey(5).xpub } });
    const second = await start('second');
    const clientOf = ({ url }: Gateway): Client => new Client({ mode: 'sandbox', ...credentials, baseUrl: url });
    const addresses: string[] = [];
    const order = async (gateway: Gateway): Promise<{ uuid: string; address: string }> => {
      const created = await clientOf(gateway).createPaymentOrder({ amount: '10.00' });
      addresses.push(created.address);
      return created;
    };
    const status = async (gateway: Gateway, uuid: string): Promise<string> =>
      (await clientOf(gateway).getPaymentOrder(uuid)).state.blockchain_status;

    const byFirst = await order(first);
    const bySecond = await order(second);
    await node.send(bySecond.address, 100_000n);
    await vi.waitFor(async () => expect(await status(first, bySecond.uuid)).toBe('mempool_unconfirmed'));
    await vi.waitFor(async () => expect(await status(second, bySecond.uuid)).toBe('mempool_unconfirmed'));
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);

    await stop(first);
    await node.send(byFirst.address, 100_000n);
    await vi.waitFor(async () => expect(await status(second, byFirst.uuid)).toBe('mempool_unconfirmed'));
    const again = await start('first');
    for (let n = 0; n < 5; n += 1) await Promise.all([order(again), order(second), order(again)]);
    await node.mine(2);
    await vi.waitFor(async () => expect(await status(again, byFirst.uuid)).toBe('paid'));
    expect(new Set(addresses).size).toBe(addresses.length);
  });
});
