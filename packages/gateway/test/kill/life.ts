/**
 * A gateway to be killed, without its HTTP server, so that it starts fast: the real store, sandbox chain, watcher, services and callback
 * delivery, under a load that it creates itself. It prints a line for every order that it has acknowledged, and `ready` when it has
 * started.
 *
 * Arguments: the database URL, the key file, a seed, and a fault to plant.
 */
import { writeSync } from 'node:fs';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCallbackSender } from '../../src/callbacks/http/callback-sender.ts';
import { SandboxChain } from '../../src/chain/sandbox/sandbox-chain.ts';
import { OutPointIndex } from '../../src/chain/out-point-index.ts';
import { ScriptIndex } from '../../src/chain/script-index.ts';
import { Watcher } from '../../src/chain/watcher.ts';
import type { ScriptHex } from '../../src/kernel/chain.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { parseCurrency } from '../../src/orders/currency.ts';
import { parseFiatAmount } from '../../src/orders/fiat.ts';
import { fixedRates } from '../../src/rates/fixed.ts';
import { loadKeyFile } from '../../src/security/key-file.ts';
import { AddressMarks } from '../../src/services/addresses/address-marks.ts';
import { cancelOrder } from '../../src/services/orders/cancel-order.ts';
import { ContractError } from '../../src/contract/contract-error.ts';
import type { OrderChangeContext } from '../../src/services/context.ts';
import { createOrder, type OrderCreationContext } from '../../src/services/orders/create-order.ts';
import { CallbackDelivery } from '../../src/services/callbacks/deliver-callbacks.ts';
import { deriveInSlices } from '../../src/services/addresses/derive-in-slices.ts';
import { ChainFollowing } from '../../src/services/chain/follow-chain.ts';
import { ClearedIndexAllocator } from '../../src/services/addresses/cleared-index-allocator.ts';
import { NewOrderGate } from '../../src/services/orders/new-order-gate.ts';
import { callbackKeys } from '../../src/services/merchants/pos-secret.ts';
import { reconcileMarks } from '../../src/services/addresses/reconcile-marks.ts';
import { openMarksFile, readMarks } from '../../src/store/marks/marks-file.ts';
import { WatchedRefunds } from '../../src/services/refunds/watched-refunds.ts';
import { WatchedAddresses } from '../../src/services/addresses/watched-addresses.ts';
import { WalletSeals } from '../../src/security/wallet-seals.ts';
import { SealGuard } from '../../src/services/seals/seal-guard.ts';
import { openStore } from '../../src/store/sql/open-store.ts';
import { anOrder, CALLBACKS, dice, disturb, pick, SOON, TIMES, type World } from './lives.ts';
import { planted, type Fault } from './planted-faults.ts';

const [databaseUrl = '', keyFile = '', seed = '0', fault = 'none'] = process.argv.slice(2);
const EUR = parseCurrency('EUR');
const log = { info: () => {}, warn: () => {}, error: () => {} };
const say = (line: string): void => void writeSync(1, `${line}\n`);

const keys = await loadKeyFile(keyFile);
const store = planted(await openStore(databaseUrl), fault as Fault);
const chain = await SandboxChain.open({ store: store.sandbox, clock: systemClock, network: 'regtest' });
const scripts = new ScriptIndex([1, 2]);
await scripts.load(store.orders.scripts());
const guard = new SealGuard({ seals: new WalletSeals(keys.wallet), clock: systemClock, since: systemClock.now(), log });
const context: OrderCreationContext & OrderChangeContext = {
  ...TIMES,
  store,
  guard,
  clock: systemClock,
  newUuid: randomUUID,
  rates: fixedRates(new Map([['EUR', '10000']]), systemClock),
  network: 'regtest',
  publicUrl: 'https://pay.example',
  addresses: {
    indexes: { take: (id, count, work) => indexes.take(id, count, work) },
    refusal: (id) => newOrders.refusal(id),
    pooled: () => undefined,
    watch: (script) => scripts.add(script),
  },
  callbacksStored: () => delivery.wake(),
  ordersChanged: () => {},
  ordersCreated: () => {},
};
const marks = openMarksFile(`${keyFile}.marks`);
const session = randomBytes(8).toString('hex');
await reconcileMarks({ store, marks, readMarks, session, guard, clock: systemClock, log });
const addressMarks = new AddressMarks({ store, marks, session, guard, clock: systemClock, nowMs: () => performance.now(), log });
const watch = (added: readonly ScriptHex[]): ReadonlySet<ScriptHex> => watcher.watch(added);
const watched = new WatchedAddresses({ store, derive: deriveInSlices, watch, lookAhead: 20, guard });
const outPoints = new OutPointIndex([3, 4]);
await outPoints.load(store.transactions.outPoints());
const refunds = new WatchedRefunds({ store, clock: systemClock, watch });
const follower = new ChainFollowing(context, watched, refunds, { outPoints, missingTimeoutMs: 86_400_000, log });
const watcher = new Watcher({ source: chain, follower, scripts, outPoints, clock: systemClock, log, idleMs: 200 });
const indexes = new ClearedIndexAllocator({ inner: addressMarks, watched, caughtUp: (signal) => watcher.caughtUp(signal) });
const newOrders = new NewOrderGate({
  status: () => watcher.status,
  hasRead: (id) => watched.hasRead(id),
  caughtUp: (signal) => watcher.caughtUp(signal),
  clock: systemClock,
  orderTtlMs: TIMES.orderTtlMs,
});
const delivery = new CallbackDelivery({
  context,
  sender: createCallbackSender({ now: () => systemClock.now(), dangerouslyAllowPrivateCallbacks: true, ...CALLBACKS }),
  keysOf: (pos) => callbackKeys(pos, systemClock.now(), keys),
  claimant: randomUUID(),
  random: SOON,
  claimMs: CALLBACKS.claimMs,
  giveUpAfterMs: 86_400_000,
  attemptRetentionMs: 86_400_000,
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
    const order = await createOrder(context, pos, wanted).catch(refusedForNow);
    if (order !== undefined) say(`made ${order.terms.id} ${order.terms.address}`);
    await sleep(random() * 20);
  }
}

/** Orders expire so soon here that the chain may have been read too long ago on a busy machine. */
function refusedForNow(error: unknown): undefined {
  if (error instanceof ContractError && error.code === '4006') return undefined;
  throw error;
}

async function cancellations(): Promise<never> {
  for (;;) {
    await sleep(world.random() * 200);
    const order = await anOrder(world);
    if (order !== undefined) await cancelOrder(context, order.terms.id).catch(() => {});
  }
}
