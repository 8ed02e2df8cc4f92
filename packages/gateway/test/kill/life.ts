/**
 * One life of a gateway that is to be killed: the real store, sandbox chain, watcher and delivery, under a load that it makes
 * itself. It writes a line for every order that it has acknowledged, and `ready` when it has begun. Told to end its work, it makes no
 * more load, waits until all is delivered, and exits.
 *
 * Arguments: the database, the ports of the endpoints, a seed, what to do (`live` or `end`), and a fault that is planted.
 */
import { writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HDKey } from '@scure/bip32';
import { createCallbackSender } from '../../src/callbacks/deliver.ts';
import { SandboxChain } from '../../src/chain/sandbox/sandbox-chain.ts';
import { ScriptIndex } from '../../src/chain/script-index.ts';
import { Watcher } from '../../src/chain/watcher.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { sats } from '../../src/kernel/sats.ts';
import { parseCurrency } from '../../src/orders/currency.ts';
import { parseFiatAmount } from '../../src/orders/fiat.ts';
import type { Order } from '../../src/orders/order.ts';
import { fixedRates } from '../../src/rates/fixed.ts';
import { cancelOrder } from '../../src/services/cancel-order.ts';
import type { ServiceContext } from '../../src/services/context.ts';
import { createAccount } from '../../src/services/create-account.ts';
import { createOrder } from '../../src/services/create-order.ts';
import { createPos } from '../../src/services/create-pos.ts';
import { CallbackDelivery } from '../../src/services/deliver-callbacks.ts';
import { ChainFollowing } from '../../src/services/follow-chain.ts';
import { callbackKeys } from '../../src/services/pos-secret.ts';
import { sqliteDialect } from '../../src/store/sql/dialects/sqlite.ts';
import { openSqlStore } from '../../src/store/sql/sql-store.ts';
import { planted, type Fault } from './planted-faults.ts';

const [path = '', ports = '', seed = '0', what = 'live', fault = 'none'] = process.argv.slice(2);
const SEAL = new Uint8Array(32).fill(7);
const EUR = parseCurrency('EUR');
const LIFE = { orderTtlMs: 2_500, settlementTimeoutMs: 4_000, chargebackTimeoutMs: 1_500, finalDepth: 20 };
const random = dice(Number(seed));
const log = { info: () => {}, warn: () => {} };
const say = (line: string): void => void writeSync(1, `${line}\n`);

const sql = await openSqlStore(sqliteDialect(path));
const store = planted(sql, fault as Fault);
const chain = await SandboxChain.open({ store: sql.sandbox, clock: systemClock, network: 'regtest' });
const scripts = new ScriptIndex([1, 2]);
for await (const script of sql.orders.scripts()) scripts.add(script);
const context: ServiceContext = {
  ...LIFE,
  store,
  clock: systemClock,
  newUuid: randomUUID,
  rates: fixedRates(new Map([['EUR', '10000']]), systemClock),
  network: 'regtest',
  publicUrl: 'https://pay.example',
  addressAhead: () => undefined,
  watchScript: (script) => scripts.add(script),
  callbacksStored: () => delivery.wake(),
  ordersChanged: () => {},
};
const watcher = new Watcher({
  source: chain,
  follower: new ChainFollowing(context),
  scripts,
  clock: systemClock,
  log,
  idleMs: 200,
});
const delivery = new CallbackDelivery({
  context,
  sender: createCallbackSender({ now: () => systemClock.now(), dangerouslyAllowPrivateCallbacks: true, deadlineMs: 600 }),
  keysOf: (pos) => callbackKeys(pos, systemClock.now(), { seal: SEAL }),
  claimant: randomUUID(),
  // Retries come in seconds rather than hours, also after the many attempts that were killed.
  random: () => 0.0005,
  claimMs: 1_000,
  giveUpAfterMs: 86_400_000,
  attemptsKeptMs: 86_400_000,
  log,
});
const shops = await openShops();
watcher.start();
delivery.start();
say('ready');
if (what === 'live') await Promise.all([creates(), creates(), payments(), blocks(), cancellations()]);
else await end();

async function openShops(): Promise<readonly Order['terms']['posId'][]> {
  const known = await sql.pos.list();
  if (known.length > 0) return known.map(({ id }) => id);
  const key = HDKey.fromMasterSeed(new Uint8Array(32).fill(9), { private: 0x04358394, public: 0x043587cf });
  const wallet = { xpub: key.derive("m/84'/1'/0'").publicExtendedKey };
  const { account } = await createAccount(context, { name: 'Wallet', wallet });
  for (const port of ports.split(',')) {
    const defaults = { callbackUrl: `http://127.0.0.1:${port}/`, continueUrl: null, cancelUrl: null, requiredConfirmations: 1 };
    await createPos(context, { name: 'Shop', type: 'web', accountId: account.id, currency: EUR, defaults }, SEAL);
  }
  return (await sql.pos.list()).map(({ id }) => id);
}

async function creates(): Promise<never> {
  for (;;) {
    const pos = await sql.pos.get(pick(shops));
    if (pos === undefined) throw new Error('a shop is lost');
    const none = { callbackUrl: null, continueUrl: null, cancelUrl: null, details: null, reference: null };
    const wanted = { ...none, fiat: parseFiatAmount('10.00', EUR), requiredConfirmations: Math.floor(random() * 3) };
    const { terms } = await createOrder(context, pos, wanted);
    say(`made ${terms.id} ${terms.address}`);
    await sleep(random() * 20);
  }
}

async function payments(): Promise<never> {
  for (;;) {
    const order = await anOrder();
    const part = pick([2n, 2n, 2n, 1n, 3n]);
    if (order !== undefined) await chain.pay(order.terms.script, sats((order.terms.amount * part) / 2n)).catch(() => {});
    await sleep(random() * 50);
  }
}

async function blocks(): Promise<never> {
  for (;;) {
    await sleep(random() * 80);
    if (random() < 0.05) await doubleSpends();
    const depth = 1 + Math.floor(random() * 2);
    if (random() < 0.75) await chain.mine();
    else await chain.reorganize({ depth, without: [], others: random() < 0.5 ? 'waiting' : 'mined' }).catch(() => {});
  }
}

/** The payments of an order are spent otherwise, in the place of the blocks that have them: what was paid is charged back. */
async function doubleSpends(): Promise<void> {
  const order = await anOrder();
  const txids = (order?.payments ?? []).flatMap(({ outPoint, place }) => (place.kind === 'gone' ? [] : [outPoint.txid]));
  if (txids.length > 0) await chain.doubleSpend([...new Set(txids)]).catch(() => {});
}

async function cancellations(): Promise<never> {
  for (;;) {
    await sleep(random() * 200);
    const order = await anOrder();
    if (order !== undefined) await cancelOrder(context, order.terms.id).catch(() => {});
  }
}

/** One of the newest. */
async function anOrder(): Promise<Order | undefined> {
  const { orders } = await sql.orders.list({
    posId: undefined,
    blockchainStatus: undefined,
    sortBy: 'created_at',
    sortOrder: 'desc',
    page: 0,
    pageSize: 12,
  });
  return orders.length === 0 ? undefined : pick(orders);
}

/** Until nothing is left to send, and nothing to happen. */
async function end(): Promise<void> {
  const until = Date.now() + 90_000;
  for (let quiet = 0; quiet < 3;) {
    await watcher.caughtUp(AbortSignal.timeout(20_000));
    const { waitingCallbacks } = await sql.census(10);
    const deadline = await sql.orders.nextDeadline();
    quiet = waitingCallbacks === 0 && (deadline === undefined || deadline > Date.now() + 5_000) ? quiet + 1 : 0;
    if (Date.now() > until) throw new Error(`${waitingCallbacks} callbacks still wait, and the next deadline is ${deadline}`);
    await sleep(100);
  }
  await watcher.stop();
  await delivery.stop();
  await sql.close();
  say('ended');
  process.exit(0);
}

function pick<T>(list: readonly T[]): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('there is nothing to pick from');
  return found;
}

/** A number from 0 to below 1, the same ones for a seed (a linear congruential generator). */
function dice(from: number): () => number {
  let state = (from * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
