/** What a client is told while the store cannot be used: to try again. */
import { ContractError } from '../contract/contract-error.ts';
import { failureText } from '../kernel/failure-bursts.ts';
import { isStoreDown } from '../store/store-down.ts';

/** The same for an operator, with what the database said; undefined for any other failure. */
export function storeDownText(error: unknown): string | undefined {
  if (!isStoreDown(error)) return undefined;
  return `WEBPOS_DATABASE_URL: the database cannot be used now: ${failureText(error)}. Its disk may be full or read-only, its server away, or another program holds it`;
}

const RETRY_AFTER_S = 5;

/** Code 4006 where a failure means that the store is down; undefined for any other. */
export function storeDown(cause: unknown): ContractError | undefined {
  if (!isStoreDown(cause)) return undefined;
  return new ContractError('4006', 'the database does not answer now', { retryAfterS: RETRY_AFTER_S, cause });
}
