/** Parses the query of `GET /payment-order`. */
import { BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import type { OrderQuery } from '../../store/ports/order-store.ts';
import { FieldReader } from '../../http/field-reader.ts';
import { MAX_PAGE_SIZE, MAX_CHARACTERS, MAX_PAGE, DEFAULT_PAGE_SIZE } from '../schemas/limits.ts';

/** @throws ContractError 0001 with the problems of each field. */
export function parseListQuery(query: unknown): Omit<OrderQuery, 'posId'> {
  const read = new FieldReader(query);
  const parsed = {
    blockchainStatus: read.oneOf('status', BLOCKCHAIN_STATUSES),
    reference: read.text('reference', MAX_CHARACTERS),
    page: read.integer('page', 0, 0, MAX_PAGE),
    pageSize: read.integer('page_size', DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE),
    sortBy: read.oneOf('sort_by', ['created_at', 'amount']) ?? 'created_at',
    sortOrder: read.oneOf('sort_order', ['asc', 'desc']) ?? 'desc',
  };
  read.throwIfWrong();
  return parsed;
}
