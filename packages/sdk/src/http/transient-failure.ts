import type { WebposError } from '../errors/webpos-error.ts';
import { isTransientStatus } from './retry.ts';

/** Whether a failure may pass by itself: a broken connection, a call that took too long, a status that is transient. */
export function isTransientFailure(error: unknown): boolean {
  const { name, status = 0 } = error as WebposError;
  return name === 'ConnectionError' || name === 'TimeoutError' || isTransientStatus(status);
}
