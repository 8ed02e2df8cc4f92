/** Makes the errors that clients and operators get while the store is down. */
import { ContractError } from '../contract/contract-error.ts';
import { failureText } from '../kernel/failure-bursts.ts';
import { isStoreDown } from '../store/store-down.ts';

/** The message for an operator, with the database's own error; undefined if the store is not the cause. */
export function storeDownText(error: unknown): string | undefined {
  if (!isStoreDown(error)) return undefined;
  return `WEBPOS_DATABASE_URL: the database cannot be used now: ${failureText(error)}. Its disk may be full or read-only, its server unreachable, or another program may have locked it`;
}

const RETRY_AFTER_S = 5;

/** The error 4006 for a client; undefined if the store is not the cause. */
export function storeDown(cause: unknown): ContractError | undefined {
  if (!isStoreDown(cause)) return undefined;
  return new ContractError('4006', 'the database does not answer now', { retryAfterS: RETRY_AFTER_S, cause });
}
