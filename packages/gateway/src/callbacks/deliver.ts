/**
 * Sends one callback: a POST of its frozen body, signed. Redirects are not followed, the answer is read only as far as it
 * helps, and everything together has ten seconds. Any 2xx acknowledges, whatever then becomes of the rest of the answer.
 */
import { isIP } from 'node:net';
import { Agent, request, type Dispatcher } from 'undici';
import type { EpochMs } from '../kernel/clock.ts';
import { ForbiddenAddressError, guardedLookup, isPublicAddress } from './address-guard.ts';
import type { StoredCallback } from './callback.ts';
import { describeFailure } from './describe-failure.ts';
import { SIGNATURE_HEADER, signCallback, standardHeaders, type CallbackKeys } from './sign.ts';

/** How an attempt ended. */
export type Attempt = AttemptKind & {
  /** Undefined when there was none. */
  readonly answer?: Answer | undefined;
};

type AttemptKind =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'refused'; readonly error: string; readonly retryAfterMs: number | undefined }
  /** The receiver said that it is gone for good (410). */
  | { readonly kind: 'gone'; readonly error: string };

interface Answer {
  readonly status: number;
  /** Its first letters, on one line. */
  readonly start: string;
}

/** Sends callbacks; keeps connections open between them. */
export interface CallbackSender {
  send(
    callback: Pick<StoredCallback, 'id' | 'body'> & { readonly url: string },
    keys: CallbackKeys,
    signal: AbortSignal,
  ): Promise<Attempt>;
  close(): Promise<void>;
}

const DEADLINE_MS = 10_000;
const MOST_ANSWER_BYTES = 64 * 1024;
const START_BYTES = 400;

export interface CallbackSenderOptions {
  readonly now: () => EpochMs;
  /** Lets callbacks go to http and to private addresses: for development only. */
  readonly dangerouslyAllowPrivateCallbacks: boolean;
  readonly deadlineMs?: number;
}

export function createCallbackSender({
  now,
  dangerouslyAllowPrivateCallbacks,
  deadlineMs = DEADLINE_MS,
}: CallbackSenderOptions): CallbackSender {
  const connect = dangerouslyAllowPrivateCallbacks ? {} : { lookup: guardedLookup };
  const agent = new Agent({
    connect: { ...connect, timeout: deadlineMs },
    connections: 16,
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
    maxHeaderSize: 16 * 1024,
  });
  return {
    send: async (callback, keys, signal) => {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
      try {
        const url = new URL(callback.url);
        if (!dangerouslyAllowPrivateCallbacks) refuseForbidden(url);
        const headers = {
          'content-type': 'application/json',
          'user-agent': 'webpos',
          [SIGNATURE_HEADER]: signCallback(callback.body, keys.secret),
          ...standardHeaders(callback.id, callback.body, keys.standard, now()),
        };
        const { body } = callback;
        const answer = await request(url, { dispatcher: agent, method: 'POST', headers, body, signal: deadline });
        return await judge(answer, now());
      } catch (error) {
        return { kind: 'refused', error: describeFailure(error, deadlineMs), retryAfterMs: undefined };
      }
    },
    // What still hangs at the end is not waited for.
    close: () => agent.destroy(),
  };
}

/** Literal addresses are not looked up, so they are judged here. */
function refuseForbidden(url: URL): void {
  if (url.protocol !== 'https:') throw new ForbiddenAddressError(`expected an https URL, got ${url.protocol}//`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new ForbiddenAddressError(`${host} is not a public address`);
}

async function judge({ statusCode: status, headers, body }: Dispatcher.ResponseData, now: EpochMs): Promise<Attempt> {
  if (status >= 200 && status < 300) {
    const start = await readStart(body).catch(() => '');
    return { kind: 'acknowledged', answer: { status, start } };
  }
  const answer = { status, start: await readStart(body) };
  const error = `answered ${status}`;
  if (status === 410) return { kind: 'gone', error, answer };
  return { kind: 'refused', error, answer, retryAfterMs: retryAfterMs(headers, now) };
}

/** Reads an answer to its end, which frees its connection for the next; one that is too long is broken off. */
async function readStart(body: Dispatcher.ResponseData['body']): Promise<string> {
  const start: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    if (bytes < START_BYTES) start.push(chunk.subarray(0, START_BYTES - bytes));
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes > MOST_ANSWER_BYTES) break;
  }
  const text = new TextDecoder().decode(Buffer.concat(start));
  // Nothing that a terminal or a database would take amiss.
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(headers: Dispatcher.ResponseData['headers'], now: EpochMs): number | undefined {
  const text = headers['retry-after'];
  if (typeof text !== 'string') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
