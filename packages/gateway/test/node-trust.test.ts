/** A gateway with a node that lies, stalls, is down, or is replaced by another: what it believes, reports, and never does. */
import { HDKey } from '@scure/bip32';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Gateway } from '../src/app/gateway.ts';
import { startGateway } from '../src/app/start-gateway.ts';
import { buildTransaction } from '../src/chain/sandbox/serialize.ts';
import { WrongChainError } from '../src/chain/source.ts';
import { WORK_RULES } from '../src/chain/view/work-rules.ts';
import { readConfig } from '../src/config/read-config.ts';
import { epochMs } from '../src/kernel/clock.ts';
import { parseId, type OrderId } from '../src/kernel/ids.ts';
import type { Txid } from '../src/kernel/chain.ts';
import { createLog } from '../src/ops/log.ts';
import type { Order } from '../src/orders/order.ts';
import { createShop } from '../../../scripts/support/create-shop.ts';
import { MAIN_GENESIS, REGTEST_GENESIS, startFakeNode, type FakeBlock, type FakeNode } from './support/fake-node.ts';
import { mineOn, type MinedBlock, type Mining } from './support/mined-chain.ts';
import { ask, loginAt } from './support/served-gateway.ts';
import { gatewayFiles } from '../../../test/support/gateway-files.ts';
import { HOUR_MS, MINUTE_MS } from '../src/kernel/durations.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

let folder: string;
let node: FakeNode;
let gateway: Gateway | undefined;
let now: number;
let logLines: string[];
let wallets = 0;

beforeEach(async () => {
  folder = await temporaryFolder();
  now = Date.UTC(2026, 10, 29, 12);
  logLines = [];
});
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
  await node[Symbol.asyncDispose]();
});

async function serve(network: 'regtest' | 'bitcoin' = 'regtest'): Promise<Gateway> {
  gateway = await startGateway(
    readConfig({
      WEBPOS_MODE: 'live',
      WEBPOS_NETWORK: network,
      WEBPOS_PORT: '0',
      WEBPOS_PUBLIC_URL: 'https://pay.example',
      ...gatewayFiles(folder),
      WEBPOS_RATES: 'fixed:EUR=10000',
      WEBPOS_BITCOIND_URL: node.url,
    }),
    { clock: { now: () => epochMs(now) }, log: createLog('info', { write: (line) => void logLines.push(line) }) },
  );
  return gateway;
}

/** Creates an order of 10.00 over the API, as a shop does. */
async function newOrder({ context, url }: Gateway): Promise<Order> {
  const versions = context.network === 'bitcoin' ? undefined : { private: 0x04358394, public: 0x043587cf };
  const { publicExtendedKey: xpub } = HDKey.fromMasterSeed(new Uint8Array(32).fill(++wallets), versions).derive("m/84'/1'/0'");
  const { clientId, secret } = (await createShop({ context }, { name: 'Shop', wallet: { xpub } })).credentials;
  const { token } = await loginAt(url, clientId, secret);
  let uuid: string | undefined;
  // Orders may be refused until the chain has been read with the account's addresses.
  await vi.waitFor(
    async () => {
      ({ uuid } = await ask(url, 'POST', '/payment-order', `Bearer ${token}`, { amount: '10.00' }));
      expect(uuid).toBeDefined();
    },
    { timeout: 20_000, interval: 50 },
  );
  return orderAt({ context }, parseId<OrderId>(uuid!));
}

async function orderAt({ context }: Pick<Gateway, 'context'>, id: OrderId): Promise<Order> {
  const order = await context.store.orders.get(id);
  if (order === undefined) throw new Error(`order ${id} is not stored`);
  return order;
}

function assertHealth(expected: object): Promise<void> {
  return vi.waitFor(() => expect(gateway?.health()).toMatchObject(expected), { timeout: 20_000, interval: 20 });
}
const trouble = (words: RegExp): object => ({ ready: false, chain: { trouble: expect.stringMatching(words) } });
const readChain = (): Promise<void> => gateway!.caughtUp(AbortSignal.timeout(20_000));
const FIRST: MinedBlock = { ...REGTEST_GENESIS, height: 0, timeS: 1_296_688_602, bits: 0x207fffff } as unknown as MinedBlock;
const grow = (chain: readonly FakeBlock[], mining: Mining = {}): FakeBlock[] => [
  ...chain,
  mineOn([FIRST, ...(chain.slice(1) as MinedBlock[])], WORK_RULES.regtest, mining),
];

describe('a node that is down at the start', () => {
  test('does not keep the gateway from serving, and everything continues when the node is up', async () => {
    node = await startFakeNode();
    node.isAway = true;
    const { url } = await serve();
    await assertHealth(trouble(/HTTP 503/));
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/openapi.json`)).status).toBe(200);
    node.isAway = false;
    await assertHealth({ ready: true, chain: { height: 0, trouble: null } });
    expect(logLines.join('')).toContain('serving without it until it returns');
  });

  test('and on another chain when it is up is reported, and nothing is read from it', async () => {
    node = await startFakeNode({ chain: 'main' });
    node.isAway = true;
    await serve();
    await assertHealth(trouble(/HTTP 503/));
    node.isAway = false;
    await assertHealth(trouble(/expected the chain "regtest", got "main"/));
    expect(await gateway!.context.store.chain.tip()).toBeUndefined();
  });
});

test('a node on another chain that answers at the start aborts the start', async () => {
  node = await startFakeNode({ chain: 'main' });
  await expect(serve()).rejects.toThrow(WrongChainError);
});

test('a node that switches to another chain is reported, and nothing more is read from it', async () => {
  node = await startFakeNode();
  const { context } = await serve();
  await assertHealth({ ready: true });
  const others = grow(grow(node.blocks));
  node.answers['getblockchaininfo'] = () => ({ chain: 'signet', blocks: 2, headers: 2, bestblockhash: others[2]!.hash });
  node.blocks = others;
  await assertHealth(trouble(/expected the chain "regtest", got "signet"/));
  expect(await context.store.chain.tip()).toMatchObject({ height: 0 });
});

test('blocks without proof of work are reported as forged and not read', async () => {
  node = await startFakeNode();
  const serving = await serve();
  await assertHealth({ ready: true });
  const order = await newOrder(serving);
  const { raw } = buildTransaction(
    [{ txid: '11'.repeat(32) as Txid, vout: 0 }],
    [{ script: order.terms.script, amount: order.terms.amount }],
  );
  let chain = grow(node.blocks, { works: false, transactions: [raw] });
  for (let more = 0; more < 5; more += 1) chain = grow(chain, { works: false });
  // Only the tip has proof of work, so the forgery shows only in the blocks below it.
  node.blocks = grow(chain);
  await assertHealth(trouble(/header of block 1 is forged: expected a proof of work/));
  expect((await orderAt(serving, order.terms.id)).payments).toEqual([]);
  expect(await serving.context.store.chain.tip()).toMatchObject({ height: 0 });
});

test("a tip that is not in the node's chain is reported, and not requested in a tight loop", async () => {
  node = await startFakeNode();
  await serve();
  await assertHealth({ ready: true });
  const unknown = grow(node.blocks)[1]!;
  node.answers['getblockchaininfo'] = () => ({ chain: 'regtest', blocks: 1, headers: 1, bestblockhash: unknown.hash });
  node.answers['getblockheader'] = () => Buffer.from(unknown.header).toString('hex');
  await assertHealth(trouble(/its chain has no block there/));
  const before = node.calls;
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(node.calls - before).toBeLessThan(200);
});

test('nothing expires while the tip of a main-network node is too old, and the gateway is not ready', async () => {
  now = Date.UTC(2009, 0, 3, 19);
  node = await startFakeNode({ chain: 'main', blocks: [MAIN_GENESIS] });
  const serving = await serve('bitcoin');
  await assertHealth({ ready: true, chain: { concerns: [] } });
  const order = await newOrder(serving);
  const expires = order.terms.expiresAt;

  now = Date.UTC(2009, 0, 4, 19);
  await readChain();
  await assertHealth(trouble(/its last block, 0, is 24\.7 hours old/));
  expect((await orderAt(serving, order.terms.id)).state.status).toBe('pending');
  await gateway!.stop();
  await serve('bitcoin');
  await readChain();
  expect((await orderAt(gateway!, order.terms.id)).state.status).toBe('pending');

  // With a recent tip, the order expires.
  now = expires + MINUTE_MS;
  expect(now - Date.UTC(2009, 0, 3, 18, 15, 5)).toBeLessThan(3 * HOUR_MS);
  await readChain();
  expect((await orderAt(gateway!, order.terms.id)).state.status).toBe('expired');
});

test('with a node that relays no transactions, payments in blocks are read and nothing expires', async () => {
  node = await startFakeNode();
  node.answers['getnetworkinfo'] = () => ({ localrelay: true, connections: 8, connections_out: 8 });
  const serving = await serve();
  await assertHealth({ ready: true, chain: { concerns: [] } });
  const [late, paid] = [await newOrder(serving), await orderAt(serving, (await newOrder(serving)).terms.id)];
  node.answers['getnetworkinfo'] = () => ({ localrelay: false, connections: 8, connections_out: 8 });
  const { raw } = buildTransaction(
    [{ txid: '11'.repeat(32) as Txid, vout: 0 }],
    [{ script: paid.terms.script, amount: paid.terms.amount }],
  );
  node.blocks = grow(node.blocks, { transactions: [raw] });
  now += HOUR_MS;
  await readChain();
  await assertHealth(trouble(/remove blocksonly=1 from bitcoin\.conf/));
  expect((await orderAt(serving, paid.terms.id)).state.status).toBe('paid');
  expect((await orderAt(serving, late.terms.id)).state.status).toBe('pending');
  const warnings = logLines.filter((line) => line.includes('blocksonly'));
  expect(warnings).toHaveLength(1);
  node.answers['getnetworkinfo'] = () => ({ localrelay: true, connections: 8, connections_out: 8 });
  now += MINUTE_MS;
  await readChain();
  await assertHealth({ ready: true, chain: { concerns: [] } });
  expect((await orderAt(serving, late.terms.id)).state.status).toBe('expired');
});

test('the gateway stays ready for a minute after the chain was last read', async () => {
  node = await startFakeNode();
  await serve();
  await assertHealth({ ready: true });
  now += 61_000;
  expect(gateway!.health()).toMatchObject(trouble(/has not been read to its tip for 61 s/));
  await readChain();
  await assertHealth({ ready: true });
});
