import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bodyOf, SECRET, signed, UUID, WEBHOOK_SECRET, webhookHeaders } from '../../test/callbacks.ts';
import { CallbackHandler } from '../callbacks/index.ts';
import { type AdapterOptions, type HandleCallback, lambdaCallbacks, type LambdaEvent, standardWebhooks } from './index.ts';

const BODY = bodyOf();
const HEADERS = signed(BODY);
const BASE64 = Buffer.from(BODY).toString('base64');
const callbacks = new CallbackHandler({ secret: SECRET });
const handle = vi.fn<HandleCallback>();
const onError = vi.fn<(error: unknown) => void>();
const take = (event: LambdaEvent, options: AdapterOptions = { onError }): Promise<object> =>
  lambdaCallbacks(callbacks, handle, options)(event);

beforeEach(() => {
  handle.mockReset();
  onError.mockReset();
});

const capitals = Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name.toUpperCase(), value]));
const lists = Object.fromEntries(Object.entries(capitals).map(([name, value]) => [name, [value]]));
/** Events as AWS documents them, reduced to what distinguishes them. */
const SOURCES: [string, object][] = [
  ['API Gateway, payload 1.0', { resource: '/callback', httpMethod: 'POST', headers: capitals, multiValueHeaders: lists }],
  [
    'API Gateway, payload 2.0',
    { version: '2.0', routeKey: 'POST /callback', headers: HEADERS, requestContext: { http: { method: 'POST' } } },
  ],
  ['a function URL', { version: '2.0', routeKey: '$default', rawPath: '/', headers: HEADERS }],
  ['a load balancer', { requestContext: { elb: {} }, httpMethod: 'POST', headers: HEADERS }],
  ['a load balancer with multi-value headers', { requestContext: { elb: {} }, httpMethod: 'POST', multiValueHeaders: lists }],
];

describe.each(SOURCES)('the Lambda adapter behind %s', (_source, event) => {
  it.each([
    ['text', { body: BODY, isBase64Encoded: false }],
    ['base64', { body: BASE64, isBase64Encoded: true }],
    ['base64 without the flag', { body: BASE64 }],
  ])('handles a callback that arrives as %s', async (_form, body) => {
    const answer = { statusCode: 204, headers: { 'content-type': 'text/plain' }, body: '', isBase64Encoded: false };
    expect(await take({ ...event, ...body })).toEqual(answer);
    expect(handle.mock.calls[0]![0].object.uuid).toBe(UUID);
    expect(onError).not.toHaveBeenCalled();
  });

  it.each<[string, object, number, string]>([
    ['another body', { body: '{}' }, 400, 'wrong_signature'],
    ['no body', { body: null }, 400, 'wrong_signature'],
    ['broken base64', { body: 'e', isBase64Encoded: true }, 400, 'wrong_signature'],
    ['no signature', { body: BODY, headers: {}, multiValueHeaders: null }, 400, 'missing_signature'],
    ['no headers', { body: BODY, headers: null, multiValueHeaders: null }, 400, 'missing_signature'],
    ['a parsed body', { body: JSON.parse(BODY) }, 500, 'not_handled'],
  ])('refuses a callback with %s', async (_what, changed, statusCode, body) => {
    expect(await take({ ...event, ...changed })).toMatchObject({ statusCode, body });
    expect(handle).not.toHaveBeenCalled();
  });

  it.each([
    ['text', { body: BODY }],
    ['base64', { body: BASE64, isBase64Encoded: true }],
  ])('answers a body that is too large with 413: %s', async (_form, body) => {
    expect(await take({ ...event, ...body }, { onError, maxBodyBytes: BODY.length - 1 })).toMatchObject({ statusCode: 413 });
    // Characters beyond ASCII have several bytes each.
    const maxBodyBytes = Buffer.byteLength(BODY);
    expect(await take({ ...event, ...body }, { onError, maxBodyBytes })).toMatchObject({ statusCode: 204 });
  });

  it('answers a throwing handler with 500', async () => {
    handle.mockRejectedValue(new Error('the database is away'));
    expect(await take({ ...event, body: BODY })).toMatchObject({ statusCode: 500, body: 'not_handled' });
  });
});

it('Standard Webhooks signatures are verified over base64 bodies too', async () => {
  const sentAtS = Math.floor(Date.now() / 1000);
  const both = new CallbackHandler({ secret: 'another', standardWebhooks: standardWebhooks(WEBHOOK_SECRET) });
  const event = { headers: webhookHeaders(BODY, 'msg_1', sentAtS), body: BASE64, isBase64Encoded: true };
  expect(await lambdaCallbacks(both, handle)(event)).toMatchObject({ statusCode: 204 });
  expect(handle.mock.calls[0]![1]).toMatchObject({ id: 'msg_1', sentAtS });
});
