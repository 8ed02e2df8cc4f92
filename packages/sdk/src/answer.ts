import type { Answered } from './answered.ts';
import type { AnswerShape, Call } from './calls.ts';
import { apiError } from './errors/api-error-classes.ts';
import { type ApiError, UnexpectedAnswerError } from './errors/index.ts';
import { MAX_ANSWER_BYTES } from './read-text.ts';
import type { Redact } from './redact.ts';
import { parseRetryAfterMs } from './retry-after.ts';

/** A whole answer, read but not understood. */
export interface RawAnswer {
  status: number;
  headers: { get(name: string): string | null };
  /** Undefined when it was too long to be read. */
  text: string | undefined;
}

/** What an answer comes to: the value that was asked for, or the error to throw. */
export type Understood<T> = { kind: 'value'; value: Answered<T> } | { kind: 'error'; error: ApiError | UnexpectedAnswerError };

/**
 * Understands an answer. No part of the body goes into an error, except the message of an error body: a body may hold
 * a token, and what `JSON.parse` throws quotes the text that it could not read.
 */
export function understand<T>(call: Call<T>, answer: RawAnswer, redact: Redact, nowMs: number): Understood<T> {
  if (answer.text === undefined) return unexpected(call, answer, `is longer than ${MAX_ANSWER_BYTES} bytes`);
  const body = parseObject(answer.text);
  if (answer.status < 200 || answer.status > 299) return { kind: 'error', error: refusal(call, answer, body, redact, nowMs) };
  if (call.answer !== undefined) {
    if (body === undefined) return unexpected(call, answer, 'is not a JSON object');
    const wrong = firstWrongField(body, call.answer);
    if (wrong !== undefined) return unexpected(call, answer, `has no ${wrong}`);
  }
  const { status, headers } = answer;
  const data = (call.answer === undefined ? undefined : body) as T;
  return { kind: 'value', value: { data, answer: { status, headers, requestId: requestIdOf(answer) } } };
}

function refusal<T>(
  call: Call<T>,
  answer: RawAnswer,
  body: Record<string, unknown> | undefined,
  redact: Redact,
  nowMs: number,
): ApiError | UnexpectedAnswerError {
  const errorCode = body?.['error_code'];
  if (body === undefined || typeof errorCode !== 'string') return unexpected(call, answer, strange(answer)).error;
  const { method, path } = call;
  const said = typeof body['message'] === 'string' ? redact(body['message']) : 'no message';
  const requestId = typeof body['request_id'] === 'string' ? redact(body['request_id']) : requestIdOf(answer);
  const retryAfterMs = parseRetryAfterMs(answer.headers.get('retry-after'), nowMs);
  const errors = parseFieldErrors(body['errors'], redact);
  const details = { method, path, status: answer.status, errorCode: redact(errorCode), requestId, retryAfterMs, errors };
  return apiError(`${method} ${path}: ${details.errorCode} ${said}`, details);
}

function strange({ status }: RawAnswer): string {
  if (status >= 300 && status < 400) return 'is a redirect, which is not followed: check baseUrl';
  return 'is not of the WebPOS API: something between answered, or baseUrl is wrong';
}

function unexpected<T>(call: Call<T>, answer: RawAnswer, problem: string): { kind: 'error'; error: UnexpectedAnswerError } {
  const { method, path } = call;
  const { status, headers } = answer;
  const contentType = /^[\w.+-]+\/[\w.+-]+/.exec(headers.get('content-type') ?? '')?.[0];
  const message = `${method} ${path}: the answer (${status}, ${contentType ?? 'no content type'}) ${problem}`;
  const requestId = requestIdOf(answer);
  return { kind: 'error', error: new UnexpectedAnswerError(message, { method, path, status, contentType, requestId }) };
}

function requestIdOf({ headers }: RawAnswer): string | undefined {
  return headers.get('x-request-id') ?? undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function parseFieldErrors(value: unknown, redact: Redact): Record<string, string[]> | undefined {
  if (!isRecord(value)) return undefined;
  const texts = (list: unknown): string[] => (Array.isArray(list) ? list : [list]).map((text) => redact(String(text)));
  return Object.fromEntries(Object.entries(value).map(([field, list]) => [redact(field), texts(list)]));
}

function firstWrongField<T>(body: Record<string, unknown>, shape: AnswerShape<T>): string | undefined {
  const fields: [string, unknown][] = Object.entries(shape);
  return fields.find(([field, type]) => kindOf(body[field]) !== type)?.[0];
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
