/** Checks what must hold after any number of kills, by the database, the chain in it, and what the shops received. */
import { SandboxChain } from '../../src/chain/sandbox/sandbox-chain.ts';
import { ScriptIndex } from '../../src/chain/script-index.ts';
import { findPaymentsInBlock, findPaymentsInTransaction } from '../../src/chain/view/find-payments.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Order } from '../../src/orders/order.ts';
import { settle } from '../../src/orders/rules.ts';
import type { OrderId } from '../../src/kernel/ids.ts';
import { openStore } from '../../src/store/sql/open-store.ts';
import type { SqlStore } from '../../src/store/sql/sql-store.ts';
import { newestOrders } from '../support/newest-orders.ts';
import type { Arrival } from './receivers.ts';
import type { AcknowledgedOrder } from './shops.ts';

/** The events that lead to each state, in order, without `overpaid`, which can occur in any state. */
export const EVENTS_BEFORE: Readonly<Record<Order['state']['status'], RegExp>> = {
  pending: /^$/,
  paid: /^completed( dispute\.start dispute\.end)*$/,
  disputed: /^completed( dispute\.start dispute\.end)* dispute\.start$/,
  charged_back: /^completed( dispute\.start dispute\.end)* dispute\.start chargeback$/,
  expired: /^expired$/,
  cancelled: /^cancelled$/,
};

/** What the gateways have reported before they were killed. */
export interface Reported {
  /** The address of every acknowledged order, by its id. */
  readonly made: ReadonlyMap<string, string>;
  /** The orders that were acknowledged over HTTP. */
  readonly orders: readonly AcknowledgedOrder[];
  /** Orders whose cancellation was acknowledged over HTTP. */
  readonly cancelled: ReadonlySet<string>;
  readonly arrivals: readonly Arrival[];
}

export interface Found {
  readonly violations: readonly string[];
  readonly orders: number;
  readonly events: number;
  readonly states: ReadonlyMap<string, number>;
}

export async function findViolations(databaseUrl: string, reported: Reported): Promise<Found> {
  const store = await openStore(databaseUrl);
  try {
    return await check(store, reported);
  } finally {
    await store.close();
  }
}

async function check(store: SqlStore, { made, arrivals, ...overHttp }: Reported): Promise<Found> {
  const violations: string[] = [];
  const orders = await allOrders(store);
  const byId = new Map<string, Order>(orders.map((order) => [order.terms.id, order]));
  for (const [id, address] of made)
    if (byId.get(id)?.terms.address !== address)
      violations.push(`order ${id} was acknowledged with the address ${address} and is lost`);
  violations.push(...brokenPromises(orders, overHttp));
  if (new Set(orders.map(({ terms }) => terms.address)).size < orders.length) violations.push('an address was handed out twice');
  violations.push(...(await offChain(store, orders)));

  const sent = new Map<string, Arrival[]>();
  for (const arrival of arrivals) sent.set(arrival.id, [...(sent.get(arrival.id) ?? []), arrival]);
  const firstAt = new Map<string, number>();
  arrivals.forEach(({ id }, at) => firstAt.has(id) || firstAt.set(id, at));
  let events = 0;
  const states = new Map<string, number>();
  for (const order of orders) {
    const { id } = order.terms;
    states.set(order.state.status, (states.get(order.state.status) ?? 0) + 1);
    const stored = await store.callbacks.ofOrder(id);
    events += stored.length;
    const names = stored.map(({ event }) => event.replace('payment.', ''));
    const story = names.filter((name) => name !== 'overpaid').join(' ');
    if (!EVENTS_BEFORE[order.state.status].test(story))
      violations.push(`order ${id} is ${order.state.status}, and was reported as: ${story}`);
    let before = -1;
    for (const { id: event, body } of stored) {
      const at = firstAt.get(event);
      if (at === undefined) violations.push(`event ${event} of order ${id} never arrived`);
      else if (at < before) violations.push(`event ${event} of order ${id} arrived before an earlier one`);
      before = at ?? before;
      if (sent.get(event)?.some((arrival) => arrival.body !== body) === true) violations.push(`event ${event} arrived changed`);
      sent.delete(event);
    }
  }
  for (const id of sent.keys()) violations.push(`event ${id} arrived and was never stored`);
  return { violations, orders: orders.length, events, states };
}

/** Checks that what was acknowledged over HTTP holds, and that each idempotency key has created at most one order. */
function brokenPromises(stored: readonly Order[], reported: Pick<Reported, 'orders' | 'cancelled'>): string[] {
  const idsOf = new Map<string, string[]>();
  for (const { terms } of stored)
    if (terms.reference !== null) idsOf.set(terms.reference, [...(idsOf.get(terms.reference) ?? []), terms.id]);
  const violations = [...idsOf].flatMap(([reference, ids]) =>
    ids.length > 1 ? [`the key ${reference} has created ${ids.length} orders`] : [],
  );
  for (const { id, reference } of reported.orders)
    if (idsOf.get(reference)?.[0] !== id) violations.push(`order ${id} was acknowledged, but its key has created another`);
  for (const { terms, state } of stored)
    if (reported.cancelled.has(terms.id) && state.status !== 'cancelled')
      violations.push(`order ${terms.id} was acknowledged as cancelled, but is ${state.status}`);
  return violations;
}

const PAGE = 500;

async function allOrders(store: SqlStore): Promise<Order[]> {
  const found: Order[] = [];
  for (let before: OrderId | undefined; ; before = found.at(-1)?.terms.id) {
    const page = await newestOrders(store, { before, limit: PAGE });
    found.push(...page);
    if (page.length < PAGE) return found.reverse();
  }
}

/** Checks that every payment is stored with its place on the chain, that no payment is missing, and that every order is settled. */
async function offChain(store: SqlStore, orders: readonly Order[]): Promise<string[]> {
  const chain = await SandboxChain.open({ store: store.sandbox, clock: systemClock, network: 'regtest' });
  const scripts = new ScriptIndex([1, 2]);
  for (const { terms } of orders) scripts.add(terms.script);
  const tip = await chain.tip();
  const onChain = new Map<string, string>();
  for (let height = 0; height <= tip.height; height += 1) {
    const block = await chain.blockAt(height);
    if (block === undefined) continue;
    for (const { outPoint } of findPaymentsInBlock(await chain.block(block.hash), block.hash, scripts).matches)
      onChain.set(`${outPoint.txid}:${outPoint.vout}`, `block ${block.hash}`);
  }
  for (const raw of (await chain.mempoolTransactions([...(await chain.mempool())])).values())
    for (const { outPoint } of findPaymentsInTransaction(raw, scripts))
      onChain.set(`${outPoint.txid}:${outPoint.vout}`, 'mempool');

  const violations: string[] = [];
  const now = systemClock.now();
  for (const order of orders) {
    for (const { outPoint, place } of order.payments) {
      const key = `${outPoint.txid}:${outPoint.vout}`;
      const stored = place.kind === 'block' ? `block ${place.hash}` : place.kind;
      const actual = onChain.get(key) ?? 'gone';
      if (stored !== actual) violations.push(`payment ${key} of order ${order.terms.id}: stored as ${stored}, is ${actual}`);
      onChain.delete(key);
    }
    const { events } = settle(order, { tipHeight: tip.height, now, chainReadAt: now });
    if (events.length > 0)
      violations.push(`order ${order.terms.id} is ${order.state.status} and should have emitted ${events.join()}`);
  }
  for (const key of onChain.keys()) violations.push(`payment ${key} is on the chain and was never seen`);
  return violations;
}
