/** Opens the connections for callbacks, restricted to the destinations that the settings allow. */
import type { CallbackSender } from '../callbacks/attempt.ts';
import { createCallbackSender } from '../callbacks/http/callback-sender.ts';
import type { Config } from '../config/config.ts';
import { systemClock, type Clock } from '../kernel/clock.ts';

export function openCallbackSender(
  { dangerouslyAllowPrivateCallbacks, callbacksAllow }: Pick<Config, 'dangerouslyAllowPrivateCallbacks' | 'callbacksAllow'>,
  { clock = systemClock, deadlineMs }: { readonly clock?: Clock; readonly deadlineMs?: number } = {},
): CallbackSender {
  return createCallbackSender({
    now: () => clock.now(),
    dangerouslyAllowPrivateCallbacks,
    allowed: callbacksAllow,
    ...(deadlineMs !== undefined && { deadlineMs }),
  });
}
