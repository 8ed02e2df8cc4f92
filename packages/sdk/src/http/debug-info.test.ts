import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cut, json, logIn, ORDER_PATH, ORDER_UUID, refuse, silence, type Route } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import type { Client } from '../client.ts';
import type { WebposError } from '../errors/index.ts';

async function errorOf(client: Client, options: object = {}): Promise<WebposError> {
  return await client.getPaymentOrder(ORDER_UUID, options).then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => error as WebposError,
  );
}

describe('the debugInfo of an error', () => {
  it('contains the request and the answer', async () => {
    const client = await clientOf({ [ORDER_PATH]: refuse(404, '3001', { server: 'nginx', 'set-cookie': 'session=1' }) });
    expect((await errorOf(client)).debugInfo).toEqual({
      request: {
        method: 'GET',
        url: gateway.baseUrl + ORDER_PATH,
        headers: {
          'user-agent': expect.stringMatching(/^webpos-sdk\//),
          'X-Api-Version': 'v1',
          Accept: 'application/json',
          Authorization: 'Bearer [redacted]',
        },
      },
      response: {
        status: 404,
        headers: { 'content-type': 'application/json', date: expect.any(String) as string, server: 'nginx' },
        body: '{"error_code":"3001","message":"refused with 3001","request_id":"r-3001"}',
      },
    });
  });

  it('contains the body and the key of a creation', async () => {
    const client = await clientOf({ '/payment-order': refuse(400, '0001') });
    const creating = client.createPaymentOrder({ amount: '1', reference: 'cart' }, { idempotencyKey: 'cart-42' });
    const { debugInfo } = (await creating.catch((error: unknown) => error as WebposError)) as WebposError;
    expect(debugInfo?.request.body).toBe('{"amount":"1","reference":"cart"}');
    expect(debugInfo?.request.headers['Idempotency-Key']).toBe('cart-42');
  });

  it.each([
    ['a broken connection', cut],
    ['a timeout', silence],
  ])('has no response after %s', async (_what, route) => {
    const client = await clientOf({ [ORDER_PATH]: route }, { maxRetries: 0 });
    const { debugInfo } = await errorOf(client, { timeoutMs: 2_000 });
    expect(debugInfo?.request.method).toBe('GET');
    expect(debugInfo).not.toHaveProperty('response');
  });

  it('contains the first 2000 characters of the body', async () => {
    const client = await clientOf({ [ORDER_PATH]: (response) => response.writeHead(400).end('x'.repeat(5000)) });
    expect((await errorOf(client)).debugInfo?.response?.body).toBe('x'.repeat(2000));
  });

  it('contains no secret of a body that PHP wrote', async () => {
    const token = 'to/k/en==';
    const login = json(200, { access_token: token, token_type: 'Bearer', expires_in: 60 });
    const echo: Route = (response) => response.writeHead(400).end(JSON.stringify({ token }).replaceAll('/', '\\/'));
    const client = await clientOf({ '/token': login, [ORDER_PATH]: echo });
    expect((await errorOf(client)).debugInfo?.response?.body).toBe('{"token":"[redacted]"}');
  });

  it('does not appear in a log', async () => {
    const client = await clientOf({ [ORDER_PATH]: refuse(404, '3001', { server: 'nginx' }) });
    const error = await errorOf(client);
    expect(inspect(error) + JSON.stringify(error)).not.toContain('nginx');
  });

  it('contains no secret of the login', async () => {
    const client = await clientOf({ '/token': json(200, { access_token: 'se.cr.et', id_token: 'i.d.t' }) });
    const { debugInfo } = await errorOf(client);
    expect(debugInfo?.request.headers['Authorization']).toBe('Basic [redacted]');
    expect(debugInfo?.response?.body).toBe('[redacted]');
  });

  it("contains no secret of the caller's headers, wherever it is echoed", async () => {
    const echo: Route = (response, _count, seen) => {
      const reported = inspect(seen.headers);
      response.writeHead(400, { 'content-type': 'text/plain', server: String(seen.headers['x-proxy-pass']) }).end(reported);
    };
    const client = await clientOf({ '/token': logIn(), [ORDER_PATH]: echo });
    const headers = { 'X-Proxy-Pass': 'open-sesame', 'X-Request-Id': 'request-1' };
    const { debugInfo, message } = await errorOf(client, { headers });
    expect(debugInfo?.request.headers).toMatchObject({ 'x-proxy-pass': '[redacted]', 'x-request-id': 'request-1' });
    const shown = inspect(debugInfo, { depth: 9 }) + message;
    for (const secret of ['open-sesame', 'token-1', 's€cret']) expect(shown).not.toContain(secret);
    expect(shown).toContain('request-1');
  });
});
