/**
 * Sends one callback: a POST of its frozen body, signed. Redirects are not followed, the answer is read only as far as it
 * helps, and everything together has ten seconds. Any 2xx acknowledges, whatever then becomes of the rest of the answer.
 */
import { isIP } from 'node:net';
import type { Agent } from 'undici';
import type { EpochMs } from '../kernel/clock.ts';
import { ForbiddenAddressError, guardedLookup, isPublicAddress } from './address-guard.ts';
import type { StoredCallback } from './callback.ts';
import { describeFailure } from './describe-failure.ts';
import { post, type Answered } from './post.ts';
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
    signal?: AbortSignal,
  ): Promise<Attempt>;
  close(): Promise<void>;
}

const DEADLINE_MS = 10_000;
const MOST_ANSWER_BYTES = 64 * 1024;
const START_BYTES = 400;
const TARGETS_KEPT = 1_000;

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
  let opened: Promise<Agent> | undefined;
  const targets = new Targets((url) => {
    if (!dangerouslyAllowPrivateCallbacks) refuseForbidden(url);
  });
  const limits = { deadlineMs, mostBytes: MOST_ANSWER_BYTES, startBytes: START_BYTES };
  return {
    send: async ({ id, url, body }, keys, signal) => {
      try {
        const { origin, path } = targets.of(url);
        const headers = {
          'content-type': 'application/json',
          'user-agent': 'webpos',
          [SIGNATURE_HEADER]: signCallback(body, keys.platform),
          ...standardHeaders(id, body, keys.standard, now()),
        };
        return judge(
          await post(
            await (opened ??= openAgent(dangerouslyAllowPrivateCallbacks, deadlineMs)),
            { origin, path, headers, body },
            limits,
            signal,
          ),
          now(),
        );
      } catch (error) {
        return { kind: 'refused', error: describeFailure(error, deadlineMs), retryAfterMs: undefined };
      }
    },
    // What still hangs at the end is not waited for.
    close: async () => (await opened)?.destroy(),
  };
}

/** Loaded with the first callback: it takes a tenth of a start. */
async function openAgent(dangerouslyAllowPrivateCallbacks: boolean, deadlineMs: number): Promise<Agent> {
  const { Agent: AgentClass } = await import('undici');
  const connect = dangerouslyAllowPrivateCallbacks ? {} : { lookup: guardedLookup };
  return new AgentClass({
    connect: { ...connect, timeout: deadlineMs },
    connections: 16,
    // The deadline of each attempt holds for every part of it.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 16 * 1024,
  });
}

/** Where URLs lead to, parsed and judged once: the same few are sent to again and again. */
class Targets {
  readonly #judge: (url: URL) => void;
  readonly #known = new Map<string, { readonly origin: string; readonly path: string }>();

  constructor(judge: (url: URL) => void) {
    this.#judge = judge;
  }

  /** @throws Error when the URL is none, or not allowed. */
  of(text: string): { readonly origin: string; readonly path: string } {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const url = new URL(text);
    this.#judge(url);
    const target = { origin: url.origin, path: `${url.pathname}${url.search}` };
    if (this.#known.size >= TARGETS_KEPT) this.#known.clear();
    this.#known.set(text, target);
    return target;
  }
}

/** Literal addresses are not looked up, so they are judged here. */
function refuseForbidden(url: URL): void {
  if (url.protocol !== 'https:') throw new ForbiddenAddressError(`expected an https URL, got ${url.protocol}//`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new ForbiddenAddressError(`${host} is not a public address`);
}

/** The answer says all that counts by its status, also when its end is missing. */
function judge({ status, headers, start }: Answered, now: EpochMs): Attempt {
  const answer = { status, start: oneLine(start) };
  if (status >= 200 && status < 300) return { kind: 'acknowledged', answer };
  const error = `answered ${status}`;
  if (status === 410) return { kind: 'gone', error, answer };
  return { kind: 'refused', error, answer, retryAfterMs: retryAfterMs(headers, now) };
}

/** Nothing that a terminal or a database would take amiss. */
function oneLine(start: Uint8Array): string {
  if (start.length === 0) return '';
  const text = new TextDecoder().decode(start);
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(headers: Answered['headers'], now: EpochMs): number | undefined {
  const text = headers['retry-after'];
  if (typeof text !== 'string') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
