/**
 * `npm run demo`: one whole payment without a person. A gateway starts, a program makes an order with the client library,
 * the order is paid on the chain and confirmed by a block, and the signed callback is received and verified. The last line
 * is one of JSON. `npm run demo -- --chain bitcoind` does it on a real node on regtest, with a real wallet as the buyer.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig, startGateway, type Gateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import { createSandboxPos } from './support/sandbox-pos.ts';
import { openDemoChain, type DemoChain } from './support/demo-chain.ts';
import { receiveCallback } from './support/receive-callback.ts';

const TIME_LIMIT_MS = 60_000;
const HELP = `npm run demo: play a whole payment without a person, and print, last, one line of JSON

  npm run demo                       on the sandbox's own chain
  npm run demo -- --chain bitcoind   on a real Bitcoin node in regtest mode: BITCOIND, the one on the PATH, or scripts/get-bitcoind`;

async function demo(): Promise<void> {
  const { values } = parseArgs({
    options: { chain: { type: 'string', default: 'sandbox' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) return console.log(HELP);
  const folder = await mkdtemp(join(tmpdir(), 'webpos-demo-'));
  const chain = await openDemoChain(values.chain);
  try {
    const gateway = await startGateway(
      readConfig({
        WEBPOS_PORT: '0',
        WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`,
        WEBPOS_KEY_FILE: join(folder, 'webpos.key'),
        WEBPOS_LOG_LEVEL: 'error',
        WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
        ...chain.settings,
      }),
    );
    try {
      await playPayment(gateway, chain);
    } finally {
      await gateway.stop();
    }
  } finally {
    await chain.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function playPayment(gateway: Gateway, chain: DemoChain): Promise<void> {
  const { clientId, secret } = await createSandboxPos(gateway, 1);
  await using receiver = await receiveCallback(secret, AbortSignal.timeout(TIME_LIMIT_MS));
  const client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: gateway.url });

  const order = await client.createPaymentOrder({ amount: '10.00', callback_url: receiver.url, reference: 'demo-1' });
  console.log(`order ${order.uuid}: ${order.amount} sat to ${order.address}`);
  await chain.pay(gateway, order);
  console.log('paid; waiting for its block and the callback');

  const callback = await receiver.callback;
  const { state, transactions } = await client.getPaymentOrder(order.uuid);
  console.log(
    JSON.stringify({
      order: order.uuid,
      event: callback.event,
      verified: callback.object.uuid === order.uuid,
      chain: chain.name,
      status: state.status,
      amount: order.amount,
      txid: transactions?.[0]?.txid,
    }),
  );
}

try {
  await demo();
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
