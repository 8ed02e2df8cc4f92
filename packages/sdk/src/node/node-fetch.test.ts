import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CERT, KEY } from '../../test/certificate.ts';
import { CREATED, json, ORDER, ORDER_PATH, ORDER_UUID } from '../../test/gateway.ts';
import { clientOf, gateway, useGateway } from '../../test/harness.ts';
import { PROXY_PASSWORD, startProxy, type TestProxy } from '../../test/proxy.ts';
import { Client } from '../client.ts';
import { isWebposError, type WebposError } from '../errors/index.ts';
import type { Fetch } from '../http/fetch.ts';
import type { HttpOptions } from '../options/http-options.ts';
import { nodeFetch } from './index.ts';

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

async function listen(server: Server | TlsServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  toClose.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A server that keeps each connection open after its first answer, and drops it without an answer at the second request. */
async function startForgetful(): Promise<{ url: string; served: string[] }> {
  const served: string[] = [];
  const server = createServer((socket) => {
    let requests = 0;
    socket.on('error', () => undefined);
    socket.on('data', (text) => {
      served.push(String(text).split(' ')[0]!);
      requests += 1;
      if (requests === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      else socket.resetAndDestroy();
    });
  });
  return { url: `http://127.0.0.1:${await listen(server)}/`, served };
}

function send(fetch: Fetch, url: string, method: string): ReturnType<Fetch> {
  return fetch(url, { method, headers: {}, signal: new AbortController().signal, redirect: 'manual' });
}

const LOGIN = { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600, id_token: 'a.b.c' };

async function openProxy(): Promise<TestProxy> {
  const proxy = await startProxy();
  toClose.push(proxy.close);
  return proxy;
}

/** A gateway over TLS with a certificate that no authority signed. */
async function startTls(): Promise<string> {
  const server = createTlsServer({ cert: CERT, key: KEY }, (request, response) => {
    response.end(JSON.stringify(request.url === '/token' ? LOGIN : ORDER));
  });
  return `https://127.0.0.1:${await listen(server)}`;
}

function clientAt(baseUrl: string, http: HttpOptions): Client {
  return new Client({ mode: 'sandbox', clientId: 'shop', secret: 'hush-hush', baseUrl, http, maxRetries: 0 });
}

async function errorOf(client: Client): Promise<WebposError> {
  const error: unknown = await client.getPaymentOrder(ORDER_UUID).catch((thrown: unknown) => thrown);
  if (!isWebposError(error)) throw new Error('expected an error of this library', { cause: error });
  return error;
}

describe('an idle connection that the server closed', () => {
  it.each(['GET', 'DELETE'])('does not fail a %s, which is sent again on a new connection', async (method) => {
    const { url, served } = await startForgetful();
    const fetch = nodeFetch();
    await send(fetch, url, 'GET');
    const answer = await send(fetch, url, method);
    expect(await answer.text()).toBe('ok');
    expect(served).toEqual(['GET', method, method]);
  });

  it.each(['POST', 'PATCH'])('fails a %s, on which the server may have acted', async (method) => {
    const { url, served } = await startForgetful();
    const fetch = nodeFetch();
    await send(fetch, url, 'GET');
    await expect(send(fetch, url, method)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(served).toEqual(['GET', method]);
  });

  it('is not reused, and neither are the other idle ones', async () => {
    const { url, served } = await startForgetful();
    const fetch = nodeFetch();
    await Promise.all([send(fetch, url, 'GET'), send(fetch, url, 'GET'), send(fetch, url, 'GET')]);
    expect(await (await send(fetch, url, 'GET')).text()).toBe('ok');
    expect(served).toHaveLength(5);
  });

  it('fails a GET that breaks on a new connection too', async () => {
    let connections = 0;
    const port = await listen(
      createServer((socket) => {
        connections += 1;
        socket.on('data', () => socket.resetAndDestroy());
      }),
    );
    await expect(send(nodeFetch(), `http://127.0.0.1:${port}/`, 'GET')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(connections).toBe(1);
  });
});

/** A server that answers the first request of each connection, and nothing on it afterwards. */
async function startDarkening(): Promise<{ url: string; requests: number[] }> {
  /** By connection. */
  const requests: number[] = [];
  const server = createServer((socket) => {
    const connection = requests.push(0) - 1;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      requests[connection]! += 1;
      const body = JSON.stringify({ ...ORDER, ...LOGIN });
      if (requests[connection] === 1) socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, requests };
}

describe('an idle connection that died', () => {
  it('is abandoned with the other idle ones, and the read succeeds on a new connection', async () => {
    const { url, requests } = await startDarkening();
    const client = new Client({
      mode: 'sandbox',
      clientId: 'shop',
      secret: 'hush-hush',
      baseUrl: url,
      http: { fetch: nodeFetch(), timeoutMs: 4000 },
    });
    await client.clientCredentialsLogin();
    // The first dies at its second request, which is abandoned; two of the three concurrent calls open connections of their own.
    await Promise.all([1, 2, 3].map(() => client.getPaymentOrder(ORDER_UUID)));
    const connections = requests.length;
    expect((await client.getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
    expect(requests).toHaveLength(connections + 1);
    expect(requests.at(-1)).toBe(1);
  });
});

describe('a connection that was idle', () => {
  const SECONDS = 1000;
  it.each([
    { method: 'GET', idleMs: 3 * SECONDS, connections: 1 },
    { method: 'GET', idleMs: 5 * SECONDS, connections: 2 },
    { method: 'POST', idleMs: 0.5 * SECONDS, connections: 1 },
    { method: 'POST', idleMs: 2 * SECONDS, connections: 2 },
    { method: 'GET', idleMs: -3600 * SECONDS, connections: 1 },
  ])(
    'for $idleMs ms by the clock is followed by a $method on $connections connections in all',
    async ({ method, idleMs, connections }) => {
      const opened = vi.fn();
      const server = createHttpServer((_request, response) => response.end('ok')).on('connection', opened);
      const url = `http://127.0.0.1:${await listen(server)}/`;
      const fetch = nodeFetch();
      const now = vi.spyOn(Date, 'now').mockReturnValue(0);
      await send(fetch, url, 'GET');
      now.mockReturnValue(idleMs);
      await send(fetch, url, method);
      expect(opened).toHaveBeenCalledTimes(connections);
    },
  );

  it('is closed before a Node server would close it', async () => {
    const server = createHttpServer((_request, response) => response.end('ok'));
    server.keepAliveTimeout = 60_000;
    const url = `http://127.0.0.1:${await listen(server)}/`;
    const connected = once(server, 'connection') as Promise<[Socket]>;
    await send(nodeFetch(), url, 'GET');
    const [socket] = await connected;
    await once(socket, 'close');
    expect(socket.destroyed).toBe(true);
  });

  it.each<[string, (url: string) => Promise<string[]>]>([
    ['over http', async (url) => [url]],
    ['through a proxy', async (url) => [url, (await openProxy()).url]],
    ['over TLS', async () => [await startTls()]],
    ['through a tunnel', async () => [await startTls(), (await openProxy()).url]],
  ])('keeps no process alive: %s', async (_how, argumentsFor) => {
    const { baseUrl } = await useGateway();
    const program = fileURLToPath(new URL('../../test/one-call-process.ts', import.meta.url));
    const words = ['--conditions=webpos-source', '--import', 'tsx', program, ...(await argumentsFor(baseUrl))];
    const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: 25_000 });
    const { uuid, exitedAfterMs } = JSON.parse(stdout) as { uuid: string; exitedAfterMs: number };
    expect(uuid).toBe(ORDER_UUID);
    // Before the four seconds after which the connection is closed.
    expect(exitedAfterMs).toBeLessThan(3000);
  });
});

describe('nodeFetch', () => {
  it('keeps connections alive, and is not used by default', async () => {
    const asked = vi.spyOn(Agent.prototype, 'addRequest' as never);
    const client = await clientOf({}, { http: { fetch: nodeFetch() } });
    await client.getPaymentOrder(ORDER_UUID);
    expect(asked).toHaveBeenCalledTimes(2);
    await new Client({ mode: 'sandbox', clientId: 'shop', secret: 's€cret', baseUrl: gateway.baseUrl }).getPaymentOrder(
      ORDER_UUID,
    );
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('sends bodies with their length in bytes', async () => {
    const client = await clientOf({ '/payment-order': json(200, CREATED) }, { http: { fetch: nodeFetch() } });
    await client.createPaymentOrder({ amount: '1', reference: 'caffè' });
    const [{ body, headers } = {}] = gateway.to('/payment-order');
    expect(body).toBe('{"amount":"1","reference":"caffè"}');
    expect(headers).toMatchObject({ 'content-length': String(Buffer.byteLength(body!)), host: new URL(gateway.baseUrl).host });
    await client.paymentReset(ORDER_UUID);
    expect(gateway.seen.at(-1)!.headers).toMatchObject({ 'content-length': '0' });
  });

  it('asks for no compression, and refuses a compressed answer', async () => {
    const packed = gzipSync(JSON.stringify(ORDER));
    const client = await clientOf(
      { [ORDER_PATH]: (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed) },
      { http: { fetch: nodeFetch() } },
    );
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ name: 'UnexpectedAnswerError', status: 200 });
    expect(gateway.to(ORDER_PATH)[0]!.headers['accept-encoding']).toBe('identity');
  });

  it('uses the agent that it is given', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    toClose.push(() => agent.destroy());
    const used = vi.spyOn(agent, 'createConnection' as never);
    const client = await clientOf({}, { http: { agent } });
    await Promise.all([client.getPaymentOrder(ORDER_UUID), client.getPaymentOrder(ORDER_UUID)]);
    expect(used).toHaveBeenCalledOnce();
  });

  it('accepts a certificate that no authority signed only if told to', async () => {
    const baseUrl = await startTls();
    expect(await errorOf(clientAt(baseUrl, { fetch: nodeFetch() }))).toMatchObject({
      name: 'ConnectionError',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    for (const http of [{ verifySsl: false }, { fetch: nodeFetch({ ca: CERT }) }])
      expect((await clientAt(baseUrl, http).getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
  });

  it('reports a missing node:http at once', () => {
    vi.stubGlobal('process', {});
    expect(() => nodeFetch()).toThrow('http: expected a runtime with node:http, got one without');
    vi.unstubAllGlobals();
  });
});

describe('a dispatcher', () => {
  it('is passed to fetch with every request', async () => {
    const dispatcher = {};
    const given: unknown[] = [];
    const spy: Fetch = (url, init) => {
      given.push((init as { dispatcher?: unknown }).dispatcher);
      return fetch(url, { ...init, dispatcher: undefined } as RequestInit);
    };
    const client = await clientOf({}, { http: { fetch: spy, dispatcher } });
    await client.getPaymentOrder(ORDER_UUID);
    expect(given).toEqual([dispatcher, dispatcher]);
  });
});

describe('a dispatcher of another version of undici than that of fetch', () => {
  /** Undici 8 refuses the handlers of the undici in Node 20 and 22 like this, before anything is sent. */
  const dispatch = (): never => {
    const fields = { name: 'InvalidArgumentError', code: 'UND_ERR_INVALID_ARG' };
    throw Object.assign(new Error('invalid onRequestStart method'), fields);
  };

  it.each<[string, (client: Client) => Promise<unknown>]>([
    ['a login', (client) => client.clientCredentialsLogin()],
    ['a read', (client) => client.getPaymentOrder(ORDER_UUID)],
    ['a creation', (client) => client.createPaymentOrder({ amount: '1' })],
  ])('fails %s at once, with the remedy', async (_what, call) => {
    const dispatched = vi.fn(dispatch);
    const client = await clientOf({}, { http: { dispatcher: { dispatch: dispatched } } });
    await expect(call(client)).rejects.toMatchObject({
      name: 'ConfigurationError',
      field: 'dispatcher',
      message: expect.stringMatching(/fetch of the same undici.*invalid onRequestStart method/) as string,
    });
    expect(dispatched).toHaveBeenCalledOnce();
    expect(gateway.seen).toEqual([]);
  });
});

describe('a proxy', () => {
  it('is asked for the whole URL of an http gateway', async () => {
    const proxy = await startProxy();
    toClose.push(proxy.close);
    const client = await clientOf({}, { http: { proxy: proxy.url } });
    expect((await client.getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
    expect(proxy.asked).toEqual([`POST ${gateway.baseUrl}/token`, `GET ${gateway.baseUrl}${ORDER_PATH}`]);
    expect(gateway.to(ORDER_PATH)[0]!.headers.host).toBe(new URL(gateway.baseUrl).host);
  });

  it('is asked for one tunnel to an https gateway, with TLS to the gateway', async () => {
    const proxy = await startProxy();
    toClose.push(proxy.close);
    const baseUrl = await startTls();
    const fetch = nodeFetch({ proxy: new URL(proxy.url), ca: CERT });
    expect((await clientAt(baseUrl, { fetch }).getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
    expect(proxy.asked).toEqual([`CONNECT ${new URL(baseUrl).host}`]);
    const error = await errorOf(clientAt(baseUrl, { proxy: proxy.url }));
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  it.each([407, 502])(
    'that refuses the tunnel with %d causes an error that the request never arrived, without the password',
    async (status) => {
      const proxy = await startProxy(status);
      toClose.push(proxy.close);
      const error = await errorOf(clientAt('https://127.0.0.1:1', { proxy: proxy.url }));
      expect(error).toMatchObject({ name: 'ConnectionError', code: 'ERR_PROXY_TUNNEL', neverArrived: true });
      expect(error.message).toContain(`it answered ${status} to CONNECT`);
      const shown = inspect(error, { depth: 20, showHidden: true }) + inspect(error.debugInfo) + JSON.stringify(error);
      const basic = Buffer.from(`shop:${PROXY_PASSWORD}`).toString('base64');
      for (const secret of [PROXY_PASSWORD, encodeURIComponent(PROXY_PASSWORD), basic]) expect(shown).not.toContain(secret);
    },
  );

  it('that does not exist causes an error that the request never arrived', async () => {
    const proxy = await startProxy();
    await proxy.close();
    const error = await errorOf(clientAt('https://127.0.0.1:1', { proxy: proxy.url }));
    expect(error).toMatchObject({ code: 'ERR_PROXY_TUNNEL', neverArrived: true });
  });

  it('that does not answer is abandoned at the time limit of the call', async () => {
    const closed: Promise<unknown>[] = [];
    const port = await listen(
      createServer((socket) => void closed.push(new Promise((resolve) => socket.resume().on('close', resolve)))),
    );
    const client = clientAt('https://127.0.0.1:1', { proxy: `http://127.0.0.1:${port}`, timeoutMs: 200 });
    expect(await errorOf(client)).toMatchObject({ name: 'TimeoutError' });
    expect(closed).toHaveLength(1);
    await closed[0];
  });
});
