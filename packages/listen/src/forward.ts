/**
 * Posts an event to the receiver until it answers. A receiver that is down or restarting is retried without end. Any response is final,
 * because its developer wants to see it; only those that ask for a retry are retried, a few times.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SignedRequest } from './sign-event.ts';

/** The outcome of an attempt. */
export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly durationMs: number }
  | { readonly kind: 'unreachable'; readonly error: string; readonly durationMs: number };

export interface ForwardOptions {
  readonly to: URL;
  /** Makes the request for each attempt, because the signature contains the time. */
  readonly makeRequest: () => Promise<SignedRequest>;
  readonly signal: AbortSignal;
  /** Called after a failed attempt that is going to be retried. */
  readonly onRetry: (outcome: Outcome, attempts: number) => void;
}

/** The gateway's own timeout for an attempt. */
const TIMEOUT_MS = 10_000;
const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 5_000;
/** Another process is handling the event (409), or the receiver is overloaded or unreachable behind a proxy. */
const RETRIED_STATUSES: ReadonlySet<number> = new Set([409, 429, 502, 503, 504]);
const MAX_RETRIED_RESPONSES = 12;

/** @throws the signal's reason when it aborts. */
export async function forward({ to, makeRequest, signal, onRetry }: ForwardOptions): Promise<Outcome> {
  for (let attempts = 1, retriedResponses = 0; ; attempts += 1) {
    const outcome = await post(to, await makeRequest(), signal);
    if (outcome.kind === 'answered' && (!RETRIED_STATUSES.has(outcome.status) || ++retriedResponses >= MAX_RETRIED_RESPONSES))
      return outcome;
    onRetry(outcome, attempts);
    await sleep(Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempts - 1)), undefined, { signal });
  }
}

async function post(to: URL, { body, headers }: SignedRequest, signal: AbortSignal): Promise<Outcome> {
  const startedAtMs = performance.now();
  const durationMs = (): number => Math.round(performance.now() - startedAtMs);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(to, {
      method: 'POST',
      body,
      headers,
      // As the gateway does.
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    // The status decides, even if the body never arrives.
    await response.body?.cancel().catch(() => undefined);
    return { kind: 'answered', status: response.status, durationMs: durationMs() };
  } catch (error) {
    signal.throwIfAborted();
    const text = timeout.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : reasonOf(error);
    return { kind: 'unreachable', error: text, durationMs: durationMs() };
  }
}

/** The error of `fetch` only says that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  const { code, message } = cause as { code?: unknown; message?: unknown };
  if (code === 'ECONNREFUSED') return 'connection refused';
  return typeof code === 'string' ? code : typeof message === 'string' ? message : 'no connection';
}
