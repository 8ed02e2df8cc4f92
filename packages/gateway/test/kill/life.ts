/**
 * One life of a gateway that is to be killed, without its HTTP server, so that it starts quickly: the real store, sandbox chain,
 * watcher, services and delivery, under a load that it makes itself. It writes a line for every order that it has acknowledged, and
 * `ready` when it has begun.
 *
 * Arguments: the database's URL, the key file, a seed, and a fault that is planted.
 */
import { writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCallbackSender } from '../../src/callbacks/deliver.ts';
import { SandboxChain } from '../../src/chain/sandbox/sandbox-chain.ts';
import { ScriptIndex } from '../../src/chain/script-index.ts';
import { Watcher } from '../../src/chain/watcher.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { parseCurrency } from '../../src/orders/currency.ts';
import { parseFiatAmount } from '../../src/orders/fiat.ts';
import { fixedRates } from '../../src/rates/fixed.ts';
import { loadKeyFile } from '../../src/security/key-file.ts';
import { cancelOrder } from '../../src/services/cancel-order.ts';
import type { ServiceContext } from '../../src/services/context.ts';
import { createOrder } from '../../src/services/create-order.ts';
import { CallbackDelivery } from '../../src/services/deliver-callbacks.ts';
import { ChainFollowing } from '../../src/services/follow-chain.ts';
import { callbackKeys } from '../../src/services/pos-secret.ts';
import { openStore } from '../../src/store/sql/open-store.ts';
import { anOrder, CALLBACKS, dice, disturb, pick, SOON, TIMES, type World } from './lives.ts';
import { planted, type Fault } from './planted-faults.ts';

const [databaseUrl = '', keyFile = '', seed = '0', fault = 'none'] = process.argv.slice(2);
const EUR = parseCurrency('EUR');
const log = { info: () => {}, warn: () => {} };
const say = (line: string): void => void writeSync(1, `${line}\n`);

const keys = await loadKeyFile(keyFile);
const store = planted(await openStore(databaseUrl), fault as Fault);
const chain = await SandboxChain.open({ store: store.sandbox, clock: systemClock, network: 'regtest' });
const scripts = new ScriptIndex([1, 2]);
for await (const script of store.orders.scripts()) scripts.add(script);
const context: ServiceContext = {
  ...TIMES,
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
const follower = new ChainFollowing(context);
const watcher = new Watcher({ source: chain, follower, scripts, clock: systemClock, log, idleMs: 200 });
const delivery = new CallbackDelivery({
  context,
  sender: createCallbackSender({ now: () => systemClock.now(), dangerouslyAllowPrivateCallbacks: true, ...CALLBACKS }),
  keysOf: (pos) => callbackKeys(pos, systemClock.now(), keys),
  claimant: randomUUID(),
  random: SOON,
  claimMs: CALLBACKS.claimMs,
  giveUpAfterMs: 86_400_000,
  attemptsKeptMs: 86_400_000,
  log,
});
const world: World = { chain, store, random: dice(Number(seed)) };
watcher.start();
delivery.start();
say('ready');
await Promise.all([creates(), creates(), cancellations(), disturb(world)]);

async function creates(): Promise<never> {
  const { random } = world;
  for (;;) {
    const pos = pick(await store.pos.list(), random);
    const none = { callbackUrl: null, continueUrl: null, cancelUrl: null, details: null, reference: null };
    const wanted = { ...none, fiat: parseFiatAmount('10.00', EUR), requiredConfirmations: Math.floor(random() * 3) };
    const { terms } = await createOrder(context, pos, wanted);
    say(`made ${terms.id} ${terms.address}`);
    await sleep(random() * 20);
  }
}

async function cancellations(): Promise<never> {
  for (;;) {
    await sleep(world.random() * 200);
    const order = await anOrder(world);
    if (order !== undefined) await cancelOrder(context, order.terms.id).catch(() => {});
  }
}
