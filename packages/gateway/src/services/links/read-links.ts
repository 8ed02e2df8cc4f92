/** Reads payment links with their places, and their orders. */
import type { LinkId, OrderId } from '../../kernel/ids.ts';
import type { LinkPlaces } from '../../links/availability.ts';
import type { PaymentLink } from '../../links/payment-link.ts';
import { readLinkName } from '../../links/read-terms.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Order } from '../../orders/order.ts';
import type { LinkQuery } from '../../store/ports/links/link-store.ts';
import type { StoreContext } from '../context.ts';

export interface LinkWithPlaces {
  readonly link: PaymentLink;
  readonly places: LinkPlaces;
}

const NO_PLACES: LinkPlaces = { paid: 0, open: 0 };

/** One page of links, and where the next one begins; undefined on the last page. */
export async function listLinks(
  { store }: Pick<StoreContext, 'store'>,
  query: LinkQuery,
): Promise<{ readonly links: readonly LinkWithPlaces[]; readonly next: LinkId | undefined }> {
  const found = await store.links.list({ ...query, limit: query.limit + 1 });
  const links = found.slice(0, query.limit);
  const places = await store.links.places(links.map(({ id }) => id));
  return {
    links: links.map((link) => ({ link, places: places.get(link.id) ?? NO_PLACES })),
    next: found.length > links.length ? links.at(-1)?.id : undefined,
  };
}

export async function placesOf({ store }: Pick<StoreContext, 'store'>, { id }: Pick<PaymentLink, 'id'>): Promise<LinkPlaces> {
  return (await store.links.places([id])).get(id) ?? NO_PLACES;
}

/** Finds a link by the name in its URL, with its POS. */
export async function findLink(
  { store }: Pick<StoreContext, 'store'>,
  name: string,
): Promise<{ readonly link: PaymentLink; readonly pos: Pos } | undefined> {
  const known = readLinkName(name);
  const link = known && (await store.links.byName(known));
  const pos = link ? await store.pos.get(link.posId) : undefined;
  return link && pos ? { link, pos } : undefined;
}

/** One page of the orders of a link, the newest first. */
export async function listLinkOrders(
  { store }: Pick<StoreContext, 'store'>,
  id: LinkId,
  page: { readonly before: OrderId | undefined; readonly limit: number },
): Promise<{ readonly orders: readonly Order[]; readonly next: OrderId | undefined }> {
  const found = await store.links.orders(id, { ...page, limit: page.limit + 1 });
  const ids = found.slice(0, page.limit);
  return { orders: await store.orders.getMany(ids), next: found.length > ids.length ? ids.at(-1) : undefined };
}
