import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import fastify from 'fastify';
import { expect, onTestFinished, test, vi } from 'vitest';
import { addRequestHooks } from './request-hooks.ts';

const SLOW_REQUESTS = 30;

test('a probe that arrives in one turn with many requests is answered before most of them', async () => {
  const server = fastify({ forceCloseConnections: true });
  onTestFinished(() => server.close());
  addRequestHooks(server, {
    headers: {},
    limits: undefined,
    trustProxy: { header: 'x-forwarded-for', proxies: { kind: 'none' } },
    accessLog: { info: () => {}, warn: () => {}, error: () => {} } as never,
    metrics: undefined,
    stopping: undefined,
    stopTimeoutMs: 1_000,
  });
  let handled = 0;
  let handledBeforeProbe: number | undefined;
  server.get('/slow', async () => {
    const endMs = performance.now() + 5;
    while (performance.now() < endMs);
    handled += 1;
    return {};
  });
  server.get('/healthz', async () => {
    handledBeforeProbe = handled;
    return {};
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  let accepted = 0;
  server.server.on('connection', () => void (accepted += 1));
  const sockets = await Promise.all(Array.from({ length: SLOW_REQUESTS + 1 }, () => connected(port)));
  await vi.waitUntil(() => accepted === sockets.length);
  const answers = sockets.map((socket) => once(socket, 'data'));
  // All are written in this turn, and so all can be read in the next one.
  for (const [nth, socket] of sockets.entries())
    socket.write(`GET ${nth < SLOW_REQUESTS ? '/slow' : '/healthz'} HTTP/1.1\r\nhost: shop.example\r\n\r\n`);
  for (const answer of await Promise.all(answers)) expect(String(answer[0])).toMatch(/^HTTP\/1.1 200 /);
  expect(handled).toBe(SLOW_REQUESTS);
  expect(handledBeforeProbe).toBeLessThan(SLOW_REQUESTS / 2);
});

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}
