/**
 * Sends callbacks: a signed POST of the stored body. Redirects are not followed, only the beginning of the answer is read, and the whole
 * attempt has ten seconds. Any 2xx status acknowledges, even if the rest of the answer is lost.
 */
import type { LookupFunction } from 'node:net';
import type { Agent } from 'undici';
import type { EpochMs } from '../../kernel/clock.ts';
import { NO_HOSTS, type HostList } from '../../kernel/host-list.ts';
import { guardedLookup, refuseForbidden } from './address-guard.ts';
import type { Attempt, CallbackSender } from '../attempt.ts';
import { describeFailure } from './describe-failure.ts';
import { MAX_SLOTS_PER_ENDPOINT } from '../delivery-scheduler.ts';
import { post, type Answered } from './post.ts';
import { redirectTarget } from './redirect-target.ts';
import { SIGNATURE_HEADER, signCallback, standardHeaders } from '../sign.ts';

const DEADLINE_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const EXCERPT_BYTES = 400;
const MAX_CACHED_TARGETS = 1_000;
/** Statuses with which a server, or a proxy in front of it, refuses any request. */
const UNAVAILABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface CallbackSenderOptions {
  readonly now: () => EpochMs;
  /** Allows http and private addresses. For development only. */
  readonly dangerouslyAllowPrivateCallbacks: boolean;
  /** Hosts that may have private addresses and be reached over http. Default: none. */
  readonly allowed?: HostList;
  readonly deadlineMs?: number;
}

export function createCallbackSender({
  now,
  dangerouslyAllowPrivateCallbacks,
  allowed = NO_HOSTS,
  deadlineMs = DEADLINE_MS,
}: CallbackSenderOptions): CallbackSender {
  let opened: Promise<Agent> | undefined;
  const targets = new Targets((url) => {
    if (!dangerouslyAllowPrivateCallbacks) refuseForbidden(url, allowed);
  });
  const limits = { deadlineMs, maxBytes: MAX_ANSWER_BYTES, excerptBytes: EXCERPT_BYTES };
  return {
    send: async ({ id, url, body }, keys, signal) => {
      try {
        const { origin, path } = targets.of(url);
        const headers = {
          'content-type': 'application/json',
          'user-agent': 'webpos',
          ...(keys.platform !== undefined && { [SIGNATURE_HEADER]: signCallback(body, keys.platform) }),
          ...standardHeaders(id, body, keys.standard, now()),
        };
        return judge(
          url,
          await post(
            await (opened ??= openAgent(dangerouslyAllowPrivateCallbacks ? undefined : guardedLookup(allowed), deadlineMs)),
            { origin, path, headers, body },
            limits,
            signal,
          ),
          now(),
        );
      } catch (error) {
        return { kind: 'refused', error: describeFailure(error, deadlineMs), retryAfterMs: undefined, unavailable: true };
      }
    },
    // Does not wait for hanging attempts.
    close: async () => (await opened)?.destroy(),
  };
}

/**
 * Loads undici, which holds the thread for some 90 ms. Commands that send nothing do without it. A gateway loads it before it serves, so
 * that no request waits for that.
 */
export async function loadHttpClient(): Promise<typeof Agent> {
  const undici = await import('undici');
  return undici.Agent;
}

async function openAgent(lookup: LookupFunction | undefined, deadlineMs: number): Promise<Agent> {
  const AgentClass = await loadHttpClient();
  const connect = lookup === undefined ? {} : { lookup };
  return new AgentClass({
    connect: { ...connect, timeout: deadlineMs },
    // One connection per slot, so that no attempt queues behind those of another POS.
    connections: MAX_SLOTS_PER_ENDPOINT,
    // The deadline of the whole attempt covers these.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 16 * 1024,
  });
}

/** The targets of URLs. The same few URLs are used over and over, so each is parsed and judged once. */
class Targets {
  readonly #judge: (url: URL) => void;
  readonly #known = new Map<string, { readonly origin: string; readonly path: string }>();

  constructor(judge: (url: URL) => void) {
    this.#judge = judge;
  }

  /** @throws Error when the URL is invalid or not allowed. */
  of(text: string): { readonly origin: string; readonly path: string } {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const url = new URL(text);
    this.#judge(url);
    const target = { origin: url.origin, path: `${url.pathname}${url.search}` };
    if (this.#known.size >= MAX_CACHED_TARGETS) this.#known.clear();
    this.#known.set(text, target);
    return target;
  }
}

/** Judges an answer by its status alone, since the end of its body may be missing. */
function judge(url: string, { status, headers, excerpt }: Answered, now: EpochMs): Attempt {
  const answer = { status, excerpt: oneLine(excerpt) };
  if (status >= 200 && status < 300) return { kind: 'acknowledged', answer };
  const target = redirectTarget(url, status, headers['location']);
  const error = target === undefined ? `answered ${status}` : `answered ${status} to ${target}`;
  if (status === 410) return { kind: 'gone', error, answer };
  const unavailable = UNAVAILABLE.has(status);
  return { kind: 'refused', error, answer, retryAfterMs: retryAfterMs(headers, now), unavailable };
}

/** Decodes text and replaces control characters and line breaks, which a terminal or database might misinterpret. */
function oneLine(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  const text = new TextDecoder().decode(bytes);
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** Reads the Retry-After header: seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(headers: Answered['headers'], now: EpochMs): number | undefined {
  const text = headers['retry-after'];
  if (typeof text !== 'string') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
