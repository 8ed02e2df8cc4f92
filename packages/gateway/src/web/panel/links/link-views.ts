/** The data of the panel's pages of payment links. */
import { numbersOf, type LinkDetailsView, type LinkFormView, type LinksView, type PanelLink, type Reader } from '@webpos/web';
import { isoDate } from '../../../kernel/clock.ts';
import { isUuidV4, type LinkId, type OrderId } from '../../../kernel/ids.ts';
import { availability } from '../../../links/availability.ts';
import type { PaymentLink } from '../../../links/payment-link.ts';
import type { Pos } from '../../../merchants/pos.ts';
import { formatFiatAmount } from '../../../orders/fiat.ts';
import { seesPos, type Viewer } from '../../../people/viewer.ts';
import type { OrderReadContext } from '../../../services/context.ts';
import { linkJson, linkTermsJson } from '../../../services/links/link-json.ts';
import { listLinkOrders, listLinks, placesOf, type LinkWithPlaces } from '../../../services/links/read-links.ts';
import type { PageRequest } from '../panel-router.ts';

const PAGE_SIZE = 25;

export async function linksView(context: OrderReadContext, { query, viewer, frame }: PageRequest): Promise<LinksView> {
  const before = idIn<LinkId>(query['before']);
  const { links, next } = await listLinks(context, { posIds: posIdsOf(viewer), before, limit: PAGE_SIZE });
  const shops = await context.store.pos.list();
  return {
    ...(await frame()),
    links: links.map((each) =>
      panelLink(
        context,
        each,
        shops.find(({ id }) => id === each.link.posId),
      ),
    ),
    next: next ?? null,
    isFirst: before === undefined,
  };
}

/** Returns the view of a link; undefined if it does not exist, or not for this viewer. */
export async function detailsView(context: OrderReadContext, page: PageRequest): Promise<LinkDetailsView | undefined> {
  const link = await linkInScope(context, page);
  if (link === undefined) return undefined;
  const { orders, next } = await listLinkOrders(context, link.id, {
    before: idIn<OrderId>(page.query['before']),
    limit: PAGE_SIZE,
  });
  return {
    ...(await page.frame()),
    link: await panelLinkOf(context, link),
    orders: orders.map(({ terms, state }) => ({
      uuid: terms.id,
      createdAt: isoDate(terms.createdAt),
      amount: formatFiatAmount(terms.fiat),
      currency: terms.fiat.currency,
      status: state.status,
    })),
    next: next ?? null,
  };
}

/** Returns the link in the path; undefined if it does not exist, or not for this viewer. */
export async function linkInScope(
  { store }: Pick<OrderReadContext, 'store'>,
  { params, viewer }: Pick<PageRequest, 'params' | 'viewer'>,
): Promise<PaymentLink | undefined> {
  const id = idIn<LinkId>(params['link']);
  const link = id && (await store.links.get(id));
  return link && seesPos(viewer, link.posId) ? link : undefined;
}

export function posIdsOf({ posIds }: Pick<Viewer, 'posIds'>): LinkQueryPos {
  return posIds === undefined ? undefined : [...posIds];
}
type LinkQueryPos = Parameters<typeof listLinks>[1]['posIds'];

export async function panelLinkOf(context: OrderReadContext, link: PaymentLink): Promise<PanelLink> {
  return panelLink(context, { link, places: await placesOf(context, link) }, await context.store.pos.get(link.posId));
}

function panelLink({ publicUrl, clock }: OrderReadContext, { link, places }: LinkWithPlaces, pos: Pos | undefined): PanelLink {
  const json = linkJson(link, publicUrl, places);
  return {
    uuid: json.uuid,
    name: json.name,
    url: json.url,
    title: json.title,
    description: json.description,
    posName: pos?.name ?? json.pos,
    currency: json.currency,
    amount: json.amount,
    minAmount: json.min_amount,
    maxAmount: json.max_amount,
    quantity: json.quantity,
    expiresAt: json.expires_at,
    takesNote: json.takes_note,
    active: json.active,
    state: pos === undefined ? 'disabled' : availability(link, pos, places, clock.now()),
    paid: json.paid,
    open: json.open,
  };
}

/** A link's terms as its form shows them, with amounts as they are written in the reader's region. */
export function typedOf(link: PaymentLink, reader: Reader): LinkFormView['typed'] {
  const { decimal } = numbersOf(reader.locale);
  const json = linkTermsJson(link);
  const amount = (text: string | null): string => (text ?? '').replace('.', decimal);
  return {
    title: json.title,
    description: json.description ?? '',
    amount: amount(json.amount),
    min_amount: amount(json.min_amount),
    max_amount: amount(json.max_amount),
    quantity: json.quantity === null ? '' : String(json.quantity),
    // A form has no seconds and no zone.
    expires_at: json.expires_at?.slice(0, 16) ?? '',
    takes_note: json.takes_note ? '1' : '',
  };
}

function idIn<T extends LinkId | OrderId>(text: string | undefined): T | undefined {
  return text !== undefined && isUuidV4(text) ? (text as T) : undefined;
}
