import { isWebposError } from './errors/index.ts';

/** Whether a failure may pass by itself: a broken connection, a call that took too long, 429 and 5xx. */
export function mayPass(error: unknown): boolean {
  if (!isWebposError(error)) return false;
  const { name, status = 0 } = error;
  return name === 'ConnectionError' || name === 'TimeoutError' || status === 429 || status >= 500;
}
