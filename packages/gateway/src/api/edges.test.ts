import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertError } from '../../test/support/shapes.ts';
import { openTestGateway, type Shop, type TestGateway } from '../../test/support/test-gateway.ts';
import { createServer } from './server.ts';

let test: TestGateway;
let shop: Shop;
let uuid: string;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_PUBLIC_URL: 'https://pay.example.com' });
  shop = await test.newPos();
  const made = await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00' } });
  ({ uuid } = made.body as { uuid: string });
});
afterAll(() => test[Symbol.asyncDispose]());

describe('a request that is too large', () => {
  it('gets 414 for its URL on every path', async () => {
    for (const path of ['/payment-order?x=', '/checkout/', '/nothing/'])
      assertError(await test.call('GET', path + 'a'.repeat(4_100), { token: shop.token }), 414, '0001');
    const longest = `/payment-order?x=${'a'.repeat(4_096 - 17)}`;
    expect((await test.call('GET', longest, { token: shop.token })).status).toBe(200);
  });

  it('gets 431 for its number of headers', async () => {
    const headers = Object.fromEntries(Array.from({ length: 110 }, (_, i) => [`x-${i}`, 'a']));
    assertError(await test.call('GET', '/payment-order', { token: shop.token, headers }), 431, '0001');
    const fewer = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`x-${i}`, 'a']));
    expect((await test.call('GET', '/payment-order', { token: shop.token, headers: fewer })).status).toBe(200);
  });
});

describe('the security headers', () => {
  const careful = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'cross-origin-resource-policy': 'same-origin',
    'strict-transport-security': 'max-age=31536000',
  };

  it.each([
    ['an order', 'GET', (): string => `/payment-order/${uuid}`, 200],
    ['a list of orders', 'GET', (): string => '/payment-order', 200],
    ['a refused login', 'POST', (): string => '/token', 401],
    ['an unknown path', 'GET', (): string => '/nothing', 404],
    ['an invalid path', 'GET', (): string => '/%zz', 404],
    ['an unsupported method', 'PUT', (): string => '/token', 405],
    ['OPTIONS', 'OPTIONS', (): string => '/token', 204],
    ['health', 'GET', (): string => '/healthz', 200],
  ] as const)('of %s keep it out of caches, frames and other pages', async (_what, method, path, status) => {
    const answer = await test.call(method, path(), method === 'POST' || method === 'PUT' ? { body: {} } : { token: shop.token });
    expect(answer.status).toBe(status);
    const found = Object.fromEntries(answer.headers);
    expect(found).toMatchObject({ ...careful, 'cache-control': 'no-store' });
    expect(found['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(found).not.toHaveProperty('server');
    expect(found).not.toHaveProperty('x-powered-by');
  });

  it('of a page are as strict, and state what it may load', async () => {
    const found = Object.fromEntries((await test.call('GET', `/checkout/${uuid}`)).headers);
    expect(found).toMatchObject({ ...careful, 'cache-control': 'no-store' });
    expect(found['content-security-policy']).toMatch(/frame-ancestors 'none'/);
    expect(found['content-security-policy']).toContain("script-src 'self'");
  });

  it('include HSTS only if clients use HTTPS', async () => {
    await using plain = await openTestGateway();
    expect((await plain.call('GET', '/healthz')).headers.has('strict-transport-security')).toBe(false);
  });
});

describe('connections', () => {
  it('that send their headers byte by byte are closed, and do not delay others', async () => {
    const { context } = test.gateway;
    const log = { info: () => {}, error: () => {} };
    const server = await createServer({ context, sandbox: true, health: () => test.gateway.health(), log });
    const port = Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port);
    Object.assign(server.server, { headersTimeout: 500, requestTimeout: 500 });
    const slow = await Promise.all(Array.from({ length: 50 }, () => connected(port)));
    const answers = slow.map((socket) => wholeAnswer(socket));
    const drip = setInterval(() => {
      for (const socket of slow) if (socket.writable) socket.write('a');
    }, 50);
    for (const socket of slow) socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    const before = Date.now();
    expect(await ask(await connected(port))).toMatch(/^HTTP\/1\.1 200/);
    expect(Date.now() - before).toBeLessThan(500);
    const texts = await Promise.all(answers);
    clearInterval(drip);
    expect(texts.every((text) => text.startsWith('HTTP/1.1 408') && text.includes('"error_code":"0001"'))).toBe(true);
    await server.close();
  });
});

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket): Promise<string> {
  socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString();
}

async function wholeAnswer(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(socket, 'close');
  return text;
}
