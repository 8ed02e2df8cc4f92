import type { CallbackHandler } from '../callbacks/index.ts';
import { ADAPTER_RULES, parseAdapterOptions } from './adapter-options.ts';
import { type AdapterOptions, answerCallback, type HandleCallback } from './answer-callback.ts';
import { withinBounds } from './bounded-body.ts';
import { decodeBase64 } from '../callbacks/raw-body.ts';

/** The part of an event that is used: of API Gateway with payload 1.0 or 2.0, of a function URL, of a load balancer. */
export interface LambdaEvent {
  headers?: Readonly<Record<string, string | undefined>> | null | undefined;
  /** Where a load balancer hands over lists, these alone are there. */
  multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null | undefined;
  body?: string | null | undefined;
  isBase64Encoded?: boolean | undefined;
}

/** What each of them takes for an answer. */
export interface LambdaResult {
  statusCode: number;
  headers: { 'content-type': string };
  body: string;
  isBase64Encoded: false;
}

/**
 * Takes callbacks in a function of AWS Lambda, behind API Gateway (REST and HTTP APIs), a function URL or an application load
 * balancer, whether they hand over the body as it came or in base64.
 *
 * @example
 * export const handler = lambdaCallbacks(callbacks, ({ event, object }) => shop.update(object.uuid, event));
 */
export function lambdaCallbacks(
  callbacks: CallbackHandler,
  handle: HandleCallback,
  options: AdapterOptions = {},
): (event: LambdaEvent) => Promise<LambdaResult> {
  const { maxBodyBytes, onError } = parseAdapterOptions(options, ADAPTER_RULES);
  return async (event) => {
    const headers = event.headers ?? event.multiValueHeaders ?? {};
    const readBody = async (): Promise<unknown> => eventBody(event, maxBodyBytes);
    const { status, text } = await answerCallback(callbacks, handle, { headers, readBody, onError });
    return { statusCode: status, headers: { 'content-type': 'text/plain' }, body: text, isBase64Encoded: false };
  };
}

function eventBody({ body, isBase64Encoded }: LambdaEvent, maxBytes: number): unknown {
  // A request without a body has null here.
  const text = body ?? '';
  if (isBase64Encoded !== true || typeof text !== 'string') return typeof text === 'string' ? withinBounds(text, maxBytes) : text;
  const bounded = withinBounds(text, Math.ceil(maxBytes / 3) * 4);
  return typeof bounded === 'string' ? withinBounds(decodeBase64(bounded) ?? new Uint8Array(), maxBytes) : bounded;
}
