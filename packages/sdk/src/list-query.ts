import { integer, oneOf, optional, refuseWrong, word } from './check.ts';
import type { BlockchainStatus } from './wire/index.ts';

/** Which orders to list, and in what order. */
export interface PaymentOrderFilter {
  /** Only those of which the chain says this; default: all. */
  status?: BlockchainStatus | undefined;
  /** Orders on a page, 1 to 40; default: 20. */
  pageSize?: number | undefined;
  /** Default: `created_at`. */
  sortBy?: 'created_at' | 'amount' | undefined;
  /** Default: `desc`, the newest or the largest first. */
  sortOrder?: 'asc' | 'desc' | undefined;
}

/** One page of the list. */
export interface PaymentOrderQuery extends PaymentOrderFilter {
  /** Counted from 0; default: 0. */
  page?: number | undefined;
}

/**
 * Writes the query of `GET /payment-order`.
 *
 * @returns `?` and the query, or an empty text.
 * @throws ValidationError with `errors` by the field's name on the wire, such as `page_size`.
 */
export function listQuery({ status, page, pageSize, sortBy, sortOrder }: PaymentOrderQuery): string {
  const fields = { status, page, page_size: pageSize, sort_by: sortBy, sort_order: sortOrder };
  refuseWrong('GET', '/payment-order', {
    status: optional(status, word),
    page: optional(page, integer(0)),
    page_size: optional(pageSize, integer(1, 40)),
    sort_by: optional(sortBy, oneOf(['created_at', 'amount'])),
    sort_order: optional(sortOrder, oneOf(['asc', 'desc'])),
  });
  // Checked: what is there needs no escaping.
  const given = Object.entries(fields).filter(([, value]) => value != null);
  return given.length === 0 ? '' : `?${given.map((field) => field.join('=')).join('&')}`;
}
