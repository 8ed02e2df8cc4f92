import { describe, expect, expectTypeOf, it } from 'vitest';
import { cut, inTurn, json, ORDER, ORDER_PATH, refuse } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import type { WithAnswer } from '../http/with-answer.ts';
import type { TestEventResult } from './test-event.ts';

const PATH = '/a-path-of-the-future';
const TEST_EVENT = {
  uuid: '5c3e8f0a-6f0a-4d0c-9a53-0d9c0fd0b002',
  url: 'https://shop.example/callback',
  status: 204,
  duration_ms: 41,
  error: null,
  response_excerpt: '',
};

describe('request', () => {
  it("sends a call that the library does not know, with the client's login", async () => {
    const client = await clientOf({ [PATH]: json(200, { is: 'new' }, { 'x-request-id': 'r-1' }) });
    expect(await client.request('PUT', `${PATH}?a=b%20c&d=`, { amount: '1.00' }, { headers: { 'x-trace': 't' } })).toEqual({
      is: 'new',
    });
    expect(gateway.to(PATH)).toEqual([
      expect.objectContaining({
        method: 'PUT',
        query: '?a=b%20c&d=',
        body: '{"amount":"1.00"}',
        headers: expect.objectContaining({
          authorization: 'Bearer token-1',
          'content-type': 'application/json',
          'x-api-version': 'v1',
          'x-trace': 't',
        }) as object,
      }),
    ]);
    const { answer } = await client.withAnswer.request('DELETE', PATH);
    expect(answer).toMatchObject({ status: 200, requestId: 'r-1' });
    expect(gateway.to('/token')).toHaveLength(1);
  });

  it('returns undefined if the answer is empty', async () => {
    const client = await clientOf({ [PATH]: (response) => response.writeHead(204).end() });
    expect(await client.request('POST', PATH)).toBeUndefined();
    expect(gateway.to(PATH)[0]).toMatchObject({
      body: '',
      headers: expect.not.objectContaining({ 'content-type': '' }) as object,
    });
  });

  it('has the type that its caller states, or else unknown', async () => {
    const client = await clientOf();
    expectTypeOf(() => client.request('GET', PATH)).returns.resolves.toBeUnknown();
    expectTypeOf(() => client.request<{ n: number }>('GET', PATH)).returns.resolves.toEqualTypeOf<{ n: number }>();
    expectTypeOf(() => client.withAnswer.request<string>('GET', PATH)).returns.resolves.toEqualTypeOf<WithAnswer<string>>();
    const order = await client.request<{ uuid: string }>('GET', ORDER_PATH);
    expect(order).toEqual(ORDER);
  });

  it.each(['GET', 'PUT', 'DELETE'] as const)('retries %s, which is idempotent', async (method) => {
    const client = await clientOf({ [PATH]: inTurn(cut, refuse(500, '4000'), json(200, {})) });
    expect(await client.request(method, PATH)).toEqual({});
    expect(gateway.to(PATH).length).toBeGreaterThanOrEqual(3);
  });

  it.each(['POST', 'PATCH'] as const)('sends %s once, unless it surely had no effect', async (method) => {
    const client = await clientOf({ [PATH]: inTurn(cut, refuse(429, '2000'), json(200, {})) });
    await expect(client.request(method, PATH, {})).rejects.toMatchObject({
      name: 'ConnectionError',
      message: expect.stringContaining('may have taken effect') as string,
    });
    expect(gateway.to(PATH)).toHaveLength(1);
    expect(await client.request(method, PATH, {})).toEqual({});
    expect(gateway.to(PATH)).toHaveLength(3);
  });

  it('fails with the errors of every call, which do not contain the query', async () => {
    const client = await clientOf({ [PATH]: inTurn(refuse(404, '3001'), json(200, [])) });
    await expect(client.request('GET', `${PATH}?key=hidden`)).rejects.toMatchObject({
      name: 'NotFoundError',
      path: PATH,
      message: expect.not.stringContaining('hidden') as string,
    });
    await expect(client.request('GET', PATH)).rejects.toMatchObject({ name: 'UnexpectedAnswerError' });
  });

  it.each([
    ['path', 'GET', 'payment-order', undefined],
    ['path', 'GET', '@evil.example/', undefined],
    ['path', 'GET', 'https://evil.example/', undefined],
    ['path', 'GET', '/a b', undefined],
    ['path', 'GET', '/a#b', undefined],
    ['path', 'GET', '/a\nb', undefined],
    ['path', 'GET', '', undefined],
    ['body', 'GET', PATH, {}],
    ['body', 'GET', PATH, null],
    ['path', 'GET', '/a/../b', undefined],
    ['path', 'GET', '/a/%2E%2e/b', undefined],
    ['path', 'GET', '/\\evil.example', undefined],
  ])('refuses a wrong %s before anything is sent: %s %s', async (field, method, path, body) => {
    const client = await clientOf();
    await expect(client.request(method as 'GET', path, body)).rejects.toMatchObject({
      name: 'ValidationError',
      errors: { [field]: [expect.any(String)] },
    });
    expect(gateway.seen).toEqual([]);
  });
});

describe('sendTestEvent', () => {
  it('returns the outcome of the event', async () => {
    const client = await clientOf({ '/events/test': json(200, TEST_EVENT) });
    const result = await client.sendTestEvent();
    expectTypeOf(result).toEqualTypeOf<TestEventResult>();
    expect(result).toEqual(TEST_EVENT);
    expect(gateway.to('/events/test')[0]).toMatchObject({ method: 'POST', body: '' });
    expect((await client.withAnswer.sendTestEvent()).answer.status).toBe(200);
  });

  it('is not retried, because each attempt is another event', async () => {
    const client = await clientOf({ '/events/test': inTurn(cut, json(200, TEST_EVENT)) });
    await expect(client.sendTestEvent()).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(gateway.to('/events/test')).toHaveLength(1);
  });
});
