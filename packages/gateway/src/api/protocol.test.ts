import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsedAnswer } from '../../test/support/parsed-answer.ts';
import { assertError, is } from '../../test/support/shapes.ts';
import { openTestGateway, type Answer, type CallOptions, type Shop, type TestGateway } from '../../test/support/test-gateway.ts';
import { createServer } from './server.ts';

let test: TestGateway;
let shop: Shop;
let uuid: string;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_OPS_PORT: '0' });
  shop = await test.newPos();
  uuid = ((await post({ amount: '10.00' })).body as { uuid: string }).uuid;
});
afterAll(() => test[Symbol.asyncDispose]());

function post(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return test.call('POST', '/payment-order', { token: shop.token, body, headers });
}

function get(options: CallOptions = {}, method = 'GET'): Promise<Answer> {
  return test.call(method, `/payment-order/${uuid}`, { token: shop.token, ...options });
}

describe('the header X-Api-Version', () => {
  it.each([undefined, 'v1', 'v2'])('may be %s, and gets version 1', async (version) => {
    expect((await get({ headers: version === undefined ? {} : { 'x-api-version': version } })).status).toBe(200);
  });

  it.each(['v3', 'v0', '1', 'V1', '', 'v1, v1', 'v1; q=1', '\u00e9', 'x'.repeat(1000)])('must not be %j', async (version) => {
    const errors = assertError(await get({ headers: { 'x-api-version': version } }), 400, '0001');
    expect(Object.keys(errors)).toEqual(['X-Api-Version']);
  });

  it('is checked at the login too', async () => {
    assertError(await test.call('POST', '/token', { headers: { 'x-api-version': 'v3' } }), 400, '0001');
  });
});

describe('the header Accept', () => {
  it.each([
    'application/json',
    '*/*',
    'application/*',
    'text/html, application/json;q=0.5',
    'APPLICATION/JSON',
    '',
    'text/html,*/*;q=0.1',
  ])('may be %j', async (accept) => {
    expect((await get({ headers: { accept } })).status).toBe(200);
  });

  it.each(['text/html', 'application/xml', 'application/json;q=0', 'text/*', 'json'])(
    'is refused with 3013 if it is %j',
    async (accept) => {
      assertError(await get({ headers: { accept } }), 406, '3013');
    },
  );
});

describe('the header Content-Type', () => {
  it('may be JSON without a body, as the older clients send it', async () => {
    expect((await get({ headers: { 'content-type': 'application/json' } })).status).toBe(200);
    const raw = await overSocket(`GET /payment-order/${uuid}`, [
      `Authorization: Bearer ${shop.token}`,
      'Content-Type: application/json',
      'Content-Length: 0',
    ]);
    expect(raw.status).toBe(200);
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON'])('may be %s', async (type) => {
    expect((await post({ amount: '10.00' }, { 'content-type': type })).status).toBe(201);
  });

  it.each([
    'text/plain',
    'text/plain; application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonp',
    'text/json',
    'json',
    '',
    '; charset=utf-8',
    'application/json\u00e9',
  ])('is refused with 3012 if it is %j and there is a body', async (type) => {
    assertError(await post('{"amount":"10.00"}', { 'content-type': type }), 415, '3012');
  });

  it('is required with a body, or the request is refused with 3012', async () => {
    const body = '{"amount":"10.00"}';
    const head = [`Authorization: Bearer ${shop.token}`, `Content-Length: ${body.length}`];
    assertError(await overSocket('POST /payment-order', head, body), 415, '3012');
  });
});

describe('a request', () => {
  it.each([
    '/',
    '/orders',
    '/payment-orders',
    '/payment-order/',
    '/PAYMENT-ORDER',
    '//payment-order',
    '/%',
    '/payment-order/%zz',
    '/token/x',
    '/..%2ftoken',
  ])('for the path %s gets 3001', async (path) => {
    assertError(await test.call('GET', path, { token: shop.token }), 404, '3001');
  });

  it.each(['POST', 'PUT', 'PATCH'])('for an order with %s gets 3003 and the allowed methods', async (method) => {
    const answer = await get({ body: {} }, method);
    assertError(answer, 405, '3003');
    expect(answer.headers.get('allow')!.split(', ')).toEqual(expect.arrayContaining(['GET', 'HEAD']));
    expect(answer.headers.get('allow')!.split(', ')).not.toContain(method);
  });

  it('with OPTIONS gets the allowed methods, and no permission for pages of other sites', async () => {
    const headers = { origin: 'https://shop.example', 'access-control-request-method': 'DELETE' };
    const answer = await test.call('OPTIONS', `/payment-order/${uuid}`, { headers });
    expect([answer.status, answer.text, answer.headers.get('allow')]).toEqual([204, '', 'DELETE, GET, HEAD, OPTIONS']);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect((await test.call('OPTIONS', '/token')).headers.get('allow')).toBe('OPTIONS, POST');
    assertError(await test.call('OPTIONS', '/nothing'), 404, '3001');
  });

  it('with a wrong method is refused before anything else is checked', async () => {
    assertError(await test.call('PUT', '/payment-order', { body: 'x', headers: { 'content-type': 'text/plain' } }), 405, '3003');
  });

  it.each(['TRACE', 'PROPFIND', 'PURGE'])('with %s, which no path supports, gets an error of the contract', async (method) => {
    const answer = await overSocket(`${method} /payment-order`, []);
    expect(answer.status).toBeGreaterThanOrEqual(404);
    assertError(answer, answer.status, answer.status === 405 ? '3003' : '3001');
  });

  it('with HEAD gets the response of GET without the body', async () => {
    const [whole, head] = [await get(), await get({}, 'HEAD')];
    expect(head.status).toBe(200);
    expect(head.text).toBe('');
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(whole.text)));
    const missing = await test.call('HEAD', '/payment-order/x', { token: shop.token });
    expect([missing.status, missing.text]).toEqual([404, '']);
    expect(missing.headers.get('x-request-id')).toSatisfy(is.uuid);
  });

  it('gets an id of its own, which the client cannot choose', async () => {
    const mine = '00000000-0000-4000-8000-000000000000';
    const answers = await Promise.all([
      get({ headers: { 'x-request-id': mine } }),
      get({ headers: { 'request-id': mine } }),
      get(),
    ]);
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    expect(new Set([...ids, mine]).size).toBe(4);
  });
});

describe('a body', () => {
  it('of 64 KiB is accepted, and a larger one is refused with 413', async () => {
    const filled = (bytes: number): string => `{"amount":"10.00","x":"${'x'.repeat(bytes - 25)}"}`;
    expect((await post(filled(65_536))).status).toBe(201);
    assertError(await post(filled(65_537)), 413, '0001');
  });

  it('with too large a Content-Length is refused before it is sent', async () => {
    const head = [`Authorization: Bearer ${shop.token}`, 'Content-Type: application/json', 'Content-Length: 999999999'];
    assertError(await overSocket('POST /payment-order', head, '{'), 413, '0001');
  });

  it('in endless chunks is refused once it is too large', async () => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${shop.token}`, 'content-type': 'application/json' };
      const request = httpRequest(`${test.gateway.url}/payment-order`, { method: 'POST', headers }, (response) => {
        clearInterval(timer);
        response.resume();
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      const timer = setInterval(() => request.write('x'.repeat(20_000)), 5);
    });
    expect(answer).toBe(413);
  });

  it('that is not UTF-8 is refused', async () => {
    const body = Buffer.concat([Buffer.from('{"amount":"10.00","details":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const head = [`Authorization: Bearer ${shop.token}`, 'Content-Type: application/json', `Content-Length: ${body.length}`];
    assertError(await overSocket('POST /payment-order', head, body), 400, '0001');
  });
});

describe.each(['url', 'opsUrl'] as const)('a malformed request to the %s of the gateway', (port) => {
  it.each([
    ['nonsense', 'hello\r\n\r\n', 400],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['no Host header', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['two Host headers', 'GET /healthz HTTP/1.1\r\nHost: a\r\nhost: b\r\nConnection: close\r\n\r\n', 400],
    [
      'two Host headers far apart',
      `GET /healthz HTTP/1.1\r\nHost: a\r\n${'a:\r\n'.repeat(2_500)}Host: b\r\nConnection: close\r\n\r\n`,
      431,
    ],
    ['a URL of 5,000 bytes', `GET /${'a'.repeat(5_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 414],
    ['a Host header with a path', 'GET /healthz HTTP/1.1\r\nHost: a b/c\r\nConnection: close\r\n\r\n', 400],
    ['two lengths', 'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['a broken chunk', 'POST /token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n', 400],
    ['a split header', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\nc\r\n\r\n', 400],
    ['headers above 16 KiB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('gets an error of the contract: %s', async (_what, text, status) => {
    assertError(await parsedAnswer(socketTo(test.gateway[port]), text), status, '0001');
  });

  it.each(['', 'a_b.example:8080', '[::1]:80', '127.0.0.1', 'xn--bcher-kva.example.'])(
    'is not one with the host %j',
    async (host) => {
      const answer = await parsedAnswer(
        socketTo(test.gateway[port]),
        `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
      expect(answer.status).toBe(200);
    },
  );

  it('is not one with an unknown expectation', async () => {
    const text = 'GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nConnection: close\r\n\r\n';
    expect((await parsedAnswer(socketTo(test.gateway[port]), text)).status).toBe(200);
  });
});

describe('a slow client', () => {
  it('gets an error and is disconnected when its request never ends', async () => {
    const { context } = test.gateway;
    const log = { info: () => {}, error: () => {} };
    const server = await createServer({ context, sandbox: true, health: () => test.gateway.health(), log });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    expect([server.server.requestTimeout, server.server.headersTimeout]).toEqual([30_000, 10_000]);
    Object.assign(server.server, { requestTimeout: 300, headersTimeout: 300 });
    const answer = await parsedAnswer(socketTo(url), 'POST /token HTTP/1.1\r\nHost: a\r\nContent-Le');
    assertError(answer, 408, '0001');
    await server.close();
  });

  it('does not keep the gateway from stopping', async () => {
    const other = await openTestGateway({ WEBPOS_STOP_TIMEOUT_S: '2' });
    const socket = socketTo(other.gateway.url);
    socket.on('error', () => {});
    socket.write('POST /token HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n');
    const drip = setInterval(() => socket.write(' '), 100);
    await sleep(200);
    const before = Date.now();
    await other[Symbol.asyncDispose]();
    clearInterval(drip);
    expect(Date.now() - before).toBeLessThan(4_000);
  });

  it('that disconnects in the middle of a body causes no error in the log', async () => {
    const socket = socketTo();
    socket.write('POST /token HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"a":');
    await sleep(100);
    socket.destroy();
    await sleep(100);
    expect(test.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});

function socketTo(url = test.gateway.url): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}

function overSocket(requestLine: string, headers: readonly string[], body: string | Buffer = ''): Promise<Answer> {
  const head = [`${requestLine} HTTP/1.1`, 'Host: test', 'Connection: close', ...headers].join('\r\n');
  return parsedAnswer(socketTo(), Buffer.concat([Buffer.from(`${head}\r\n\r\n`), Buffer.from(body)]));
}
