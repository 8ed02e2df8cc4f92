import type { CallbackHandler } from '../callbacks/index.ts';
import { ADAPTER_RULES, parseAdapterOptions } from './adapter-options.ts';
import { type AdapterOptions, answerCallback, type HandleCallback } from './answer-callback.ts';
import { withinBounds } from './bounded-body.ts';
import { decodeBase64 } from '../callbacks/raw-body.ts';

/** The part of an event that the adapter uses, from API Gateway (payload 1.0 or 2.0), a function URL or a load balancer. */
export interface LambdaEvent {
  headers?: Readonly<Record<string, string | undefined>> | null | undefined;
  /** Replaces `headers` if a load balancer sends multi-value headers. */
  multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null | undefined;
  body?: string | null | undefined;
  isBase64Encoded?: boolean | undefined;
}

/** The response that all of these accept. */
export interface LambdaResult {
  statusCode: number;
  headers: { 'content-type': string };
  body: string;
  isBase64Encoded: false;
}

/**
 * Receives callbacks in an AWS Lambda function behind API Gateway (REST or HTTP API), a function URL or an application load
 * balancer, with the body as text or in base64.
 *
 * @throws ConfigurationError naming the wrong option.
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
  // Null means that the request has no body.
  const text = body ?? '';
  if (isBase64Encoded !== true || typeof text !== 'string') return typeof text === 'string' ? withinBounds(text, maxBytes) : text;
  const bounded = withinBounds(text, Math.ceil(maxBytes / 3) * 4);
  return typeof bounded === 'string' ? withinBounds(decodeBase64(bounded) ?? new Uint8Array(), maxBytes) : bounded;
}
