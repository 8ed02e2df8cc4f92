/**
 * Decides whether an output is an order's payment or unassigned. It is an order's if it pays the order's address and was not stored before
 * the order was created. An output to an address without an order is unassigned. It raises the account's next index past that address in
 * the same transaction, and stays unassigned whatever the chain does.
 */
import type { Match } from '../../chain/view/match.ts';
import { outPointKey, type ScriptHex } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { SkippedRange } from '../../merchants/account.ts';
import type { PaymentPlace } from '../../orders/order.ts';
import type { UnassignedPayment } from '../../orders/unassigned-payment.ts';
import type { OwnedAddress } from '../../store/ports/address-store.ts';
import type { StoredPlace } from '../../store/ports/payment-places.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { MovedPayment } from './place-unconfirmed.ts';

/** An output to one of our addresses, and where it was seen. */
export interface Sighting {
  readonly match: Match;
  readonly place: PaymentPlace;
}

export interface Assigned {
  readonly toOrders: readonly { readonly orderId: OrderId; readonly sighting: Sighting }[];
  /** Unassigned payments that were not stored before. */
  readonly newlyUnassigned: readonly UnassignedPayment[];
  readonly skipped: readonly SkippedRange[];
}

export interface AssignedAt {
  readonly readAt: EpochMs;
  readonly now: EpochMs;
  /** Whether what is stored already keeps its place (`record-first.ts`). */
  readonly keepsPlaces?: boolean;
}

export async function assignSightings(
  tx: StoreTransaction,
  sightings: readonly Sighting[],
  { readAt, now, keepsPlaces = false }: AssignedAt,
): Promise<Assigned> {
  const assigned = { toOrders: [] as Assigned['toOrders'][number][], newlyUnassigned: [] as UnassignedPayment[] };
  if (sightings.length === 0) return { ...assigned, skipped: [] };
  const scripts = [...new Set(sightings.map(({ match }) => match.script))];
  // The pool before the orders: an address leaves the pool only after its order is stored, so one of the two has it.
  const pool = new Map((await tx.addresses.ownersOf(scripts)).map((owned) => [owned.script, owned]));
  const { orders, skipped } = await ownersAfterRaise(tx, scripts, pool, now);
  const unassigned = await tx.unassigned.among(sightings.map(({ match }) => match.outPoint));
  for (const sighting of sightings) {
    const { match, place } = sighting;
    const orderId = orders.get(match.script);
    const owned = pool.get(match.script);
    if (unassigned.has(outPointKey(match.outPoint))) await tx.unassigned.setPlace(match.outPoint, place);
    else if (orderId !== undefined) assigned.toOrders.push({ orderId, sighting });
    else if (owned !== undefined) {
      const payment = unassignedPayment(owned, sighting, readAt);
      const isNew = await (keepsPlaces ? tx.unassigned.record(payment) : tx.unassigned.place(payment));
      if (isNew) assigned.newlyUnassigned.push({ ...payment, acknowledged: null });
    }
    // Otherwise the script was in the index in memory but was never stored: the store decides.
  }
  return { ...assigned, skipped };
}

/**
 * Returns the orders that own the scripts. For a script without an order, it first raises the account's next index past the address, so
 * that no new order gets it. This also waits for an order that is being stored, so the orders are read once more.
 */
async function ownersAfterRaise(
  tx: StoreTransaction,
  scripts: readonly ScriptHex[],
  pool: ReadonlyMap<ScriptHex, OwnedAddress>,
  now: EpochMs,
): Promise<{ readonly orders: ReadonlyMap<ScriptHex, OrderId>; readonly skipped: readonly SkippedRange[] }> {
  const orders = await tx.orders.idsByScript(scripts);
  const unowned = [...pool.values()].filter(({ script }) => !orders.has(script));
  const skipped: SkippedRange[] = [];
  // By account, so that two transactions cannot deadlock on the rows; the highest index first, so that an account skips one range.
  unowned.sort((a, b) => a.accountId.localeCompare(b.accountId) || b.index - a.index);
  for (const { accountId, index } of unowned) {
    const range = await tx.accounts.raiseIndex(accountId, index + 1, 'paid', now);
    if (range !== undefined) skipped.push(range);
  }
  if (unowned.length === 0) return { orders, skipped };
  const stored = await tx.orders.idsByScript(unowned.map(({ script }) => script));
  return { orders: new Map([...orders, ...stored]), skipped };
}

function unassignedPayment(
  { accountId, index, address, script }: OwnedAddress,
  { match: { outPoint, amount, normalizedTxid }, place }: Sighting,
  firstSeenAt: EpochMs,
): Omit<UnassignedPayment, 'acknowledged'> {
  return { accountId, addressIndex: index, address, script, outPoint, amount, normalizedTxid, firstSeenAt, place };
}

/** Returns the payments among the sightings that were missing. @param known Those that are stored, before their places change. */
export function seenAgain(known: readonly StoredPlace[], sightings: readonly Sighting[]): MovedPayment[] {
  const places = new Map(sightings.map(({ match, place }) => [outPointKey(match.outPoint), place]));
  return known.flatMap(({ outPoint, orderId, place: before }) => {
    const place = places.get(outPointKey(outPoint));
    return before.kind === 'missing' && place !== undefined ? [{ outPoint, orderId, before, place }] : [];
  });
}
