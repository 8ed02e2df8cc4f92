import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { json, ORDER_PATH, ORDER_UUID, type Route } from '../../test/gateway.ts';
import { clientOf } from '../../test/harness.ts';
import { ERROR_CODES, type ErrorCode } from '../wire/index.ts';
import { apiError } from './api-error-classes.ts';
import {
  AbortError,
  API_ERROR_CLASSES,
  ApiError,
  ConnectionError,
  isWebposError,
  TimeoutError,
  ValidationError,
  WebposError,
} from './index.ts';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

describe('the error class of a code', () => {
  it.each(CODES)('%s has the name of the contract', (errorCode) => {
    const error = apiError('message', { errorCode, status: 400 });
    expect(error).toBeInstanceOf(API_ERROR_CLASSES[errorCode]);
    expect(error.name).toBe(`${ERROR_CODES[errorCode].replace(/Error$/, '')}Error`);
    expect(error.constructor.name).toBe(error.name);
    expect(error.stack).toMatch(new RegExp(`^${error.name}: message`));
  });

  it('is unique', () => {
    expect(new Set(Object.values(API_ERROR_CLASSES)).size).toBe(CODES.length);
  });

  it.each(['9999', 'toString', ''])('%j, which this version does not know, is a plain ApiError', (errorCode) => {
    const error = apiError('message', { errorCode, status: 418 });
    expect(error.constructor).toBe(ApiError);
    expect(error).toMatchObject({ name: 'ApiError', errorCode, status: 418 });
  });
});

describe('an error', () => {
  it('has the known fields as properties, and no others', () => {
    const error = new ConnectionError('m', {
      method: 'GET',
      path: '/p',
      kind: 'broken',
      code: 'ECONNRESET',
      neverArrived: false,
      cause: new Error('c'),
    });
    expect(Object.fromEntries(Object.entries(error))).toEqual({
      method: 'GET',
      path: '/p',
      kind: 'broken',
      code: 'ECONNRESET',
      neverArrived: false,
    });
    expect(error.cause).toEqual(new Error('c'));
    expect(Object.keys(new AbortError('m', {}))).toEqual([]);
  });

  it('gives a log its name, message and fields', () => {
    const error = new ValidationError('m', { errorCode: '0001', errors: { amount: ['is wrong'] } });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'ValidationError',
      message: 'm',
      errorCode: '0001',
      errors: { amount: ['is wrong'] },
    });
  });

  it('is recognised across copies of the package, by its brand', () => {
    const fromAnotherCopy = Object.defineProperty(new Error('m'), Symbol.for('@webpos/sdk/error'), { value: true });
    expect(isWebposError(fromAnotherCopy)).toBe(true);
    expect(isWebposError(new TimeoutError('m', { timeoutMs: 1 }))).toBe(true);
    expect(new TimeoutError('m', { timeoutMs: 1 })).toBeInstanceOf(WebposError);
    for (const other of [new Error('m'), { name: 'WebposError' }, 'WebposError', null, undefined])
      expect(isWebposError(other)).toBe(false);
  });
});

describe('secrets', () => {
  const SECRET = 'hush"hush/+=';
  const TOKEN = 'tok-en-that-is-secret';
  const BASIC = Buffer.from(`shop:${SECRET}`).toString('base64');

  /** A server that echoes everything it received to the client. */
  const echo: Route = (response, count, seen) => {
    const output = `you sent ${JSON.stringify(seen.headers)} ${seen.body} ${SECRET}`;
    json(400, { error_code: '0001', message: output, request_id: output, errors: { amount: [output], [output]: output } })(
      response,
      count,
      seen,
    );
  };
  const grant = json(200, { access_token: TOKEN, token_type: 'Bearer', expires_in: 60, id_token: 'a.b.c' });
  const halfAToken: Route = (response) => response.writeHead(200).end(`{"access_token":"${TOKEN}`);
  /** A fetch whose errors carry the whole request, like those of some HTTP libraries. */
  const leakyFetch = (_url: string, init: object): never => {
    const reported = JSON.stringify(init);
    const cause = Object.assign(new Error(reported), { code: reported, request: init });
    throw Object.assign(new Error(reported, { cause }), { request: init, errors: [init] });
  };
  const thrower = (thrown: unknown) => (): never => {
    throw thrown;
  };

  it.each<[string, Record<string, Route>, object]>([
    ['a login refused with an echo', { '/token': echo }, {}],
    ['a login answered with half a token', { '/token': halfAToken }, {}],
    ['a token that no header can hold', { '/token': json(200, { access_token: `${TOKEN}\n`, expires_in: 60 }) }, {}],
    ['a read refused with an echo', { '/token': grant, [ORDER_PATH]: echo }, {}],
    [
      'a read answered with a page that echoes',
      { '/token': grant, [ORDER_PATH]: (r, _c, seen) => r.writeHead(502).end(inspect(seen)) },
      {},
    ],
    ['a fetch that throws the whole request', {}, { http: { fetch: leakyFetch } }],
    [
      'a fetch that throws a secret as its code',
      {},
      { http: { fetch: thrower(Object.assign(new Error('m'), { code: 'plain_secret' })) } },
    ],
    ['a fetch that throws a string', {}, { http: { fetch: thrower(`no, ${SECRET} ${BASIC}`) } }],
    ['a fetch that throws an object', {}, { http: { fetch: thrower({ SECRET, BASIC }) } }],
  ])('are in no error after %s', async (_what, routes, options) => {
    const client = await clientOf(routes, { secret: SECRET, maxRetries: 0, ...options });
    const error: unknown = await client.getPaymentOrder(ORDER_UUID).catch((thrown: unknown) => thrown);
    expect(isWebposError(error)).toBe(true);
    const shown = [
      String(error),
      JSON.stringify(error),
      inspect(error, { depth: 20, showHidden: true }),
      (error as Error).stack,
    ].join('\n');
    for (const secret of [SECRET, BASIC, TOKEN, encodeURIComponent(SECRET), 'hush\\"hush']) expect(shown).not.toContain(secret);
  });
});
