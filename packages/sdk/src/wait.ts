import { type Deadline, withDeadline } from './deadline.ts';
import { type ApiError, ConfigurationError } from './errors/index.ts';
import { mayPass } from './may-pass.ts';
import { type CallOptions, parseDuration, parseSignal } from './options.ts';
import type { PaymentOrderRetrieval } from './wire/index.ts';

/** What to wait for, and how long. */
export interface WaitOptions extends Omit<CallOptions, 'timeoutMs'> {
  /** Says whether the order is what was waited for. Default: when its status is no longer `pending`. */
  until?: ((order: PaymentOrderRetrieval) => boolean) | undefined;
  /** The time of the whole wait in milliseconds. Default: 3600000, an hour. */
  timeoutMs?: number | undefined;
  /** The time between two reads in milliseconds. Default: 2000. */
  intervalMs?: number | undefined;
}

/**
 * Reads an order again and again until it is as wanted. When its first read fails, so does the wait; later it sits out
 * whatever may pass by itself: a broken connection, a read that took too long, 429 and 5xx.
 *
 * @param read reads the order once.
 */
export async function waitForOrder(
  path: string,
  options: WaitOptions,
  read: (options: CallOptions) => Promise<PaymentOrderRetrieval>,
): Promise<PaymentOrderRetrieval> {
  const { until = isResolved, signal, timeoutMs, intervalMs, ...each } = options;
  if (typeof until !== 'function') throw new ConfigurationError('until', 'a function', typeof until);
  const pauseMs = parseDuration('intervalMs', intervalMs ?? 2000);
  const limits = { timeoutMs: parseDuration('timeoutMs', timeoutMs ?? 3_600_000), signal: parseSignal(signal) };
  const work = async (deadline: Deadline): Promise<PaymentOrderRetrieval> => {
    for (let isFirst = true; ; isFirst = false) {
      let retryAfterMs = 0;
      const order = await read({ ...each, signal: deadline.signal() }).catch((error: unknown) => {
        deadline.check();
        if (isFirst || !mayPass(error)) throw error;
        retryAfterMs = (error as Partial<ApiError>).retryAfterMs ?? 0;
      });
      if (order && until(order)) return order;
      await deadline.sleep(Math.max(pauseMs, retryAfterMs));
    }
  };
  return await withDeadline({ method: 'GET', path }, limits, work, 'order as waited for');
}

function isResolved({ state }: PaymentOrderRetrieval): boolean {
  return state.status !== 'pending';
}
