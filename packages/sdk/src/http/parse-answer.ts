import { retryAfterMs } from '#runtime';
import type { WithAnswer } from './with-answer.ts';
import type { AnswerShape, ApiRequest } from '../calls/api-request.ts';
import { apiError } from '../errors/api-error-classes.ts';
import { type ApiError, type ErrorDetails, UnexpectedAnswerError } from '../errors/index.ts';
import type { AnswerHeaders } from './fetch.ts';
import { MAX_ANSWER_BYTES } from './answer-limit.ts';
import type { Redact } from './redact.ts';

/** A complete answer, before parsing. */
export interface RawAnswer {
  status: number;
  headers: AnswerHeaders;
  /** Undefined if it exceeds the size limit. */
  text: string | undefined;
}

/**
 * Parses an answer. Errors contain no part of its body, except the message of an error body: a body may contain a token, and the
 * error of `JSON.parse` quotes the text.
 *
 * @returns the requested value.
 * @throws ApiError if the server refused; UnexpectedAnswerError if the answer does not follow the contract.
 */
export function parseAnswer<T>(call: ApiRequest<T>, answer: RawAnswer, redact: Redact, nowMs: number): WithAnswer<T> {
  const { method, path, answer: shape, mayBeEmpty } = call;
  const { status, headers, text } = answer;
  const requestId = headers.get('x-request-id') ?? undefined;
  const body = parseObject(text);
  const details = (): ErrorDetails => ({ method, path, status, requestId, retryAfterMs: retryAfterMs(headers, nowMs) });
  let problem: string | undefined;
  if (text === undefined || text.length > MAX_ANSWER_BYTES) problem = `is longer than ${MAX_ANSWER_BYTES} bytes`;
  else if (status < 200 || status > 299) {
    if (typeof body?.['error_code'] === 'string') throw toApiError(details(), body, redact);
    problem = `is ${status > 299 && status < 400 ? 'a redirect' : 'not from the WebPOS API'}: check baseUrl and proxies`;
  } else if (shape && !(mayBeEmpty && text === '')) problem = body ? wrongField(body, shape) : 'is not a JSON object';
  if (problem === undefined) return { data: (shape && body) as T, answer: { status, headers, requestId } };
  const contentType = /^[\w.+-]+\/[\w.+-]+/.exec(headers.get('content-type') ?? '')?.[0];
  const message = `the answer (${status}, ${contentType ?? 'no content type'}) ${problem}`;
  throw new UnexpectedAnswerError(message, { ...details(), status, contentType });
}

function toApiError(details: ErrorDetails, body: Record<string, unknown>, redact: Redact): ApiError {
  const text = (value: unknown, missing?: string): string | undefined => (typeof value === 'string' ? redact(value) : missing);
  const errorCode = redact(body['error_code'] as string);
  return apiError(`${errorCode} ${text(body['message'], 'no message')}`, {
    ...details,
    errorCode,
    requestId: text(body['request_id'], details.requestId),
    errors: parseFieldErrors(body['errors'], redact),
  });
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return jsonTypeOf(value) === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function parseFieldErrors(value: unknown, redact: Redact): Record<string, string[]> | undefined {
  if (jsonTypeOf(value) !== 'object') return undefined;
  // A list, or a single text.
  const texts = (list: unknown): string[] => [list].flat().map((text) => redact(String(text)));
  return Object.fromEntries(Object.entries(value as object).map(([field, list]) => [redact(field), texts(list)]));
}

function wrongField<T>(body: Record<string, unknown>, shape: AnswerShape<T>): string | undefined {
  for (const field in shape) {
    const type = jsonTypeOf(body[field]);
    if (type === 'undefined') return `has no ${field}`;
    if (type !== shape[field]) return `has ${field} of type ${type}, not ${shape[field]}`;
  }
  return undefined;
}

function jsonTypeOf(value: unknown): string {
  // Only lists of objects, because the contract has no others.
  if (Array.isArray(value)) return value.every((item) => jsonTypeOf(item) === 'object') ? 'objects' : 'array';
  return value === null ? 'null' : typeof value;
}
