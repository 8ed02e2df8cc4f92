/**
 * Decides whose payment an output is: an order's, or nobody's. An order owns an output that pays its address and that the gateway had
 * not stored before the order was created. What pays an address that no order has is unassigned, raises the account's index beyond that
 * address in the same transaction, and stays unassigned whatever the chain does: it is never an order's payment.
 */
import type { Match } from '../../chain/view/match.ts';
import { outPointKey, type ScriptHex } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { SkippedRange } from '../../merchants/account.ts';
import type { PaymentPlace } from '../../orders/order.ts';
import type { UnassignedPayment } from '../../orders/unassigned-payment.ts';
import type { OwnedAddress } from '../../store/ports/address-store.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/** Where an output that pays us was seen. */
export interface Sighting {
  readonly match: Match;
  readonly place: PaymentPlace;
}

export interface Assigned {
  readonly ofOrders: readonly { readonly orderId: OrderId; readonly sighting: Sighting }[];
  /** Unassigned payments that were not known before. */
  readonly newlyUnassigned: readonly UnassignedPayment[];
  readonly skipped: readonly SkippedRange[];
}

export async function assignSightings(
  tx: StoreTransaction,
  sightings: readonly Sighting[],
  { readAt, now }: { readonly readAt: EpochMs; readonly now: EpochMs },
): Promise<Assigned> {
  const assigned = { ofOrders: [] as Assigned['ofOrders'][number][], newlyUnassigned: [] as UnassignedPayment[] };
  if (sightings.length === 0) return { ...assigned, skipped: [] };
  const scripts = [...new Set(sightings.map(({ match }) => match.script))];
  // In this order: an address leaves the pool only after its order is stored, so one of the two always has it.
  const pool = new Map((await tx.addresses.ownersOf(scripts)).map((owned) => [owned.script, owned]));
  const { orders, skipped } = await ownersAfterRaise(tx, scripts, pool, now);
  const unassigned = await tx.unassigned.among(sightings.map(({ match }) => match.outPoint));
  for (const sighting of sightings) {
    const { match, place } = sighting;
    const orderId = orders.get(match.script);
    const owned = pool.get(match.script);
    if (unassigned.has(outPointKey(match.outPoint))) await tx.unassigned.setPlace(match.outPoint, place);
    else if (orderId !== undefined) assigned.ofOrders.push({ orderId, sighting });
    else if (owned !== undefined) {
      const payment = unassignedPayment(owned, sighting, readAt);
      if (await tx.unassigned.place(payment)) assigned.newlyUnassigned.push({ ...payment, acknowledged: null });
    }
    // The index in memory may hold a script of which nothing was stored; the store has the last word.
  }
  return { ...assigned, skipped };
}

/**
 * The orders that have the scripts. Where none has one, its account's index is raised past it first, which keeps new orders from it
 * and waits for one that is being stored: whether that has it, is then asked once more.
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
  // Sorted, so that two transactions never wait for each other's rows; the highest index of an account first, so that one range is skipped.
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
