import type { WebposError } from '../errors/webpos-error.ts';
import { isTransientStatus } from './retry.ts';

/** Returns whether a failure is transient: a broken connection, a timeout, or a transient status. */
export function isTransientFailure(error: unknown): boolean {
  const { name, status = 0 } = error as WebposError;
  return name === 'ConnectionError' || name === 'TimeoutError' || isTransientStatus(status);
}
