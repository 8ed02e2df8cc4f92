import { blockchainStatus } from '@webpos/order-rules';
import { problemOf } from '../checks/check-fields.ts';
import { TEXT_RULE } from '../checks/value-rules.ts';
import { BLOCKCHAIN_STATUSES, type PaymentOrderList } from '../wire/index.ts';
import { invalid } from './fake-creation.ts';
import { type FakeOrder, TIP_HEIGHT } from './fake-order.ts';
import { orderRetrieval } from './order-wire.ts';

/** Answers `GET /payment-order`. @throws FakeError 0001 with the problems of the query by field. */
export function listOrders(orders: readonly FakeOrder[], query: URLSearchParams, nowMs: number): PaymentOrderList {
  const { status, reference, page, pageSize, sortBy, sortOrder } = parseQuery(query);
  const found = orders.filter(
    (order) =>
      (status === undefined || blockchainStatus(order, TIP_HEIGHT) === status) &&
      (reference === null || order.reference === reference),
  );
  const key = (order: FakeOrder): number => (sortBy === 'amount' ? Number(order.terms.amount) : order.createdAtMs);
  // Stable: equal orders stay in the order of creation.
  const sorted = found.toSorted((a, b) => key(a) - key(b));
  if (sortOrder === 'desc') sorted.reverse();
  const shown = sorted.slice(page * pageSize, (page + 1) * pageSize);
  return {
    total_items: found.length,
    total_pages: Math.ceil(found.length / pageSize),
    paymentorders: shown.map((order) => orderRetrieval(order, nowMs)),
  };
}

interface Query {
  status: string | undefined;
  /** Null for any. */
  reference: string | null;
  page: number;
  pageSize: number;
  sortBy: string;
  sortOrder: string;
}

function parseQuery(query: URLSearchParams): Query {
  const errors: Record<string, string[]> = {};
  const oneOf = (field: string, allowed: readonly string[]): string | undefined => {
    const value = query.get(field) ?? undefined;
    if (value !== undefined && !allowed.includes(value)) errors[field] = [`must be one of ${allowed.join(', ')}`];
    return value;
  };
  const integer = (field: string, fallback: number, min: number, max: number): number => {
    const value = query.get(field) ?? String(fallback);
    const isValid = /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max;
    if (!isValid) errors[field] = [`must be a whole number from ${min} to ${max}`];
    return Number(value);
  };
  const text = (field: string): string | null => {
    const value = query.get(field);
    const problem = problemOf(value, TEXT_RULE);
    if (problem !== undefined) errors[field] = [problem];
    return value;
  };
  const parsed = {
    status: oneOf('status', BLOCKCHAIN_STATUSES),
    reference: text('reference'),
    page: integer('page', 0, 0, 1_000_000),
    pageSize: integer('page_size', 20, 1, 40),
    sortBy: oneOf('sort_by', ['created_at', 'amount']) ?? 'created_at',
    sortOrder: oneOf('sort_order', ['asc', 'desc']) ?? 'desc',
  };
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return parsed;
}
