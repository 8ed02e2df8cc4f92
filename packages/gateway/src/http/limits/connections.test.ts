/** The connection limits, on real sockets: every address of 127.0.0.0/8 is local, so one test has many clients. */
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openTestGateway, type TestGateway } from '../../../test/support/test-gateway.ts';

let test: TestGateway;
const sockets: Client[] = [];
afterEach(async () => {
  for (const { socket } of sockets.splice(0)) socket.destroy();
  await test[Symbol.asyncDispose]();
});

interface Client {
  readonly socket: Socket;
  /** All data received. */
  received(): string;
  readonly isClosed: boolean;
  send(text: string): void;
}

const HEALTH = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';

async function open(localAddress: string): Promise<Client> {
  const { hostname, port } = new URL(test.gateway.url);
  const socket = connect({ host: hostname, port: Number(port), localAddress });
  let [text, closed, isConnected] = ['', false, false];
  socket.setEncoding('utf8').on('data', (more: string) => (text += more));
  socket.on('connect', () => (isConnected = true));
  socket.on('close', () => (closed = true));
  socket.on('error', () => undefined);
  const client: Client = {
    socket,
    received: () => text,
    get isClosed() {
      return closed;
    },
    send: (more) => void socket.write(more),
  };
  sockets.push(client);
  await vi.waitFor(() => expect(isConnected || closed).toBe(true), { timeout: 60_000, interval: 5 });
  return client;
}

/** Requests health, and returns whether there was an answer. */
async function isAnswered(client: Client): Promise<boolean> {
  const before = client.received().length;
  client.send(HEALTH);
  await vi.waitFor(() => expect(client.isClosed || client.received().length > before).toBe(true), { timeout: 60_000 });
  return client.received().slice(before).startsWith('HTTP/1.1 200');
}

/** Begins a request whose body never ends, and resolves when the server has begun to read it. */
async function beginRequest(localAddress: string): Promise<Client> {
  const client = await open(localAddress);
  const headers = ['Host: x', 'Content-Type: application/json', 'Content-Length: 100', 'Expect: 100-continue'];
  client.send(`POST /token HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n{`);
  await vi.waitFor(() => expect(client.received()).toContain('100 Continue'));
  return client;
}

async function closedOf(clients: readonly Client[], count: number): Promise<boolean[]> {
  await vi.waitFor(() => expect(clients.filter(({ isClosed }) => isClosed)).toHaveLength(count), { timeout: 60_000 });
  return clients.map(({ isClosed }) => isClosed);
}

const SETTINGS = {
  WEBPOS_MAX_CONNECTIONS: '12',
  WEBPOS_MAX_CONNECTIONS_PER_ADDRESS: '3',
  WEBPOS_MAX_CONNECTIONS_PER_NETWORK: '6',
};

describe('connections', () => {
  it('of one address lock nobody out, even if it holds its max and uses each now and then', async () => {
    test = await openTestGateway({ WEBPOS_MAX_CONNECTIONS: '12' });
    const greedy: Client[] = [];
    for (let n = 0; n < 40; n += 1) {
      const client = await open('127.0.0.9');
      if (await isAnswered(client)) greedy.push(client);
    }
    expect(greedy.filter(({ isClosed }) => !isClosed).length).toBeLessThanOrEqual(3);
    for (const address of ['127.0.0.9', '127.0.0.10', '127.0.1.1', '127.0.2.1'])
      expect(await isAnswered(await open(address))).toBe(true);
  });

  it('are closed longest idle first, in the share of the address, then of its network, then of all', async () => {
    test = await openTestGateway(SETTINGS);
    const own = [await open('127.0.0.1'), await open('127.0.0.1'), await open('127.0.0.1')];
    for (const client of own) expect(await isAnswered(client)).toBe(true);
    expect(await isAnswered(own[0]!)).toBe(true);
    expect(await isAnswered(await open('127.0.0.1'))).toBe(true);
    expect(await closedOf(own, 1)).toEqual([false, true, false]);

    for (const address of ['127.0.0.2', '127.0.0.3', '127.0.0.4']) expect(await isAnswered(await open(address))).toBe(true);
    expect(await isAnswered(await open('127.0.0.5'))).toBe(true);
    expect(await closedOf(own, 2)).toEqual([false, true, true]);

    for (let n = 1; n <= 6; n += 1) expect(await isAnswered(await open(`127.0.${n}.1`))).toBe(true);
    expect(await isAnswered(await open('127.0.77.1'))).toBe(true);
    expect(await closedOf(own, 3)).toEqual([true, true, true]);
  });

  it('with an active request are never closed for others: streams, and requests still being sent', async () => {
    test = await openTestGateway(SETTINGS);
    const { token } = await test.newPos();
    const made = await test.call('POST', '/payment-order', { token, body: { amount: '10.00' } });
    const { uuid } = made.body as { uuid: string };
    const stream = await open('127.0.0.1');
    stream.send(`GET /checkout/${uuid}/events HTTP/1.1\r\nHost: x\r\n\r\n`);
    await vi.waitFor(() => expect(stream.received()).toContain('event: version'), { timeout: 60_000 });
    const sending = await beginRequest('127.0.0.1');
    const idle = await open('127.0.0.1');
    expect(await isAnswered(idle)).toBe(true);
    for (let n = 0; n < 10; n += 1) {
      const client = await open('127.0.0.1');
      expect(await isAnswered(client)).toBe(true);
    }
    expect([stream.isClosed, sending.isClosed, idle.isClosed]).toEqual([false, false, true]);
    await beginRequest('127.0.0.1');
    await vi.waitFor(async () => expect((await open('127.0.0.1')).isClosed).toBe(true), { timeout: 60_000 });
    expect(await isAnswered(await open('127.0.0.2'))).toBe(true);
  });

  it('that trickle their headers are idle, and are closed for others', async () => {
    test = await openTestGateway(SETTINGS);
    const slow = [await open('127.0.0.1'), await open('127.0.0.1'), await open('127.0.0.1')];
    for (const client of slow) client.send('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    expect(await isAnswered(await open('127.0.0.1'))).toBe(true);
    expect(await closedOf(slow, 1)).toEqual([true, false, false]);
  });

  it('of a trusted proxy have no share of their own', async () => {
    test = await openTestGateway({ ...SETTINGS, WEBPOS_TRUST_PROXY: '127.0.0.7' });
    const clients: Client[] = [];
    for (let n = 0; n < 10; n += 1) clients.push(await open('127.0.0.7'));
    for (const client of clients) expect(await isAnswered(client)).toBe(true);
  });
});
