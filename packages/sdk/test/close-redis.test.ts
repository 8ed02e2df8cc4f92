/** What closing a client does to the connections of its store in a real Redis. */
import { randomUUID } from 'node:crypto';
import { Redis as IoRedis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findRedis, type TestRedis } from '../../../test/support/redis.ts';
import { redisStore, sharedTokens, type RedisStore } from '../src/cache/index.ts';
import { Client } from '../src/index.ts';
import { ORDER_UUID } from './gateway.ts';
import { gateway, useGateway } from './harness.ts';

let redis: TestRedis;
let whyNone: string | undefined;
/** Observes the connections of Redis from outside. */
let admin: ReturnType<typeof createClient>;
beforeAll(async () => {
  const found = await findRedis();
  if (typeof found === 'string') {
    whyNone = found;
    return;
  }
  redis = found;
  admin = createClient({ url: redis.url });
  await admin.connect();
});
beforeEach((context) => {
  if (whyNone !== undefined) context.skip(whyNone);
});
afterAll(async () => {
  admin?.destroy();
  await redis?.[Symbol.asyncDispose]();
});

/** Creates a Redis user, to identify the connections of one test. */
async function newUser(): Promise<{ username: string; password: string; connections(): Promise<number> }> {
  const [username, password] = [`webpos-test-${randomUUID()}`, 'hush-hush'];
  await admin.sendCommand(['ACL', 'SETUSER', username, 'on', `>${password}`, '~*', '+@all']);
  const connections = async (): Promise<number> => {
    const list = await admin.sendCommand<string>(['CLIENT', 'LIST']);
    return list.split('\n').filter((line) => line.includes(`user=${username} `)).length;
  };
  return { username, password, connections };
}

async function clientWith(store: RedisStore): Promise<Client> {
  const { baseUrl } = await useGateway();
  const cache = sharedTokens(store);
  return new Client({ mode: 'sandbox', clientId: 'shop', secret: randomUUID(), baseUrl, cache });
}

describe('closing a client', () => {
  it('closes the connection that its store opened', async () => {
    const { username, password, connections } = await newUser();
    const { hostname, port } = redis;
    const client = await clientWith(redisStore({ hostname, port, username, password }));
    await client.getPaymentOrder(ORDER_UUID);
    expect(gateway.to('/token')).toHaveLength(1);
    await expect.poll(connections, { timeout: 10_000 }).toBe(1);
    await client.close();
    await expect.poll(connections, { timeout: 10_000 }).toBe(0);
  });

  it.each([
    [
      'redis',
      async (url: string) => {
        const client = await createClient({ url }).connect();
        return { client, ping: () => client.ping(), end: () => client.destroy() };
      },
    ],
    [
      'ioredis',
      (url: string) => {
        const client = new IoRedis(url);
        return { client, ping: () => client.ping(), end: () => client.disconnect() };
      },
    ],
  ] as const)('leaves the connection of a given %s client open', async (_name, open) => {
    const { username, password, connections } = await newUser();
    const url = `redis://${username}:${password}@${redis.hostname}:${redis.port}`;
    const own = await open(url);
    try {
      const client = await clientWith(redisStore({ client: own.client }));
      await client.getPaymentOrder(ORDER_UUID);
      await client.close();
      expect(await own.ping()).toBe('PONG');
      expect(await connections()).toBe(1);
    } finally {
      own.end();
    }
    await expect.poll(connections, { timeout: 10_000 }).toBe(0);
  });
});
