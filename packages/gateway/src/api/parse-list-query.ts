/** The query of `GET /payment-order`, checked field by field. */
import { BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import type { OrderQuery } from '../store/ports.ts';
import { FieldReader } from './field-reader.ts';
import { MOST_A_PAGE, MOST_PAGE, USUAL_PAGE_SIZE } from './schemas/limits.ts';

/** @throws ContractError 0001 with what is wrong by field. */
export function parseListQuery(query: unknown): Omit<OrderQuery, 'posId'> {
  const read = new FieldReader(query);
  const parsed = {
    blockchainStatus: read.oneOf('status', BLOCKCHAIN_STATUSES),
    page: read.integer('page', 0, 0, MOST_PAGE),
    pageSize: read.integer('page_size', USUAL_PAGE_SIZE, 1, MOST_A_PAGE),
    sortBy: read.oneOf('sort_by', ['created_at', 'amount']) ?? 'created_at',
    sortOrder: read.oneOf('sort_order', ['asc', 'desc']) ?? 'desc',
  };
  read.throwIfWrong();
  return parsed;
}
