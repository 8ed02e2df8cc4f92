import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { SourceUnavailableError } from '../../source.ts';
import { RpcError } from './rpc-error.ts';
import { createNodeRpc } from './rpc.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';

const forever = new AbortController().signal;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function listen(handler: RequestListener): Promise<{ url: string; port: number; server: Server }> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, server };
}

const ok: RequestListener = (_, response) => response.end('{"id":0,"result":"fine"}');

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  return await promise.then(
    () => Promise.reject(new Error('expected a failure')),
    (error: unknown) => error as Error,
  );
}

test('the error of a refused call has the code of the node', async () => {
  const { url } = await listen((_, response) =>
    response.end('{"id":0,"error":{"code":-8,"message":"Block height out of range"}}'),
  );
  const error = await failureOf(createNodeRpc({ url }).call('getblockhash', [9], forever));
  expect(error).toBeInstanceOf(RpcError);
  expect(error).toMatchObject({
    code: -8,
    method: 'getblockhash',
    message: 'bitcoind: getblockhash: Block height out of range (error -8)',
  });
});

test('a call fails fast where nothing listens', async () => {
  const { url, server } = await listen(ok);
  server.close();
  const begin = Date.now();
  const error = await failureOf(
    createNodeRpc({ url: url.replace('http://', 'http://shop:s3cret@') }).call('getblockcount', [], forever),
  );
  expect(error).toBeInstanceOf(SourceUnavailableError);
  expect(error.message).toBe(`bitcoind at ${url}: getblockcount: nothing listens there (ECONNREFUSED)`);
  expect(inspect(error, { depth: 9 })).not.toContain('s3cret');
  expect(Date.now() - begin).toBeLessThan(1000);
});

test('https to a node without TLS fails with a one-line explanation', async () => {
  const { url } = await listen(ok);
  const https = url.replace('http://', 'https://');
  const error = await failureOf(createNodeRpc({ url: https }).call('getblockcount', [], forever));
  expect(error.message).toBe(
    `bitcoind at ${https}: getblockcount: the node does not speak TLS: its URL begins with http://, unless a proxy with a certificate is in front of it`,
  );
});

test('the deadline covers the body as well', async () => {
  const { url } = await listen((_, response) => void response.write('{"id":0,'));
  const error = await failureOf(createNodeRpc({ url, timeoutMs: 100 }).call('getblock', [], forever));
  expect(error).toEqual(new SourceUnavailableError('bitcoind: getblock: no answer within 100 ms'));
});

test('an abort ends a call with its own reason', async () => {
  const { url } = await listen(() => undefined);
  const controller = new AbortController();
  const failure = failureOf(createNodeRpc({ url }).call('getblock', [], controller.signal));
  controller.abort(new Error('shutting down'));
  expect(await failure).toEqual(new Error('shutting down'));
  expect(await failureOf(createNodeRpc({ url }).call('getblock', [], controller.signal))).toEqual(new Error('shutting down'));
});

test('an answer above the limit is dropped', async () => {
  const { url } = await listen((_, response) => response.end(JSON.stringify({ id: 0, result: 'x'.repeat(5000) })));
  const error = await failureOf(createNodeRpc({ url, maxAnswerBytes: 1000 }).call('getblock', [], forever));
  expect(error).toBeInstanceOf(SourceUnavailableError);
  expect(error.message).toContain('larger than allowed');
});

test('no more connections are opened than allowed', async () => {
  let open = 0;
  let most = 0;
  const { url } = await listen((_, response) => {
    most = Math.max(most, ++open);
    setTimeout(() => {
      open--;
      response.end('{"id":0,"result":1}');
    }, 20);
  });
  const rpc = createNodeRpc({ url, maxConnections: 3 });
  await Promise.all(Array.from({ length: 20 }, () => rpc.call('getblockcount', [], forever)));
  expect(most).toBe(3);
});

test('the error about a wrong password does not contain it', async () => {
  const { url } = await listen((_, response) => response.writeHead(401).end());
  const error = await failureOf(createNodeRpc({ url: url.replace('//', '//shop:s3cret@') }).call('getblockcount', [], forever));
  expect(error).toBeInstanceOf(SourceUnavailableError);
  expect(error.message).toMatch(/refused our credentials \(HTTP 401\): are the user and the password in the URL right/);
  expect(inspect(error, { depth: 9 })).not.toMatch(/s3cret|c2hvc|shop/);
});

test('a changed cookie is read again, and an unchanged one is reported', async () => {
  const folder = await temporaryFolder();
  const cookieFile = join(folder, '.cookie');
  let valid = '__cookie__:one';
  let refusals = 0;
  const { url } = await listen((request, response) => {
    const given = Buffer.from(request.headers.authorization?.split(' ')[1] ?? '', 'base64').toString();
    if (given === valid) return void response.end('{"id":0,"result":"fine"}');
    refusals++;
    response.writeHead(401).end();
  });
  const rpc = createNodeRpc({ url, cookieFile });
  const call = (): Promise<unknown> => rpc.call('getblockcount', [], forever);

  expect((await failureOf(call())).message).toContain('.cookie: ENOENT; it exists only while the node runs');
  await writeFile(cookieFile, valid);
  expect(await call()).toBe('fine');
  valid = '__cookie__:two';
  await writeFile(cookieFile, `${valid}\n`);
  expect(await Promise.all([call(), call()])).toEqual(['fine', 'fine']);
  refusals = 0;
  expect(await call()).toBe('fine');
  expect(refusals).toBe(0);
  valid = '__cookie__:three';
  expect((await failureOf(call())).message).toContain(`is ${cookieFile} the cookie file of this node?`);
});
