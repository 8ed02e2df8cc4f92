import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { getEventListeners, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/support/make-certificate.ts';
import { epochMs } from '../../kernel/clock.ts';
import { parseId, type CallbackId } from '../../kernel/ids.ts';
import { responseExcerpt, type Attempt, type CallbackSender } from '../attempt.ts';
import { createCallbackSender } from './callback-sender.ts';
import { platformKey, type CallbackKeys } from '../sign.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

const KEYS: CallbackKeys = { platform: platformKey('the secret'), standard: [new Uint8Array(32)] };
const ID = parseId<CallbackId>('5c3e8f0a-6f0a-4d0c-9a53-0d9c0fd0b001');
const NOW = epochMs(1_795_000_000_000);

let sender: CallbackSender;
let servers: Server[];
beforeEach(() => {
  servers = [];
  sender = createCallbackSender({ now: () => NOW, dangerouslyAllowPrivateCallbacks: true, deadlineMs: 400 });
});
afterEach(async () => {
  await sender.close();
  for (const server of servers) server.close().closeAllConnections();
});

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
  server = createServer(),
): Promise<number> {
  servers.push(server);
  server.on('request', (request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const send = (url: string, by = sender): Promise<Attempt> =>
  by.send({ id: ID, body: '{"event":"é"}', url }, KEYS, new AbortController().signal);

describe('sending a callback', () => {
  it('ends when its signal is aborted, and leaves no listener on a signal that is not', async () => {
    const stopping = new AbortController();
    const wanted = { id: ID, body: '{}', url: `http://127.0.0.1:${await serve((_, response) => response.end())}/` };
    expect(await sender.send(wanted, KEYS, stopping.signal)).toMatchObject({ kind: 'acknowledged' });
    expect(getEventListeners(stopping.signal, 'abort')).toEqual([]);
    const hanging = {
      ...wanted,
      url: `http://127.0.0.1:${await serve(() => setImmediate(() => stopping.abort(new Error('stopped'))))}/`,
    };
    expect(await sender.send(hanging, KEYS, stopping.signal)).toMatchObject({
      kind: 'refused',
      error: expect.stringContaining('stopped'),
    });
    expect(getEventListeners(stopping.signal, 'abort')).toEqual([]);
    expect(await sender.send(wanted, KEYS, stopping.signal)).toMatchObject({ kind: 'refused' });
  });

  it('posts the exact bytes of the body with every signature, and reuses the connection', async () => {
    const seen: { method: unknown; headers: IncomingMessage['headers']; body: string; port: unknown }[] = [];
    const port = await serve(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      seen.push({ method: request.method, headers: request.headers, body, port: request.socket.remotePort });
      response.end('thank you\n\u001b[31m!');
    });
    const thanks = { kind: 'acknowledged', answer: { status: 200, excerpt: 'thank you [31m!' } };
    expect(await send(`http://127.0.0.1:${port}/hook?x=1`)).toEqual(thanks);
    for (let n = 0; n < 5; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await send(`http://127.0.0.1:${port}/hook`)).toEqual(thanks);
    }
    expect(seen[0]).toMatchObject({
      method: 'POST',
      body: '{"event":"é"}',
      headers: {
        'content-type': 'application/json',
        'chainside-signature': expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
        'webhook-id': ID,
        'webhook-timestamp': '1795000000',
        'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
      },
    });
    expect(new Set(seen.map(({ port: from }) => from)).size).toBe(1);
  });

  it.each([200, 201, 202, 204, 299])('counts a status of %i as an acknowledgement', async (status) => {
    const port = await serve((_, response) => response.writeHead(status).end());
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'acknowledged', answer: { status } });
  });

  it.each([
    [301, 'refused'],
    [302, 'refused'],
    [303, 'refused'],
    [307, 'refused'],
    [308, 'refused'],
    [304, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
    [410, 'gone'],
    [429, 'refused'],
    [500, 'refused'],
    [503, 'refused'],
  ])('counts a status of %i as %s, and follows no redirect', async (status, kind) => {
    let requests = 0;
    const port = await serve((_, response) => {
      requests += 1;
      response.writeHead(status, { location: `http://127.0.0.1:${port}/elsewhere` }).end(status === 304 ? undefined : 'because');
    });
    const isRedirect = status < 309 && status !== 304;
    const error = isRedirect ? `answered ${status} to http://127.0.0.1:${port}/elsewhere` : `answered ${status}`;
    const attempt = await send(`http://127.0.0.1:${port}/`);
    expect(attempt).toMatchObject({ kind, error, answer: { status } });
    // For a redirect, the log names its target instead of quoting the body.
    expect(responseExcerpt(attempt)).toBe(isRedirect || status === 304 ? error : 'because');
    expect(attempt.kind === 'refused' && attempt.unavailable).toBe([429, 503].includes(status));
    expect(requests).toBe(1);
  });

  it.each([
    ['120', 120_000],
    ['Wed, 18 Nov 2026 14:06:40 GMT', Date.parse('2026-11-18T14:06:40Z') - NOW],
    ['soon', undefined],
    ['-1', expect.any(Number)],
  ])('reads a Retry-After of %s', async (text, retryAfterMs) => {
    const port = await serve((_, response) => response.writeHead(503, { 'retry-after': text }).end());
    const wanted = typeof retryAfterMs === 'number' ? Math.max(0, retryAfterMs) : retryAfterMs;
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ retryAfterMs: wanted });
  });
});

describe('an endpoint that does not answer properly', () => {
  const TOO_LATE = 'no complete answer within 0.4 seconds';

  it('is given up at the deadline', async () => {
    const port = await serve(() => {});
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'refused', error: TOO_LATE });
  });

  it.each([
    ['headers', (response: ServerResponse) => response.socket!.write('HTTP/1.1 200 OK\r\nx: '), ' ', 'refused'],
    ['body after a 500', (response: ServerResponse) => response.writeHead(500).flushHeaders(), ' ', 'refused'],
    ['body after a 200', (response: ServerResponse) => response.writeHead(200).flushHeaders(), ' ', 'acknowledged'],
  ])('that sends its %s byte by byte is cut off at the deadline', async (_, begin, letter, kind) => {
    const port = await serve((request, response) => {
      begin(response);
      const drip = setInterval(() => response.socket?.write(letter), 20);
      request.socket.on('close', () => clearInterval(drip));
    });
    const startedAt = performance.now();
    const attempt = await send(`http://127.0.0.1:${port}/`);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(attempt.kind).toBe(kind);
  });

  it.each([
    [200, 'acknowledged'],
    [500, 'refused'],
  ])('is cut off when the body after a %i does not end', async (status, kind) => {
    let written = 0;
    const port = await serve((_, response) => {
      const chunk = Buffer.alloc(16_384, 'x');
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
      };
      response.writeHead(status).on('drain', more);
      more();
    });
    const attempt = await send(`http://127.0.0.1:${port}/`);
    expect(attempt).toMatchObject({ kind, answer: { status, excerpt: 'x'.repeat(400) } });
    // No more than the buffers of the connection held.
    expect(written).toBeLessThan(20_000_000);
  });

  it('is a failure when its headers are huge', async () => {
    const port = await serve((_, response) => {
      response.socket!.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`);
    });
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'refused', error: expect.stringContaining('HEADERS') });
  });

  it('is a failure with the cause when it hangs up, refuses the connection, does not speak TLS or does not resolve', async () => {
    const port = await serve((request) => request.socket.destroy());
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ error: expect.stringContaining('UND_ERR_SOCKET') });
    expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({ error: expect.stringContaining('TLS') });
    servers.pop()!.close().closeAllConnections();
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ error: expect.stringContaining('ECONNREFUSED') });
    expect(await send('http://nobody.invalid/')).toMatchObject({
      error: expect.stringMatching(/ENOTFOUND|EAI_AGAIN|no complete/),
    });
  });

  it('is a failure with the cause when its certificate is self-signed', async () => {
    const folder = await temporaryFolder();
    const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
    await makeCertificate(files, 'shop.example');
    const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
    const port = await serve((_, response) => response.end(), createHttpsServer({ cert, key }));
    expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({
      kind: 'refused',
      error: 'TLS: the certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)',
    });
  });
});
