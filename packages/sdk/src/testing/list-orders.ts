import { blockchainStatus } from '@webpos/order-rules';
import { LIST_RULES } from '../calls/list-query.ts';
import { problemsOf } from '../checks/check-fields.ts';
import { oneOfRule } from '../checks/value-rules.ts';
import { BLOCKCHAIN_STATUSES, type PaymentOrderList } from '../wire/index.ts';
import { refuseInvalid } from './fake-error.ts';
import { type FakeOrder, TIP_HEIGHT } from './fake-order.ts';
import { orderRetrieval } from './order-wire.ts';

/** Answers `GET /payment-order`. @throws FakeError 0001 with the problems of the query by field. */
export function listOrders(orders: readonly FakeOrder[], query: URLSearchParams, nowMs: number): PaymentOrderList {
  const given = {
    status: query.get('status'),
    reference: query.get('reference'),
    page: numberOf(query.get('page') ?? '0'),
    pageSize: numberOf(query.get('page_size') ?? '20'),
    sortBy: query.get('sort_by'),
    sortOrder: query.get('sort_order'),
  };
  refuseInvalid(problemsOf(given, { name: 'query', rules: RULES, isOpen: false }));
  const { status, reference, sortBy, sortOrder } = given;
  const [page, pageSize] = [Number(given.page), Number(given.pageSize)];
  const found = orders.filter(
    (order) =>
      (status === null || blockchainStatus(order, TIP_HEIGHT) === status) &&
      (reference === null || order.reference === reference),
  );
  const key = (order: FakeOrder): number => (sortBy === 'amount' ? Number(order.terms.amount) : order.createdAtMs);
  // Stable: equal orders stay in the order of creation.
  const sorted = found.toSorted((a, b) => key(a) - key(b));
  if (sortOrder !== 'asc') sorted.reverse();
  const shown = sorted.slice(page * pageSize, (page + 1) * pageSize);
  return {
    total_items: found.length,
    total_pages: Math.ceil(found.length / pageSize),
    paymentorders: shown.map((order) => orderRetrieval(order, nowMs)),
  };
}

/** Unlike a client, a server knows which statuses there are. */
const RULES = { ...LIST_RULES, status: oneOfRule(...BLOCKCHAIN_STATUSES) };

/** The number that a query gives; other text as it is. */
function numberOf(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}
