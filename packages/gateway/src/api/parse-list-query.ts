/** The query of `GET /payment-order`, checked field by field. */
import { BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import { validationError } from '../services/contract-error.ts';
import type { OrderQuery } from '../store/ports.ts';
import { MOST_A_PAGE, MOST_PAGE, USUAL_PAGE_SIZE } from './schemas/limits.ts';

/** @throws ContractError 0001 with what is wrong by field. */
export function parseListQuery(query: unknown): Omit<OrderQuery, 'posId'> {
  const input = (typeof query === 'object' && query !== null ? query : {}) as Readonly<Record<string, unknown>>;
  const errors: Record<string, string[]> = {};
  const oneOf = <const T extends string>(field: string, allowed: readonly T[]): T | undefined => {
    const value = input[field];
    if (value === undefined) return undefined;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) errors[field] = [`must be one of ${allowed.join(', ')}`];
    return found;
  };
  const integer = (field: string, fallback: number, least: number, most: number): number => {
    const value = input[field];
    if (value === undefined) return fallback;
    const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    errors[field] = [`must be a whole number from ${least} to ${most}`];
    return fallback;
  };
  const parsed = {
    blockchainStatus: oneOf('status', BLOCKCHAIN_STATUSES),
    page: integer('page', 0, 0, MOST_PAGE),
    pageSize: integer('page_size', USUAL_PAGE_SIZE, 1, MOST_A_PAGE),
    sortBy: oneOf('sort_by', ['created_at', 'amount']) ?? 'created_at',
    sortOrder: oneOf('sort_order', ['asc', 'desc']) ?? 'desc',
  };
  if (Object.keys(errors).length > 0) throw validationError(errors);
  return parsed;
}
