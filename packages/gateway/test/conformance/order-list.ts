/** Checks the list of orders: its pages, its order, its filters, and its errors. */
import { BLOCKCHAIN_STATUSES, type PaymentOrderList } from '@webpos/sdk/wire';
import { PaymentOrderListSchema } from '../../src/api/schemas/order.ts';
import { checkOrder } from './order-rules.ts';
import type { Probe } from './probe.ts';

const WHERE = 'GET /payment-order';

export interface ListedOrder {
  readonly probe: Probe;
  /** The token of the POS of the order. */
  readonly token: string;
  readonly otherToken: string;
  readonly uuid: string;
  readonly reference: string;
}

/** @param order One of at least two orders of its POS. */
export async function checkList(order: ListedOrder): Promise<void> {
  const all = await list(order, '?page_size=40');
  if (all === undefined) return;
  if (!idsOf(all).includes(order.uuid)) order.probe.found(WHERE, 'an order that was just created is not in the list');
  await checkPages(order, all);
  await checkSorting(order, all);
  await checkStatuses(order, all);
  await checkReferences(order);
  if (idsOf(await list(order, '?page_size=40', order.otherToken)).some((id) => idsOf(all).includes(id)))
    order.probe.found(WHERE, "another POS's order in the list");
  await checkInvalidQueries(order);
}

async function list({ probe, token }: ListedOrder, query: string, by = token): Promise<PaymentOrderList | undefined> {
  const page = await probe.expect(200, PaymentOrderListSchema, 'GET', `/payment-order${query}`, { token: by });
  for (const order of page?.body.paymentorders ?? []) checkOrder(probe, `GET /payment-order${query}`, order);
  return page?.body;
}

function idsOf(page: PaymentOrderList | undefined): string[] {
  return page?.paymentorders.map(({ uuid }) => uuid) ?? [];
}

async function checkPages(order: ListedOrder, all: PaymentOrderList): Promise<void> {
  const { probe } = order;
  probe.same(WHERE, 'total_pages', all.total_pages, Math.ceil(all.total_items / 40));
  probe.same(WHERE, 'orders on the page', all.paymentorders.length, Math.min(40, all.total_items));
  const defaultPage = await list(order, '');
  probe.same(WHERE, 'orders on a page by default', defaultPage?.paymentorders.length, Math.min(20, all.total_items));
  const [first, second] = [await list(order, '?page_size=2'), await list(order, '?page=1&page_size=2')];
  probe.same(WHERE, 'two pages of two', [...idsOf(first), ...idsOf(second)], idsOf(all).slice(0, 4));
  probe.same(WHERE, 'a page after the last', idsOf(await list(order, '?page=1000')), []);
}

async function checkSorting(order: ListedOrder, all: PaymentOrderList): Promise<void> {
  const times = all.paymentorders.map(({ created_at }) => created_at);
  order.probe.same(WHERE, 'the newest first by default', times, [...times].sort().reverse());
  const byAmount = await list(order, '?page_size=40&sort_by=amount&sort_order=asc');
  const amounts = byAmount?.paymentorders.map(({ btc_amount }) => btc_amount) ?? [];
  const sorted = [...amounts].sort((a, b) => a - b);
  order.probe.same(WHERE, 'sorted by amount', amounts, sorted);
}

async function checkStatuses(order: ListedOrder, all: PaymentOrderList): Promise<void> {
  let total = 0;
  for (const status of BLOCKCHAIN_STATUSES) {
    const page = await list(order, `?status=${status}&page_size=40`);
    total += page?.total_items ?? 0;
    for (const { state } of page?.paymentorders ?? [])
      order.probe.same(WHERE, 'blockchain_status of the filter', state.blockchain_status, status);
  }
  order.probe.same(WHERE, 'the sum over all statuses', total, all.total_items);
}

async function checkReferences(order: ListedOrder): Promise<void> {
  const { probe, uuid, reference } = order;
  const query = `?page_size=40&reference=${encodeURIComponent(reference)}`;
  const found = await list(order, query);
  if (!idsOf(found).includes(uuid)) probe.found(WHERE, 'an order is not in the list of its reference');
  for (const other of found?.paymentorders ?? []) probe.same(WHERE, 'reference of the filter', other.reference, reference);
  if (idsOf(await list(order, query, order.otherToken)).includes(uuid))
    probe.found(WHERE, "another POS's order in the list of a reference");
  probe.same(WHERE, 'orders of an unused reference', idsOf(await list(order, '?reference=none%20has%20this')), []);
}

const INVALID_QUERIES = [
  'status=open',
  'status=',
  'page=-1',
  'page=x',
  'page=1.5',
  'page_size=0',
  'page_size=41',
  'sort_by=uuid',
  'sort_order=up',
  'reference=%00',
  `reference=${'x'.repeat(301)}`,
];

async function checkInvalidQueries({ probe, token }: ListedOrder): Promise<void> {
  for (const query of INVALID_QUERIES) {
    const { body } = await probe.refused('0001', 'GET', `/payment-order?${query}`, { token });
    const { errors = {} } = (body ?? {}) as { errors?: object };
    probe.same(WHERE, `errors by field for ${query}`, Object.keys(errors), [query.split('=')[0]]);
  }
}
