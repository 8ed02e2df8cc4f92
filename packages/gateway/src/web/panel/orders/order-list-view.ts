/** The data of the list of orders. */
import type { OrdersView, OrderStatusName, PanelOrder } from '@webpos/web';
import { BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import { isoDate, type EpochMs } from '../../../kernel/clock.ts';
import { isUuidV4, type OrderId, type PosId } from '../../../kernel/ids.ts';
import { satsBeyond, satsToBtc } from '../../../kernel/sats.ts';
import { parseDay, plusDays } from '../../../kernel/time/day.ts';
import type { Zone } from '../../../kernel/time/zone.ts';
import { attention } from '../../../orders/attention.ts';
import { formatFiatAmount } from '../../../orders/fiat.ts';
import { receivedLate } from '../../../orders/late-payments.ts';
import type { Order } from '../../../orders/order.ts';
import { blockchainStatus, surplus, tally } from '../../../orders/rules.ts';
import type { Pos } from '../../../merchants/pos.ts';
import { seesPos } from '../../../people/viewer.ts';
import type { StoreContext } from '../../../services/context.ts';
import { PosDays } from '../../../services/merchants/pos-days.ts';
import { searchOrders, type OrderFilters, type OrdersPage } from '../../../services/orders/search-orders.ts';
import type { Network } from '../../../kernel/chain.ts';
import type { PageRequest } from '../panel-router.ts';
import { unassignedView } from './unassigned-view.ts';

export interface OrderListOptions {
  readonly context: StoreContext & { readonly network: Network };
}

const PAGE_SIZE = 25;
const MAX_TEXT = 300;
const NO_ORDERS: OrdersPage = { orders: [], tipHeight: 0, older: undefined, newer: undefined, isCutOff: false };

/** @param page The filters are in its query. An impossible value matches nothing. */
export async function ordersView({ context }: OrderListOptions, { query, viewer, frame }: PageRequest): Promise<OrdersView> {
  const days = await PosDays.read(context.store);
  const shops = (await context.store.pos.list()).filter(({ id }) => seesPos(viewer, id));
  const names = new Map<PosId, string>(shops.map(({ id, name }) => [id, name]));
  const asked = readFilters(query, (pos) => zoneOf(days, shops, pos));
  const found = asked.filters === undefined ? undefined : await searchOrders(context, viewer, asked.filters);
  const { orders, tipHeight, older, newer, isCutOff } = found ?? NO_ORDERS;
  return {
    ...(await frame()),
    orders: orders.map((order) => panelOrder(order, tipHeight, names)),
    filters: asked.shown,
    pos: shops.map(({ id, name }) => ({ uuid: id, name })),
    timeZone: asked.zone.name,
    isTodayOnly: viewer.onlyToday,
    older: older ?? null,
    newer: newer ?? null,
    isCutOff,
    // They belong to no POS.
    unassigned: asked.shown.attention !== '' && viewer.posIds === undefined ? await unassignedView(context.store) : [],
  };
}

/** The days of a POS that is asked for, or of all that the viewer sees if they agree; otherwise those of UTC. */
function zoneOf(days: PosDays, shops: readonly Pos[], asked: string): Zone {
  const one = shops.filter(({ id }) => id === asked);
  return days.commonZone((one.length > 0 ? one : shops).map(({ id }) => id));
}

interface AskedFilters {
  /** Whose days are meant. */
  readonly zone: Zone;
  readonly shown: OrdersView['filters'];
  /** Undefined if a value is impossible. */
  readonly filters: OrderFilters | undefined;
}

function readFilters(query: PageRequest['query'], zoneOfPos: (pos: string) => Zone): AskedFilters {
  const text = (name: string): string => {
    const value: unknown = query[name];
    return typeof value === 'string' ? value.replaceAll('\0', '').trim().slice(0, MAX_TEXT) : '';
  };
  const q = text('q');
  const status = BLOCKCHAIN_STATUSES.find((one) => one === text('status'));
  const [pos, from, to] = [text('pos'), text('from'), text('to')];
  const zone = zoneOfPos(pos);
  const [firstDay, lastDay] = [parseDay(from), parseDay(to)];
  const [before, after] = [text('before'), text('after')];
  const needsAttention = text('attention') !== '';
  const shown: OrdersView['filters'] = {
    q,
    status: status ?? '',
    pos,
    from: firstDay === undefined ? '' : from,
    to: lastDay === undefined ? '' : to,
    attention: needsAttention ? '1' : '',
  };
  if (![pos, before, after].every((id) => id === '' || isUuidV4(id))) return { zone, shown, filters: undefined };
  const orNone = <Id extends string>(id: string): Id | undefined => (id === '' ? undefined : (id as Id));
  return {
    zone,
    shown,
    filters: {
      text: q === '' ? undefined : q,
      posId: orNone<PosId>(pos),
      blockchainStatus: status,
      needsAttention,
      since: firstDay === undefined ? undefined : zone.startOf(firstDay),
      until: lastDay === undefined ? undefined : zone.startOf(plusDays(lastDay, 1)),
      before: orNone<OrderId>(before),
      after: before === '' ? orNone<OrderId>(after) : undefined,
      limit: PAGE_SIZE,
    },
  };
}

export function panelOrder(order: Order, tipHeight: number, names: ReadonlyMap<PosId, string>): PanelOrder {
  const { terms } = order;
  return {
    uuid: terms.id,
    createdAt: isoDate(terms.createdAt),
    posName: names.get(terms.posId) ?? terms.posId,
    amountFiat: formatFiatAmount(terms.fiat),
    currency: terms.fiat.currency,
    amountBtc: satsToBtc(terms.amount),
    status: blockchainStatus(order, tipHeight) satisfies OrderStatusName,
    attention: panelAttention(order, tipHeight),
    reference: terms.reference,
  };
}

function panelAttention(order: Order, tipHeight: number): PanelOrder['attention'] {
  const kind = attention(order, tipHeight);
  if (kind === undefined) return null;
  const sums = tally(order, tipHeight);
  const late = receivedLate(order);
  switch (kind) {
    case 'late':
      return { kind, amountBtc: satsToBtc(late > 0n ? late : sums.seen) };
    case 'partial':
      return { kind, amountBtc: satsToBtc(sums.seen) };
    case 'surplus':
      return { kind, amountBtc: satsToBtc(surplus(order, sums)) };
    case 'disputed':
      return { kind, amountBtc: satsToBtc(satsBeyond(order.terms.amount, sums.confirmed)) };
  }
}

export const dateOrNull = (at: EpochMs | null | undefined): string | null => (at == null ? null : isoDate(at));
