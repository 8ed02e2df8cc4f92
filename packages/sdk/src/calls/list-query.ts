import { checkFields, wireName } from '../checks/check-fields.ts';
import { integerRule, isContractName, oneOfRule, type Rules, TEXT_RULE } from '../checks/value-rules.ts';
import type { BlockchainStatus } from '../wire/index.ts';

/** Which orders to list, and in which order. */
export interface PaymentOrderFilter {
  /** Lists only orders with this `blockchain_status`. Default: all. */
  status?: BlockchainStatus | undefined;
  /**
   * Lists only orders with exactly this `reference`, at most 300 characters. Default: all. Only a WebPOS gateway supports it; the
   * public platform ignores it and returns all orders.
   */
  reference?: string | undefined;
  /** Orders per page, 1 to 40. Default: 20. */
  pageSize?: number | undefined;
  /** Default: `created_at`. */
  sortBy?: 'created_at' | 'amount' | undefined;
  /** Default: `desc`, the newest or the largest first. */
  sortOrder?: 'asc' | 'desc' | undefined;
}

/** One page of the list. */
export interface PaymentOrderQuery extends PaymentOrderFilter {
  /** The number of the page, from 0. Default: 0. */
  page?: number | undefined;
}

/** The rules of a list query. */
export const LIST_RULES: Rules<PaymentOrderQuery> = {
  status: [isContractName, 'a name of the contract'],
  reference: TEXT_RULE,
  page: /* @__PURE__ */ integerRule(0),
  pageSize: /* @__PURE__ */ integerRule(1, 40),
  sortBy: /* @__PURE__ */ oneOfRule('created_at', 'amount'),
  sortOrder: /* @__PURE__ */ oneOfRule('asc', 'desc'),
};

/**
 * Makes the query string of `GET /payment-order`.
 *
 * @returns `?` and the query, or an empty string.
 * @throws ValidationError with `errors` by the field's name on the wire, such as `page_size`.
 */
export function listQuery(query: PaymentOrderQuery): string {
  checkFields(query, { method: 'GET', path: '/payment-order', name: 'query', rules: LIST_RULES, isOpen: false });
  const given = (Object.keys(LIST_RULES) as (keyof PaymentOrderQuery)[]).filter((field) => query[field] != null);
  // Not encodeURIComponent, which throws on a lone surrogate.
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map((field) => [wireName(field), String(query[field])]))}`;
}
