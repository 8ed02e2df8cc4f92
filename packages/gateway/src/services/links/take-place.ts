/**
 * Takes the places of a link. A place is taken before its order is created, with the link locked, so that no two requests take the last
 * one, in this process or another. An order that expires or is cancelled gives its place back.
 */
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { MINUTE_MS } from '../../kernel/durations.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { availability, type Availability, type LinkPlaces } from '../../links/availability.ts';
import type { PaymentLink } from '../../links/payment-link.ts';
import type { UnsettledPlace } from '../../store/ports/links/link-store.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/**
 * Orders of a link that wait for a payment, at most. Each has an address of its own, and a wallet that is restored from its seed looks
 * only 20 unused addresses ahead (BIP 44, "Address gap limit").
 */
const MAX_UNPAID = 20;
/** Orders of a link that wait for a payment or its confirmations, at most. */
const MAX_UNSETTLED = 500;
/** After this time, a place without an order is given up: the process that took it was killed. */
const CREATION_MS = 2 * MINUTE_MS;

export type Taken =
  | { readonly kind: 'taken' }
  /** The same request has an order. */
  | { readonly kind: 'ordered'; readonly orderId: OrderId }
  | { readonly kind: 'unavailable'; readonly why: Exclude<Availability, 'available'> }
  /** Too many orders of the link wait. */
  | { readonly kind: 'busy' };

/** The key under which the order of a place is created: `createOrder` finds the order of a repeated request by it. */
export function creationKey({ id }: Pick<PaymentLink, 'id'>, key: string): string {
  // No client can send it, because it contains a space.
  return `link ${id} ${key}`;
}

/** Takes a place for a request. The same request does not take a second one. */
export async function takePlace(
  tx: StoreTransaction,
  { id, posId }: Pick<PaymentLink, 'id' | 'posId'>,
  key: string,
  now: EpochMs,
): Promise<Taken> {
  const link = await tx.links.lock(id);
  const pos = await tx.pos.get(posId);
  if (link === undefined || pos === undefined) return { kind: 'unavailable', why: 'disabled' };
  const known = await tx.links.place(id, key);
  if (known !== undefined) return known.orderId === null ? { kind: 'taken' } : { kind: 'ordered', orderId: known.orderId };
  const { unsettled, unpaid, ...places } = await settlePlaces(tx, link, now);
  const available = availability(link, pos, places, now);
  if (available !== 'available') return { kind: 'unavailable', why: available };
  if (unpaid >= MAX_UNPAID || unsettled >= MAX_UNSETTLED) return { kind: 'busy' };
  await tx.links.takePlace({ linkId: id, key, orderId: null, takenAt: now });
  return { kind: 'taken' };
}

/**
 * Notes the order of a place. Returns false if the place was given up meanwhile and no other is left: the order must be cancelled then.
 */
export async function fillPlace(
  tx: StoreTransaction,
  link: Pick<PaymentLink, 'id' | 'posId'>,
  key: string,
  orderId: OrderId,
  now: EpochMs,
): Promise<boolean> {
  await tx.links.lock(link.id);
  if ((await tx.links.place(link.id, key)) === undefined && (await takePlace(tx, link, key, now)).kind !== 'taken') return false;
  await tx.links.setOrder(link.id, key, orderId);
  return true;
}

interface CountedPlaces extends LinkPlaces {
  readonly unsettled: number;
  /** Places whose order waits for a payment. */
  readonly unpaid: number;
}

/** Settles the places whose orders have ended, and counts all. Call it with the link locked. */
async function settlePlaces(tx: StoreTransaction, link: PaymentLink, now: EpochMs): Promise<CountedPlaces> {
  const places = await tx.links.unsettledPlaces(link.id, MAX_UNSETTLED);
  await giveUpStale(tx, link, places, now);
  const ended = places.filter(({ status }) => status !== null && status !== 'pending');
  const paid = ended.filter(({ status }) => status !== 'expired' && status !== 'cancelled');
  await tx.links.settlePlaces(
    link.id,
    ended.map(({ key }) => key),
    paid.length,
  );
  const counted = (await tx.links.places([link.id])).get(link.id) ?? { paid: 0, open: 0 };
  const waiting = places.filter(({ status }) => status === null || status === 'pending');
  return { ...counted, unsettled: waiting.length, unpaid: waiting.filter(({ isCovered }) => !isCovered).length };
}

/** Finds the orders of places whose process was killed before it noted them, and gives up places for which none was created. */
async function giveUpStale(
  tx: StoreTransaction,
  link: PaymentLink,
  places: readonly UnsettledPlace[],
  now: EpochMs,
): Promise<void> {
  const stale = places.filter(({ orderId, takenAt }) => orderId === null && takenAt < plusMs(now, -CREATION_MS));
  if (stale.length === 0) return;
  const uses = await tx.idempotency.find(stale.map(({ key }) => ({ posId: link.posId, key: creationKey(link, key) })));
  const orders = new Map(uses.map(({ key, orderId }) => [key, orderId]));
  const lost: string[] = [];
  for (const { key } of stale) {
    const orderId = orders.get(creationKey(link, key));
    if (orderId === undefined) lost.push(key);
    else await tx.links.setOrder(link.id, key, orderId);
  }
  await tx.links.deletePlaces(link.id, lost);
}
