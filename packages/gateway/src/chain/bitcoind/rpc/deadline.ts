/**
 * A single deadline for a whole call, including the body of the answer. Implemented by hand, because on Node 20 `AbortSignal.any`
 * keeps an entry on a long-lived signal for every call ever made.
 */
import { setMaxListeners } from 'node:events';
import { SourceUnavailableError } from '../../source.ts';

/**
 * Runs `work` with a signal that is aborted with the caller's signal or at the deadline.
 *
 * @throws the caller's abort reason; SourceUnavailableError at the deadline; otherwise what `work` throws.
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
  setMaxListeners(0, signal); // concurrent calls share a signal; each removes its listener again
  signal.addEventListener('abort', cancelled, { once: true });
  try {
    return await work(controller.signal);
  } catch (error) {
    controller.signal.throwIfAborted(); // its reason is more specific than the error that the abort caused
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancelled);
  }
}
