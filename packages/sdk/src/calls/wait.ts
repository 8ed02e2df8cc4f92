import { withCallerFrames } from '#runtime';
import { checkOptions } from '../checks/check-options.ts';
import { type Deadline, withDeadline } from '../http/deadline.ts';
import { unexpectedAnswer } from '../errors/unexpected-answer-error.ts';
import type { WebposError } from '../errors/webpos-error.ts';
import { isTransientFailure } from '../http/transient-failure.ts';
import { CALL_RULES, type CallOptions } from '../options/call-options.ts';
import { DURATION_RULE, mergeRules, type Rules, typeRule } from '../checks/value-rules.ts';
import type { PaymentOrderRetrieval } from '../wire/index.ts';

/** What to wait for, and how long. */
export interface WaitOptions extends Omit<CallOptions, 'timeoutMs'> {
  /** Says whether the order is what was waited for. Default: when its status is no longer `pending`. */
  until?: ((order: PaymentOrderRetrieval) => boolean) | undefined;
  /** The time of the whole wait in milliseconds. Default: 3600000, an hour. */
  timeoutMs?: number | undefined;
  /** The time between two reads in milliseconds. Default: 2000. */
  intervalMs?: number | undefined;
}

const RULES: Rules<WaitOptions> = /* @__PURE__ */ mergeRules(
  { until: /* @__PURE__ */ typeRule('function'), intervalMs: DURATION_RULE },
  CALL_RULES,
);

/**
 * Reads an order again and again until it is as wanted. When its first read fails, so does the wait; later it sits out
 * whatever may pass by itself, for as long as `Retry-After` asks: a broken connection, a read that took too long, 429 and 5xx.
 *
 * @param read reads the order once.
 */
export async function pollOrder(
  path: string,
  options: WaitOptions,
  read: (options: CallOptions) => Promise<PaymentOrderRetrieval>,
): Promise<PaymentOrderRetrieval> {
  checkOptions(options, RULES);
  const call = { method: 'GET', path };
  /** Most fields of an order may change in the future; without this one, nobody can say what became of it. */
  const isResolved = ({ state: { status } }: PaymentOrderRetrieval): boolean => {
    if (typeof status === 'string') return status !== 'pending';
    throw unexpectedAnswer(call, 'the order has no state.status');
  };
  const { until = isResolved, signal, timeoutMs = 3_600_000, intervalMs = 2000, ...each } = options;
  const work = async (deadline: Deadline): Promise<PaymentOrderRetrieval> => {
    for (let isFirst = true; ; isFirst = false) {
      let retryAfterMs = 0;
      const order = await read({ ...each, signal: deadline.signal() }).catch((error: unknown) => {
        deadline.check();
        if (isFirst || !isTransientFailure(error)) throw error;
        retryAfterMs = (error as WebposError).retryAfterMs ?? 0;
      });
      if (order && until(order)) return order;
      await deadline.sleep(Math.max(intervalMs, retryAfterMs));
    }
  };
  try {
    return await withDeadline(call, { timeoutMs, signal }, work, 'order as waited for');
  } catch (error) {
    throw withCallerFrames(error);
  }
}
