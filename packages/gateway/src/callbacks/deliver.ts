/**
 * Sends one callback: a POST of its frozen body, signed. Redirects are not followed, the answer is read only as far as it
 * helps, and everything together has ten seconds.
 */
import { isIP } from 'node:net';
import { Agent, request, type Dispatcher } from 'undici';
import type { EpochMs } from '../kernel/clock.ts';
import { ForbiddenAddressError, guardedLookup, isPublicAddress } from './address-guard.ts';
import type { StoredCallback } from './callback.ts';
import { SIGNATURE_HEADER, signCallback } from './sign.ts';

/** How an attempt ended. */
export type Attempt =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'refused'; readonly error: string; readonly retryAfterMs: number | undefined }
  /** The receiver said that it is gone for good (410). */
  | { readonly kind: 'gone'; readonly error: string };

/** Sends callbacks; keeps connections open between them. */
export interface CallbackSender {
  send(callback: StoredCallback & { readonly url: string }, secret: string, signal: AbortSignal): Promise<Attempt>;
  close(): Promise<void>;
}

const DEADLINE_MS = 10_000;
const MOST_ANSWER_BYTES = 64 * 1024;

export interface CallbackSenderOptions {
  readonly now: () => EpochMs;
  /** Lets callbacks go to http and to private addresses: for development only. */
  readonly dangerouslyAllowPrivateCallbacks: boolean;
}

export function createCallbackSender({ now, dangerouslyAllowPrivateCallbacks }: CallbackSenderOptions): CallbackSender {
  const connect = dangerouslyAllowPrivateCallbacks ? {} : { lookup: guardedLookup };
  const agent = new Agent({
    connect: { ...connect, timeout: DEADLINE_MS },
    connections: 8,
    headersTimeout: DEADLINE_MS,
    bodyTimeout: DEADLINE_MS,
  });
  return {
    send: async (callback, secret, signal) => {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
      try {
        const url = new URL(callback.url);
        if (!dangerouslyAllowPrivateCallbacks) refuseForbidden(url);
        return await post(agent, url, callback, secret, deadline, now());
      } catch (error) {
        return { kind: 'refused', error: describe(error), retryAfterMs: undefined };
      }
    },
    close: () => agent.close(),
  };
}

/** Literal addresses are not looked up, so they are judged here. */
function refuseForbidden(url: URL): void {
  if (url.protocol !== 'https:') throw new ForbiddenAddressError(`expected an https URL, got ${url.protocol}//`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new ForbiddenAddressError(`${host} is not a public address`);
}

async function post(
  agent: Agent,
  url: URL,
  callback: StoredCallback,
  secret: string,
  signal: AbortSignal,
  now: EpochMs,
): Promise<Attempt> {
  const answer = await request(url, {
    dispatcher: agent,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'webpos',
      [SIGNATURE_HEADER]: signCallback(callback.body, secret),
    },
    body: callback.body,
    signal,
  });
  await answer.body.dump({ limit: MOST_ANSWER_BYTES, signal });
  if (answer.statusCode >= 200 && answer.statusCode < 300) return { kind: 'acknowledged' };
  const error = `answered ${answer.statusCode}`;
  if (answer.statusCode === 410) return { kind: 'gone', error };
  return { kind: 'refused', error, retryAfterMs: retryAfterMs(answer.headers, now) };
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(headers: Dispatcher.ResponseData['headers'], now: EpochMs): number | undefined {
  const text = headers['retry-after'];
  if (typeof text !== 'string') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no whole answer within ${DEADLINE_MS / 1000} seconds`;
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : '';
  return `${code}${error.message}`.slice(0, 500);
}
