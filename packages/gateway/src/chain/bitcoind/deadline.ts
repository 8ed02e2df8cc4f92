/**
 * One deadline over all that a call does, its answer's body included. Made by hand, because on Node 20
 * `AbortSignal.any` keeps an entry on a long-lived signal for every call ever made.
 */
import { setMaxListeners } from 'node:events';
import { SourceUnavailableError } from '../source.ts';

/**
 * Runs `work` with a signal that ends with the caller's or at the deadline.
 *
 * @throws the caller's abort reason; SourceUnavailableError at the deadline; else what `work` throws.
 */
export async function withDeadline<T>(
  what: string,
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const late = (): void => controller.abort(new SourceUnavailableError(`bitcoind: ${what}: no answer within ${timeoutMs} ms`));
  const cancelled = (): void => controller.abort(signal.reason);
  const timer = setTimeout(late, timeoutMs);
  setMaxListeners(0, signal); // calls at the same time share a signal; each takes its listener away again
  signal.addEventListener('abort', cancelled, { once: true });
  try {
    return await work(controller.signal);
  } catch (error) {
    controller.signal.throwIfAborted(); // its reason says more than the error that the abort made below
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancelled);
  }
}
