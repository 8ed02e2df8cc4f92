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
  /** Returns whether the wait is over. Default: true once the status is no longer `pending`. */
  until?: ((order: PaymentOrderRetrieval) => boolean) | undefined;
  /** The time limit of the whole wait, in milliseconds. Default: 3600000 (an hour). */
  timeoutMs?: number | undefined;
  /** The time between two reads, in milliseconds. Default: 2000. */
  intervalMs?: number | undefined;
}

const RULES: Rules<WaitOptions> = /* @__PURE__ */ mergeRules(
  { until: /* @__PURE__ */ typeRule('function'), intervalMs: DURATION_RULE },
  CALL_RULES,
);

/**
 * Reads an order repeatedly until `until` accepts it. A failure of the first read fails the wait. Later, transient failures (a
 * broken connection, a slow read, 429, 5xx) are tolerated, for as long as `Retry-After` asks.
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
  /** Other fields of an order may change in the future, but without this one its state is unknown. */
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
    return await withDeadline(call, { timeoutMs, signal }, work, 'matching order');
  } catch (error) {
    throw withCallerFrames(error);
  }
}
