/**
 * How long a payment takes from the node's mempool to the order's new state in the store, with 100,000 open orders.
 *
 * Method: a real node on regtest, a whole gateway with SQLite in a file, and orders inserted into the store directly. Each of 100
 * payments goes to another order; time counts from before `sendrawtransaction` to the first read of the order that shows the
 * payment, read every millisecond over the gateway's own connection. Once with the node's ZMQ messages, once by polling.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAccount, createPos, parseCurrency, readConfig, startGateway, type Gateway } from '@webpos/gateway';
import { OpenCoins } from '../test/support/open-coins.ts';
import type { ScriptHex } from '../packages/gateway/src/kernel/chain.ts';
import { parseId, type OrderId } from '../packages/gateway/src/kernel/ids.ts';
import { createLog } from '../packages/gateway/src/ops/log.ts';
import type { Order } from '../packages/gateway/src/orders/order.ts';
import { anOrder } from '../packages/gateway/test/support/an-order.ts';
import { MerchantKey } from '../packages/gateway/test/support/merchant-key.ts';
import { locateBitcoind } from '../test/support/find-bitcoind.ts';
import { startRegtestNode } from '../test/support/regtest-node.ts';
import { report } from './support/report.mjs';

const ORDERS = 100_000;
const PAYMENTS = 100;
const INSERTED_AT_ONCE = 2_000;

const node = await startRegtestNode({ bitcoind: await locateBitcoind(), zmq: true, args: [...OpenCoins.NODE_ARGS] });
const folder = await mkdtemp(join(tmpdir(), 'webpos-bench-'));
const settings = {
  WEBPOS_PORT: '0',
  WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`,
  WEBPOS_KEY_FILE: join(folder, 'webpos.key'),
  WEBPOS_RATES: 'fixed:EUR=10000',
  WEBPOS_CHAIN: 'bitcoind',
  WEBPOS_BITCOIND_URL: node.url,
  WEBPOS_BITCOIND_COOKIE_FILE: node.cookieFile,
};
try {
  const coins = await OpenCoins.mint(node);
  const scripts = await prepare();
  let used = 0;
  for (const zmq of [true, false]) {
    const gateway = await start(zmq ? { WEBPOS_BITCOIND_ZMQ_SEQUENCE: node.zmqSequence! } : {});
    await sleep(1_000);
    const timesMs: number[] = [];
    for (let n = 0; n < PAYMENTS; n += 1) {
      const [id, script] = scripts[used++]!;
      const made = coins.make([{ script, amount: 100_000n }]);
      const begin = performance.now();
      await coins.broadcast(made);
      while ((await gateway.context.store.orders.get(id))?.payments.length !== 1) await sleep(1);
      timesMs.push(performance.now() - begin);
      // Out of step with any timer.
      await sleep(37 * (n % 7));
    }
    timesMs.sort((a, b) => a - b);
    const median = timesMs[PAYMENTS / 2] ?? 0;
    const late = timesMs[Math.floor(PAYMENTS * 0.95)] ?? 0;
    const goal = { target: '< 100 ms', met: median < 100 };
    report(`payment to new state, ${zmq ? 'by ZMQ' : 'by polling'}: median`, `${median.toFixed(0)} ms`, zmq ? goal : undefined);
    report('  95 % within', `${late.toFixed(0)} ms`);
    await gateway.stop();
  }
} finally {
  await node.stop();
  await rm(folder, { recursive: true, force: true });
}

function start(more: Record<string, string> = {}): Promise<Gateway> {
  return startGateway(readConfig({ ...settings, ...more }), { log: createLog('fatal', { write: () => undefined }) });
}

/** Stores the open orders. @returns the ids and scripts of some of them. */
async function prepare(): Promise<[OrderId, ScriptHex][]> {
  const gateway = await start();
  const { context } = gateway;
  const make = { ...context, newUuid: randomUUID };
  const { account } = await createAccount(make, { name: 'Wallet', wallet: { xpub: new MerchantKey(3).xpub } });
  const defaults = { callbackUrl: null, continueUrl: null, cancelUrl: null, requiredConfirmations: 1 };
  const pos = { name: 'Shop', type: 'web' as const, accountId: account.id, currency: parseCurrency('EUR'), defaults };
  const { pos: shop } = await createPos(make, pos);
  const now = context.clock.now();
  const orders = Array.from({ length: ORDERS }, (_, n): Order => {
    const script = `0014${n.toString(16).padStart(40, '0')}` as ScriptHex;
    return anOrder([], undefined, {
      id: parseId<OrderId>(randomUUID()),
      posId: shop.id,
      accountId: account.id,
      addressIndex: n,
      address: `address ${n}`,
      script,
      createdAt: now,
      expiresAt: (now + 3_600_000 + n) as Order['terms']['expiresAt'],
    });
  });
  for (let first = 0; first < ORDERS; first += INSERTED_AT_ONCE) {
    await context.store.transaction(async (tx) => {
      for (const order of orders.slice(first, first + INSERTED_AT_ONCE)) await tx.orders.insert(order);
    });
  }
  await gateway.stop();
  // Spread over the whole table.
  return orders.filter((_, n) => n % 487 === 0).map(({ terms }) => [terms.id, terms.script]);
}
