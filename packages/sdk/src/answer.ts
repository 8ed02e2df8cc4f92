import type { Answered } from './answered.ts';
import type { AnswerShape, Call } from './calls.ts';
import { apiError } from './errors/api-error-classes.ts';
import { type ApiError, UnexpectedAnswerError } from './errors/index.ts';
import type { AnswerHeaders } from './fetch.ts';
import { MAX_ANSWER_BYTES } from './read-text.ts';
import type { Redact } from './redact.ts';
import { parseRetryAfterMs } from './retry-after.ts';

/** A whole answer, read but not understood. */
export interface RawAnswer {
  status: number;
  headers: AnswerHeaders;
  /** Undefined when it was too long to be read. */
  text: string | undefined;
}

/**
 * Understands an answer. No part of the body goes into an error, except the message of an error body: a body may hold
 * a token, and what `JSON.parse` throws quotes the text that it could not read.
 *
 * @returns the value that was asked for.
 * @throws ApiError when the server refused, UnexpectedAnswerError when it is not an answer of the contract.
 */
export function understand<T>(call: Call<T>, answer: RawAnswer, redact: Redact, nowMs: number): Answered<T> {
  const { method, path, answer: shape } = call;
  const { status, headers, text } = answer;
  const requestId = headers.get('x-request-id') ?? undefined;
  const body = parseObject(text);
  let problem: string | undefined;
  if (text === undefined || text.length > MAX_ANSWER_BYTES) problem = `is longer than ${MAX_ANSWER_BYTES} bytes`;
  else if (status < 200 || status > 299) {
    if (typeof body?.['error_code'] === 'string') throw refusal(call, answer, body, requestId, redact, nowMs);
    problem = status > 299 && status < 400 ? 'is a redirect, which is not followed' : 'is not of the WebPOS API';
    problem += ': check baseUrl, and what stands between';
  } else if (shape !== undefined) problem = body ? wrongField(body, shape) : 'is not a JSON object';
  if (problem === undefined) return { data: (shape && body) as T, answer: { status, headers, requestId } };
  const contentType = /^[\w.+-]+\/[\w.+-]+/.exec(headers.get('content-type') ?? '')?.[0];
  const message = `${method} ${path}: the answer (${status}, ${contentType ?? 'no content type'}) ${problem}`;
  throw new UnexpectedAnswerError(message, { method, path, status, contentType, requestId });
}

function refusal<T>(
  { method, path }: Call<T>,
  { status, headers }: RawAnswer,
  body: Record<string, unknown>,
  headerId: string | undefined,
  redact: Redact,
  nowMs: number,
): ApiError {
  const text = (value: unknown, missing?: string): string | undefined => (typeof value === 'string' ? redact(value) : missing);
  const errorCode = redact(body['error_code'] as string);
  return apiError(`${method} ${path}: ${errorCode} ${text(body['message'], 'no message')}`, {
    method,
    path,
    status,
    errorCode,
    requestId: text(body['request_id'], headerId),
    retryAfterMs: parseRetryAfterMs(headers.get('retry-after'), nowMs),
    errors: parseFieldErrors(body['errors'], redact),
  });
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return kindOf(value) === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function parseFieldErrors(value: unknown, redact: Redact): Record<string, string[]> | undefined {
  if (kindOf(value) !== 'object') return undefined;
  // Of a list or of one text.
  const texts = (list: unknown): string[] => [list].flat().map((text) => redact(String(text)));
  return Object.fromEntries(Object.entries(value as object).map(([field, list]) => [redact(field), texts(list)]));
}

function wrongField<T>(body: Record<string, unknown>, shape: AnswerShape<T>): string | undefined {
  for (const field in shape) if (kindOf(body[field]) !== shape[field]) return `has no ${field}`;
  return undefined;
}

function kindOf(value: unknown): string | null {
  if (Array.isArray(value)) return 'array';
  return value === null ? value : typeof value;
}
