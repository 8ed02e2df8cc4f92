/**
 * Posts an event to the receiver until it answers. A receiver that is down, or being restarted, is waited for as long as it takes. One
 * that answers is told once, whatever it says: that is for its developer to see. Only answers that ask for another attempt get some more.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SignedRequest } from './sign-event.ts';

/** How an attempt ended. */
export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly durationMs: number }
  | { readonly kind: 'unreachable'; readonly error: string; readonly durationMs: number };

export interface ForwardOptions {
  readonly to: URL;
  /** Made anew for every attempt: its signature has a time. */
  readonly makeRequest: () => Promise<SignedRequest>;
  readonly signal: AbortSignal;
  /** Called when an attempt has failed that will be repeated. */
  readonly onRetry: (outcome: Outcome, attempts: number) => void;
}

/** As long as the gateway waits. */
const TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 5_000;
/** Another process is at work on it (409), or a proxy in between has nobody to hand it to. */
const ASKS_AGAIN: ReadonlySet<number> = new Set([409, 429, 502, 503, 504]);
const MAX_ATTEMPTS_WHEN_ASKED = 12;

/** @throws the reason of the signal. */
export async function forward({ to, makeRequest, signal, onRetry }: ForwardOptions): Promise<Outcome> {
  for (let attempts = 1, asked = 0; ; attempts += 1) {
    const outcome = await post(to, await makeRequest(), signal);
    if (outcome.kind === 'answered' && (!ASKS_AGAIN.has(outcome.status) || ++asked >= MAX_ATTEMPTS_WHEN_ASKED)) return outcome;
    onRetry(outcome, attempts);
    await sleep(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1)), undefined, { signal });
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
      // A gateway follows none either.
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    // The status says it all, also when the rest of the answer is missing.
    await response.body?.cancel().catch(() => undefined);
    return { kind: 'answered', status: response.status, durationMs: durationMs() };
  } catch (error) {
    signal.throwIfAborted();
    const text = timeout.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : reasonOf(error);
    return { kind: 'unreachable', error: text, durationMs: durationMs() };
  }
}

/** `fetch` says no more than that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  const { code, message } = cause as { code?: unknown; message?: unknown };
  if (code === 'ECONNREFUSED') return 'connection refused';
  return typeof code === 'string' ? code : typeof message === 'string' ? message : 'no connection';
}
