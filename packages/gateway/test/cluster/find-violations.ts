/** Compares everything that was stored, answered and delivered with the chain and with each other. Nothing may differ. */
import { EVENTS_BEFORE } from '../kill/find-violations.ts';
import { epochMs } from '../../src/kernel/clock.ts';
import { outPointKey } from '../../src/kernel/chain.ts';
import type { Order, PaymentPlace } from '../../src/orders/order.ts';
import { settle } from '../../src/orders/rules.ts';
import type { ChainTruth } from './chain-truth.ts';
import type { LostTime } from './database-pair.ts';
import type { Arrival } from './endpoints.ts';
import type { AcknowledgedOrder, Ledger } from './ledger.ts';
import type { Stored, StoredEvent } from './read-stored.ts';
import { doubleReigns, type Reign } from './reigns.ts';
import type { Wallet } from './wallet.ts';

export interface Observed {
  readonly stored: Stored;
  readonly truth: ChainTruth;
  readonly ledger: Ledger;
  readonly arrivals: readonly Arrival[];
  readonly lost: readonly LostTime[];
  readonly wallet: Wallet;
  readonly reigns: readonly Reign[];
  /** In milliseconds of `performance.now()`. */
  readonly nowMs: number;
  /** The time of the harness. */
  readonly now: number;
}

export function findViolations(observed: Observed): string[] {
  const { ledger } = observed;
  return [
    ...ledger.wrong,
    ...lostOrders(observed),
    ...brokenCancels(observed),
    ...sharedAddresses(observed),
    ...wrongPayments(observed),
    ...unsettled(observed),
    ...wrongEvents(observed),
    ...staleTerms(observed),
    ...doubleReigns(observed.reigns, observed.nowMs),
  ];
}

/** Whether what was answered at this time may have been lost by a failover. */
export function mayBeLost(lost: readonly LostTime[], { sentAt, answeredAt }: { sentAt: number; answeredAt: number }): boolean {
  return lost.some(({ from, to }) => answeredAt >= from && sentAt <= to);
}

/** Acknowledged orders that are not stored as they were acknowledged, except those that a failover may have lost. */
function lostOrders({ stored, ledger, lost }: Observed): string[] {
  const byId = new Map<string, Order>(stored.orders.map((order) => [order.terms.id, order]));
  const byReference = new Map<string, string>();
  const violations: string[] = [];
  for (const { terms } of stored.orders) {
    const { reference, id } = terms;
    if (reference === null) continue;
    const other = byReference.get(reference);
    if (other !== undefined) violations.push(`the key ${reference} has created the orders ${other} and ${id}`);
    byReference.set(reference, id);
  }
  for (const made of ledger.orders) {
    if (mayBeLost(lost, made) && !byId.has(made.id)) continue;
    const order = byId.get(made.id);
    const where = `order ${made.id}, which ${made.by} acknowledged with the address ${made.address},`;
    if (order === undefined) violations.push(`${where} is lost`);
    else if (order.terms.address !== made.address) violations.push(`${where} is stored with ${order.terms.address}`);
    else if (order.terms.amount !== made.amount) violations.push(`${where} is stored with another amount`);
  }
  return violations;
}

function brokenCancels({ stored, ledger, lost }: Observed): string[] {
  const states = new Map<string, string>(stored.orders.map(({ terms, state }) => [terms.id, state.status]));
  return ledger.cancels.flatMap((cancel) => {
    const status = states.get(cancel.id);
    if (status === 'cancelled' || mayBeLost(lost, cancel)) return [];
    return status === undefined ? [] : [`order ${cancel.id} was acknowledged as cancelled, and is ${status}`];
  });
}

/** Addresses and indexes that were given to two orders, in all answers and in everything that is stored. */
function sharedAddresses({ stored, ledger, wallet }: Observed): string[] {
  const ownerOf = new Map<string, string>();
  const violations: string[] = [];
  const give = (address: string, id: string): void => {
    const owner = ownerOf.get(address) ?? id;
    ownerOf.set(address, owner);
    if (owner !== id) violations.push(`the address ${address} was given to the orders ${owner} and ${id}`);
  };
  for (const { address, id } of ledger.orders) give(address, id);
  const indexes = new Map<number, string>();
  for (const { terms } of stored.orders) {
    give(terms.address, terms.id);
    const { addressIndex: index, id } = terms;
    const other = indexes.get(index);
    if (other !== undefined) violations.push(`index ${index} was given to the orders ${other} and ${id}`);
    indexes.set(index, id);
    if (wallet.scriptAt(index) !== terms.script) violations.push(`order ${id} has another script than index ${index}`);
  }
  return violations;
}

/** Every payment on the chain is recorded once, where it is and with its amount, in its own order or as unassigned. */
function wrongPayments({ stored, truth, ledger, wallet }: Observed): string[] {
  const violations: string[] = [];
  const recorded = new Map<string, string>();
  const check = (key: string, owner: string, script: string, amount: bigint, place: PaymentPlace): void => {
    const actual = truth.outputs.get(key);
    const before = recorded.get(key);
    if (before !== undefined) violations.push(`payment ${key} is recorded in ${before} and in ${owner}`);
    recorded.set(key, owner);
    const shown = placeText(place);
    if (actual === undefined) {
      if (place.kind !== 'gone' && place.kind !== 'missing')
        violations.push(`payment ${key} of ${owner} is ${shown}, and is gone`);
      return;
    }
    if (actual.place !== shown) violations.push(`payment ${key} of ${owner} is ${shown}, and the node has it in ${actual.place}`);
    if (actual.amount !== amount)
      violations.push(`payment ${key} of ${owner} is recorded with ${amount} of ${actual.amount} sat`);
    if (actual.script !== script) violations.push(`payment ${key} pays another address than that of ${owner}`);
  };
  for (const { terms, payments } of stored.orders)
    for (const { outPoint, amount, place } of payments)
      check(outPointKey(outPoint), `order ${terms.id}`, terms.script, amount, place);
  for (const { outPoint, script, amount, place } of stored.unassigned)
    check(outPointKey(outPoint), `the unassigned payments`, script, amount, place);

  const orderOf = new Map<string, string>(stored.orders.map(({ terms }) => [terms.script, terms.id]));
  const handedOut = new Set(ledger.orders.map(({ address }) => wallet.scriptAt(wallet.indexOf(address)) as string));
  for (const [key, { script, amount, place }] of truth.outputs) {
    const owner = recorded.get(key);
    const order = orderOf.get(script);
    const what = `payment ${key} of ${amount} sat, ${place}, to ${order === undefined ? 'an order that is lost' : `order ${order}`}`;
    if (owner === undefined) {
      if (order !== undefined || handedOut.has(script)) violations.push(`${what}, is not recorded`);
    } else if (order !== undefined && owner !== `order ${order}`) violations.push(`${what}, is recorded in ${owner}`);
  }
  return violations;
}

function placeText(place: PaymentPlace): string {
  return place.kind === 'block' ? `block ${place.hash}` : place.kind;
}

/** Orders whose state is not the one that the rules give for their payments. */
function unsettled({ stored, truth, now }: Observed): string[] {
  const violations: string[] = [];
  if (stored.tip?.hash !== truth.tip) violations.push(`the stored tip is ${stored.tip?.hash}, and the node's is ${truth.tip}`);
  const at = { tipHeight: truth.height, now: epochMs(now), chainReadAt: epochMs(now) };
  for (const order of stored.orders) {
    const { events, order: settled } = settle(order, at);
    if (events.length === 0 && settled.state.status === order.state.status) continue;
    violations.push(
      `order ${order.terms.id} is ${order.state.status}, and should be ${settled.state.status} (${events.join(', ')})`,
    );
  }
  for (const { terms, state } of stored.orders)
    if (state.status === 'expired' && state.expiredAt < terms.expiresAt)
      violations.push(`order ${terms.id} expired before its time`);
  return violations;
}

/** Events that do not lead to the state of their order, that were not delivered, or not in their order. */
function wrongEvents({ stored, arrivals, lost }: Observed): string[] {
  const violations: string[] = [];
  const first = new Map<string, { readonly nth: number; readonly arrival: Arrival }>();
  arrivals.forEach((arrival, nth) => {
    const known = first.get(arrival.id);
    if (known === undefined) first.set(arrival.id, { nth, arrival });
    else if (known.arrival.body !== arrival.body) violations.push(`event ${arrival.id} arrived with two contents`);
  });
  const eventsOf = new Map<string, StoredEvent[]>();
  for (const event of stored.events) eventsOf.set(event.orderId, [...(eventsOf.get(event.orderId) ?? []), event]);
  for (const { terms, state } of stored.orders) {
    const own = eventsOf.get(terms.id) ?? [];
    const story = own.map(({ event }) => event.replace('payment.', '')).filter((event) => event !== 'overpaid');
    if (!EVENTS_BEFORE[state.status].test(story.join(' ')))
      violations.push(`order ${terms.id} is ${state.status}, and was reported as: ${story.join(' ')}`);
    let before = -1;
    for (const { id, event } of own) {
      const { nth } = first.get(id) ?? {};
      if (nth === undefined) violations.push(`event ${id} (${event}) of order ${terms.id} never arrived`);
      else if (nth < before) violations.push(`event ${id} (${event}) of order ${terms.id} arrived before an earlier one`);
      before = nth ?? before;
    }
  }
  const known = new Set(stored.events.map(({ id }) => id));
  for (const { id, orderId, event, at } of arrivals)
    if (!known.has(id) && !mayBeLost(lost, { sentAt: at - EVENT_AGE_MS, answeredAt: at + EVENT_AGE_MS }))
      violations.push(`event ${id} (${event}) of order ${orderId} arrived, and is not stored`);
  return violations;
}

/** An event that a failover has lost may have been stored this long before it arrived, and arrive this long after. */
const EVENT_AGE_MS = 60_000;

/** Terms that do not grow, and writes of a process that did not lead at their commit. */
function staleTerms({ stored: { terms, writes } }: Observed): string[] {
  const violations = writes.map(
    ({ by, term, leader }) => `${by} moved the chain or a payment in term ${term}, which ${leader ?? 'nobody'} had begun`,
  );
  terms.forEach(({ term, by }, nth) => {
    const before = terms[nth - 1];
    if (before !== undefined && term <= before.term) violations.push(`${by} began term ${term} after term ${before.term}`);
  });
  return violations;
}

/** Acknowledged orders that are not stored: a failover may have lost them. */
export function missingOrders(stored: Pick<Stored, 'orders'>, ledger: Pick<Ledger, 'orders'>): AcknowledgedOrder[] {
  const ids = new Set<string>(stored.orders.map(({ terms }) => terms.id));
  return ledger.orders.filter(({ id }) => !ids.has(id));
}
