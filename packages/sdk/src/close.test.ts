import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { json, ORDER, ORDER_PATH, ORDER_UUID } from '../test/gateway.ts';
import { clientOf, gateway } from '../test/harness.ts';
import { sharedTokens } from './cache/index.ts';
import { Client } from './client.ts';
import { events } from './events/index.ts';
import { nodeFetch } from './node/index.ts';

const LOGIN = { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600, id_token: 'a.b.c' };
const CLOSED = { name: 'ConfigurationError', message: 'client: expected open, got closed' };
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A server that would keep its connections for a minute. */
async function serve(): Promise<{ baseUrl: string; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((_request, response) => response.end(JSON.stringify({ ...LOGIN, ...ORDER })));
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => sockets.push(socket));
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

describe('close', () => {
  it('makes every later call fail with an error that says so, and sends nothing', async () => {
    const client = await clientOf();
    await client.getPaymentOrder(ORDER_UUID);
    await client.close();
    const sent = gateway.seen.length;
    const calls = [
      client.getPaymentOrder(ORDER_UUID),
      client.withAnswer.getPaymentOrder(ORDER_UUID),
      client.clientCredentialsLogin(),
      client.createPaymentOrder({ amount: '1.00' }),
      client.waitForPaymentOrder(ORDER_UUID),
      client.listPaymentOrders().next(),
      events(client).next(),
      client.request('GET', '/events'),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject(CLOSED);
    expect(gateway.seen).toHaveLength(sent);
  });

  it('may be called again, and lets a call under way finish', async () => {
    let answer = (): void => undefined;
    const client = await clientOf({
      [ORDER_PATH]: (...given) => {
        answer = () => json(200, ORDER)(...given);
      },
    });
    const call = client.getPaymentOrder(ORDER_UUID);
    await vi.waitFor(() => expect(gateway.to(ORDER_PATH)).toHaveLength(1));
    await Promise.all([client.close(), client.close()]);
    await client.close();
    answer();
    expect(await call).toEqual(ORDER);
  });

  it('closes the idle connections of the transport', async () => {
    const { baseUrl, sockets } = await serve();
    const http = { fetch: nodeFetch() };
    const client = new Client({ mode: 'sandbox', clientId: 'shop', secret: 'hush-hush', baseUrl, http });
    await client.getPaymentOrder(ORDER_UUID);
    const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
    expect(sockets.length).toBeGreaterThan(0);
    await client.close();
    await closed;
    // Another client may share the transport.
    const other = new Client({ mode: 'sandbox', clientId: 'shop-2', secret: 'hush-hush', baseUrl, http });
    expect((await other.getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
  });

  it('closes what the token store has opened, after the token is written', async () => {
    const done: string[] = [];
    const store = {
      get: () => undefined,
      set: async () => {
        await Promise.resolve();
        done.push('set');
      },
      closeOpened: () => done.push('close'),
    };
    const client = await clientOf({}, { cache: sharedTokens(store) });
    await client.getPaymentOrder(ORDER_UUID);
    await Promise.all([client.close(), client.close()]);
    expect(done).toEqual(['set', 'close']);
  });

  it('is called by `await using` at the end of the scope', async () => {
    const client = await clientOf();
    {
      await using scoped = client;
      await scoped.getPaymentOrder(ORDER_UUID);
    }
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject(CLOSED);
    expectTypeOf(client[Symbol.asyncDispose]).returns.resolves.toBeVoid();
  });
});
