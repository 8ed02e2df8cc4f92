/**
 * Sends one callback: a POST of its frozen body, signed. Redirects are not followed, the answer is read only as far as it
 * helps, and everything together has ten seconds. Any 2xx acknowledges, whatever then becomes of the rest of the answer.
 */
import type { LookupFunction } from 'node:net';
import type { Agent } from 'undici';
import type { EpochMs } from '../../kernel/clock.ts';
import { NO_HOSTS, type HostList } from '../../kernel/host-list.ts';
import { guardedLookup, refuseForbidden } from './address-guard.ts';
import type { Attempt, CallbackSender } from '../attempt.ts';
import { describeFailure } from './describe-failure.ts';
import { AT_ONE_ORIGIN } from '../delivery-scheduler.ts';
import { post, type Answered } from './post.ts';
import { redirectTarget } from './redirect-target.ts';
import { SIGNATURE_HEADER, signCallback, standardHeaders } from '../sign.ts';

const DEADLINE_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const START_BYTES = 400;
const TARGETS_KEPT = 1_000;
/** What a server, or a proxy before it, answers to whatever is sent. */
const UNAVAILABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface CallbackSenderOptions {
  readonly now: () => EpochMs;
  /** Lets callbacks go to http and to private addresses: for development only. */
  readonly dangerouslyAllowPrivateCallbacks: boolean;
  /** Hosts that may be private, and may be asked by http. Default: none. */
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
  const limits = { deadlineMs, maxBytes: MAX_ANSWER_BYTES, startBytes: START_BYTES };
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
    // What still hangs at the end is not waited for.
    close: async () => (await opened)?.destroy(),
  };
}

/** Loaded with the first callback: it takes a tenth of a start. */
async function openAgent(lookup: LookupFunction | undefined, deadlineMs: number): Promise<Agent> {
  const { Agent: AgentClass } = await import('undici');
  const connect = lookup === undefined ? {} : { lookup };
  return new AgentClass({
    connect: { ...connect, timeout: deadlineMs },
    // As many as one origin may have at once, so that no attempt waits here behind those of another POS.
    connections: AT_ONE_ORIGIN,
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

  /** @throws Error when the URL is invalid or not allowed. */
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

/** The answer says all that counts by its status, also when its end is missing. */
function judge(url: string, { status, headers, start }: Answered, now: EpochMs): Attempt {
  const answer = { status, start: oneLine(start) };
  if (status >= 200 && status < 300) return { kind: 'acknowledged', answer };
  const target = redirectTarget(url, status, headers['location']);
  const error = target === undefined ? `answered ${status}` : `answered ${status} to ${target}`;
  if (status === 410) return { kind: 'gone', error, answer };
  const unavailable = UNAVAILABLE.has(status);
  return { kind: 'refused', error, answer, retryAfterMs: retryAfterMs(headers, now), unavailable };
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
