/** Sends requests to a gateway, checks what holds for every answer, and collects the findings. */
import type { TSchema } from 'typebox';
import Schema from 'typebox/schema';
import { ERROR_STATUSES, type ErrorBody, type ErrorCode } from '@webpos/sdk/wire';
import { ErrorSchema } from '../../src/http/openapi/error.ts';

/** A deviation from the contract. */
export interface Finding {
  /** The request or object that was checked. */
  readonly where: string;
  readonly what: string;
}

export interface ProbeAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

export interface ProbeRequest {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent unchanged, anything else as JSON. */
  readonly body?: unknown;
}

/** Ends the checks, because the expected finding was made. */
export class EnoughError extends Error {
  override readonly name = 'EnoughError';
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const DEADLINE_MS = 10_000;

export class Probe {
  readonly findings: Finding[] = [];
  readonly codes: Set<string> = new Set();
  readonly #requestIds = new Set<string>();

  readonly baseUrl: string;

  readonly #until: (finding: Finding) => boolean;

  /** @param until Ends the checks at the first finding for which it returns true. */
  constructor(baseUrl: string, until: (finding: Finding) => boolean = () => false) {
    this.baseUrl = baseUrl;
    this.#until = until;
  }

  /** Returns a probe of another gateway that adds to the same findings. */
  at(baseUrl: string): Probe {
    const other = new Probe(baseUrl, this.#until);
    return Object.assign(other, { findings: this.findings, codes: this.codes });
  }

  found(where: string, what: string): void {
    const finding = { where, what };
    this.findings.push(finding);
    if (this.#until(finding)) throw new EnoughError(what);
  }

  /** Adds a finding if the two values differ. */
  same(where: string, what: string, got: unknown, expected: unknown): void {
    const [is, should] = [JSON.stringify(got), JSON.stringify(expected)];
    if (is !== should) this.found(where, `${what}: expected ${should}, got ${is}`);
  }

  async ask(method: string, path: string, request: ProbeRequest = {}): Promise<ProbeAnswer> {
    const { token, body } = request;
    const answer = await fetch(this.baseUrl + path, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE_MS),
      headers: {
        accept: 'application/json',
        'x-api-version': 'v1',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const got = { status: answer.status, headers: answer.headers, text, body: parsed(text) };
    this.#checkAnswer(`${method} ${path}`, method, got);
    return got;
  }

  /** Expects an answer with a status and a schema. Returns undefined if it has another. */
  async expect<T>(
    status: number,
    schema: TSchema & { '~unsafe'?: T },
    method: string,
    path: string,
    request: ProbeRequest = {},
  ): Promise<{ body: T; answer: ProbeAnswer } | undefined> {
    const answer = await this.ask(method, path, request);
    const where = `${method} ${path}`;
    if (answer.status !== status) {
      this.found(where, `status: expected ${status}, got ${answer.status}: ${answer.text.slice(0, 200)}`);
      return undefined;
    }
    return this.holds(where, schema, answer.body) ? { body: answer.body as T, answer } : undefined;
  }

  /** Whether a value matches its schema. */
  holds(where: string, schema: TSchema, value: unknown): boolean {
    const [valid, errors] = Schema.Errors(schema, value);
    for (const { instancePath, message, params } of errors)
      this.found(where, `${instancePath === '' ? 'the whole' : instancePath} ${message} ${JSON.stringify(params)}`);
    return valid;
  }

  /** Expects an error of the contract. */
  async refused(
    code: ErrorCode,
    method: string,
    path: string,
    request: ProbeRequest = {},
    status: number = ERROR_STATUSES[code],
  ): Promise<ProbeAnswer> {
    const answer = await this.ask(method, path, request);
    this.isError(`${method} ${path} ${JSON.stringify(request.body ?? null).slice(0, 80)}`, answer, code, status);
    return answer;
  }

  isError(
    where: string,
    answer: Pick<ProbeAnswer, 'status' | 'headers' | 'body'>,
    code: ErrorCode,
    status: number = ERROR_STATUSES[code],
  ): void {
    const { error_code: got } = (answer.body ?? {}) as Partial<ErrorBody>;
    if (answer.status !== status || got !== code) {
      this.found(where, `expected ${code} with status ${status}, got ${got} with ${answer.status}`);
      return;
    }
    this.codes.add(code);
    this.#isErrorBody(where, answer);
    if (status === 405 && !answer.headers.has('allow')) this.found(where, '405 without Allow');
    if (status === 401 && !answer.headers.has('www-authenticate')) this.found(where, '401 without WWW-Authenticate');
    if ((code === '2000' || code === '4006') && !/^[1-9]\d*$/.test(answer.headers.get('retry-after') ?? ''))
      this.found(where, `${code} without seconds in Retry-After`);
  }

  #checkAnswer(where: string, method: string, answer: ProbeAnswer): void {
    const id = answer.headers.get('x-request-id') ?? '';
    if (!UUID.test(id)) this.found(where, `X-Request-Id: expected a UUID, got ${JSON.stringify(id)}`);
    else if (this.#requestIds.has(id)) this.found(where, `X-Request-Id: ${id} was used before`);
    this.#requestIds.add(id);
    const bodiless = method === 'HEAD' || answer.status === 204 || answer.status === 304;
    if (bodiless && answer.text !== '') this.found(where, `an answer ${answer.status} to ${method} with a body`);
    if (bodiless) return;
    if (answer.headers.get('content-type') !== 'application/json')
      this.found(where, `Content-Type: expected application/json, got ${answer.headers.get('content-type')}`);
    if (answer.status >= 300) this.#isErrorBody(where, answer);
  }

  #isErrorBody(where: string, { body, headers }: Pick<ProbeAnswer, 'headers' | 'body'>): void {
    if (!this.holds(where, ErrorSchema, body)) return;
    const { error_code: code, request_id: id, errors } = body as ErrorBody;
    this.same(where, 'request_id and X-Request-Id', id, headers.get('x-request-id'));
    if (errors !== undefined && code !== '0001') this.found(where, `errors by field with ${code}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
