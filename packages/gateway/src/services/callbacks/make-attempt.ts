/** Makes one attempt at a delivery: signs and sends the callback, and decides its outcome. */
import { responseExcerpt, type Attempt, type CallbackSender } from '../../callbacks/attempt.ts';
import type { StoredCallback } from '../../callbacks/callback.ts';
import { nextAttempt } from '../../callbacks/schedule.ts';
import { plusMs, type Clock, type EpochMs } from '../../kernel/clock.ts';
import { errorMessage } from '../../kernel/error-message.ts';
import type { AttemptEnd, AttemptOutcome } from '../../store/ports/attempt-outcome.ts';
import type { SigningKeyCache } from './signing-key-cache.ts';

export interface AttemptOptions {
  readonly sender: Pick<CallbackSender, 'send'>;
  readonly keys: Pick<SigningKeyCache, 'of'>;
  readonly clock: Clock;
  /** Returns a number from 0 to below 1, for the backoff. */
  readonly random: () => number;
  /** How long a callback is retried, in milliseconds. */
  readonly giveUpAfterMs: number;
  /** Whether attempts under way have been aborted. */
  readonly isAborted: () => boolean;
}

export interface FinishedAttempt extends AttemptEnd {
  readonly attempt: Attempt;
  readonly endedAt: EpochMs;
}

/**
 * Never rejects: an attempt that cannot be made is a failed one.
 *
 * @returns Undefined if the attempt was aborted before the endpoint answered.
 */
export async function makeAttempt(callback: StoredCallback, options: AttemptOptions): Promise<FinishedAttempt | undefined> {
  const startedAt = options.clock.now();
  const attempt = await send(callback, startedAt, options);
  if (options.isAborted() && attempt.kind === 'refused' && attempt.answer === undefined) return undefined;
  const endedAt = options.clock.now();
  const record = {
    startedAt,
    durationMs: Math.max(0, endedAt - startedAt),
    status: attempt.answer?.status ?? null,
    responseExcerpt: responseExcerpt(attempt),
  };
  return { attempt, endedAt, record, outcome: outcomeOf(callback, attempt, endedAt, options) };
}

async function send(callback: StoredCallback, startedAt: EpochMs, { sender, keys }: AttemptOptions): Promise<Attempt> {
  const { url } = callback;
  if (url === null) return { kind: 'gone', error: 'the callback has no URL' };
  try {
    return await sender.send({ ...callback, url }, await keys.of(callback.posId, startedAt));
  } catch (error) {
    // For example, the POS's secret cannot be decrypted. Stored like any other failure, the operator sees it with the callback.
    return { kind: 'refused', error: errorMessage(error), retryAfterMs: undefined, unavailable: false };
  }
}

function outcomeOf(
  { attempts, wantedAt }: StoredCallback,
  attempt: Attempt,
  at: EpochMs,
  { giveUpAfterMs, random }: AttemptOptions,
): AttemptOutcome {
  if (attempt.kind === 'acknowledged') return { kind: 'delivered', at };
  if (attempt.kind === 'refused') {
    const failed = { attempts, ageMs: at - wantedAt, giveUpAfterMs, retryAfterMs: attempt.retryAfterMs };
    const next = nextAttempt(failed, random());
    if (next.kind === 'retry') return { kind: 'retry', at: plusMs(at, next.afterMs), error: attempt.error };
  }
  return { kind: 'failed', at, error: attempt.error };
}
