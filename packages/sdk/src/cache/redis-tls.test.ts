/** Connections that `redisStore` opens over TLS, through a front that terminates TLS and forwards to the tests' Redis. */
import { randomUUID } from 'node:crypto';
import { connect as connectTcp, type AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findRedis, type TestRedis } from '../../../../test/support/redis.ts';
import { CERT, KEY } from '../../test/certificate.ts';
import type { RedisAddress } from './open-redis.ts';
import { openStore } from './redis-store.ts';

let redis: TestRedis;
let whyNone: string | undefined;
const front = createServer({ cert: CERT, key: KEY }, (socket) => {
  const line = connectTcp(redis.port, redis.hostname);
  for (const end of [socket, line]) end.on('error', () => [socket, line].forEach((each) => each.destroy()));
  socket.pipe(line).pipe(socket);
});
beforeAll(async () => {
  const found = await findRedis();
  if (typeof found === 'string') whyNone = found;
  else redis = found;
  front.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
});
beforeEach((context) => {
  if (whyNone !== undefined) context.skip(whyNone);
});
afterAll(async () => {
  await new Promise((resolve) => front.close(resolve));
  await redis?.[Symbol.asyncDispose]();
});

describe.each(['redis', 'ioredis'])('a Redis behind TLS, through the package %s', (name) => {
  const open = (tls: RedisAddress['tls']): ReturnType<typeof openStore> =>
    openStore({ hostname: '127.0.0.1', port: (front.address() as AddressInfo).port, tls }, (wanted) =>
      wanted === name ? import(name) : Promise.reject(new Error(`Cannot find package '${wanted}'`)),
    );

  it.each<[string, RedisAddress['tls']]>([
    ['with its authority', { ca: CERT }],
    ['without checking certificates', { rejectUnauthorized: false }],
  ])('is reached %s', async (_how, tls) => {
    const store = open(tls);
    const key = `webpos-test:${randomUUID()}`;
    // A busy machine may need more than the store's second for the first handshake.
    await vi.waitFor(() => store.set(key, 'kept', 60_000));
    expect(await store.get(key)).toBe('kept');
    await store.delete(key);
    await store.close();
  });

  it('is not trusted without a known authority', async () => {
    const store = open(true);
    await expect(store.get('key')).rejects.toThrow('self-signed certificate');
    await store.close();
  });

  it('cannot be reached without TLS', async () => {
    const store = open(false);
    await expect(store.get('key')).rejects.toBeInstanceOf(Error);
    await store.close();
  });
});
