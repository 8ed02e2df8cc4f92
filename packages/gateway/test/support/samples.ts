/** Complete values to store, of which tests specify only what they are about. Ids, scripts and indexes are unique. */
import { MINUTE_MS } from '../../src/kernel/durations.ts';
import { createHash, randomUUID } from 'node:crypto';
import type { AttemptRecord, PendingCallback } from '../../src/callbacks/callback.ts';
import type { BlockHash, BlockRef, ScriptHex, Txid } from '../../src/kernel/chain.ts';
import { epochMs, plusMs, type EpochMs } from '../../src/kernel/clock.ts';
import { parseId, type CallbackId } from '../../src/kernel/ids.ts';
import { sats, ZERO_SATS } from '../../src/kernel/sats.ts';
import type { Account } from '../../src/merchants/account.ts';
import { parseCurrency } from '../../src/orders/currency.ts';
import type { Order, OrderTerms } from '../../src/orders/order.ts';
import { DEFAULT_CHECKOUT, PLAIN_LOOK, type Pos } from '../../src/merchants/pos.ts';
import { NO_TOLERANCE } from '../../src/merchants/tolerance.ts';
import type { OrderSchedule, PlacedPayment } from '../../src/store/ports/order-store.ts';
import type { Store } from '../../src/store/ports/store.ts';

export { MINUTE_MS };
export const NOON: EpochMs = epochMs(Date.UTC(2026, 10, 23, 12));

let made = 0;
/** Returns 32 bytes in hex, always the same for a name. */
export function hashOf(name: string | number): string {
  return createHash('sha256').update(String(name)).digest('hex');
}
export const txidOf = (name: string | number): Txid => hashOf(`transaction ${name}`) as Txid;
export const blockOf = (height: number, branch = ''): BlockRef => ({
  height,
  hash: hashOf(`block ${height} ${branch}`) as BlockHash,
});

export function sampleAccount(changes: Partial<Account> = {}): Account {
  made += 1;
  return {
    id: parseId(randomUUID()),
    name: 'Shop wallet',
    network: 'regtest',
    descriptor: `descriptor ${made}`,
    nextIndex: 0,
    createdAt: NOON,
    seal: null,
    ...changes,
  };
}

export function samplePos(account: Account, changes: Partial<Pos> = {}): Pos {
  made += 1;
  return {
    id: parseId(randomUUID()),
    name: 'Counter',
    type: 'web',
    merchantId: null,
    accountId: account.id,
    accountSeal: null,
    currency: parseCurrency('EUR'),
    clientId: `client ${made}`,
    sealedSecret: 'sealed',
    generation: 1,
    rotation: null,
    defaults: { callbackUrl: null, continueUrl: null, cancelUrl: null, requiredConfirmations: 1 },
    rates: { provider: null, spreadBps: 0 },
    tolerance: NO_TOLERANCE,
    checkout: DEFAULT_CHECKOUT,
    look: PLAIN_LOOK,
    active: true,
    createdAt: NOON,
    ...changes,
  };
}

export function sampleOrder(pos: Pos, terms: Partial<OrderTerms> = {}, rest: Partial<Omit<Order, 'terms'>> = {}): Order {
  made += 1;
  return {
    terms: {
      id: parseId(randomUUID()),
      posId: pos.id,
      accountId: pos.accountId,
      addressIndex: made,
      address: `address ${made}`,
      script: `0014${hashOf(made).slice(0, 40)}` as ScriptHex,
      addressSeal: null,
      amount: sats(100_000n),
      tolerance: ZERO_SATS,
      fiat: { currency: parseCurrency('EUR'), minorUnits: 6000n },
      rate: { source: 'fixed', value: '60000', at: NOON },
      requiredConfirmations: 1,
      createdAt: NOON,
      expiresAt: plusMs(NOON, 15 * MINUTE_MS),
      settlementTimeoutMs: 259_200_000,
      chargebackTimeoutMs: 86_400_000,
      reference: null,
      details: null,
      callbackUrl: null,
      continueUrl: null,
      cancelUrl: null,
      ...terms,
    },
    state: { status: 'pending', coveredAt: null },
    payments: [],
    surplusReported: ZERO_SATS,
    handled: ZERO_SATS,
    ...rest,
  };
}

/** Creates a payment, by default in the mempool and first seen at noon. */
export function samplePayment(order: Order, name: string | number, changes: Partial<PlacedPayment> = {}): PlacedPayment {
  return {
    orderId: order.terms.id,
    outPoint: { txid: txidOf(name), vout: 0 },
    amount: sats(50_000n),
    normalizedTxid: txidOf(`${name} normalized`),
    firstSeenAt: NOON,
    place: { kind: 'mempool' },
    ...changes,
  };
}

export function sampleCallback(order: Order, changes: Partial<PendingCallback> = {}): PendingCallback {
  return {
    id: parseId<CallbackId>(randomUUID()),
    orderId: order.terms.id,
    posId: order.terms.posId,
    event: 'payment.completed',
    url: 'https://shop.example/callback',
    body: '{"event":"payment.completed"}',
    createdAt: NOON,
    ...changes,
  };
}

/** An attempt at noon that was refused. */
export const SAMPLE_ATTEMPT: AttemptRecord = { startedAt: NOON, durationMs: 12, status: 500, responseExcerpt: 'sorry' };

/** Returns the schedule of an order, by default of one that is finished. */
export function judged(changes: Partial<OrderSchedule> = {}): OrderSchedule {
  return {
    blockchainStatus: 'pending',
    watched: false,
    judgeAtHeight: undefined,
    needsAttention: false,
    deadline: undefined,
    ...changes,
  };
}

/** Stores an account and a POS, so that orders can be stored. */
export async function storedPos(store: Store): Promise<Pos> {
  const account = sampleAccount();
  const pos = samplePos(account);
  await store.accounts.insert(account);
  await store.pos.insert(pos);
  return pos;
}

/** Stores orders of one new POS. */
export async function storedOrders(store: Store, ...terms: readonly Partial<OrderTerms>[]): Promise<[Order, ...Order[]]> {
  const pos = await storedPos(store);
  const [first = {}, ...others] = terms;
  const orders: [Order, ...Order[]] = [sampleOrder(pos, first), ...others.map((each) => sampleOrder(pos, each))];
  for (const order of orders) await store.orders.insert(order);
  return orders;
}
