import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi, type Mock } from 'vitest';
import { parseZmtpEndpoint } from './zmtp-endpoint.ts';
import { encodeFrame, GREETING, subscription } from './zmtp-frames.ts';
import { probeZmtp, subscribeZmtp } from './zmtp-subscriber.ts';

const READY_OF_PUBLISHER = encodeFrame(4, Buffer.from('\x05READY\x0bSocket-Type\0\0\0\x03PUB'));

let stop = new AbortController();
let server: Server | undefined;
afterEach(() => {
  stop.abort();
  stop = new AbortController();
  server?.close();
});

/** A publisher; `onSubscriber` receives each socket once it has subscribed. */
async function publisher(onSubscriber: (socket: Socket) => void): Promise<string> {
  server = createServer((socket) => {
    let received = Buffer.alloc(0);
    let subscribed = false;
    socket.write(GREETING);
    socket
      .on('error', () => undefined)
      .on('data', (chunk) => {
        received = Buffer.concat([received, chunk]);
        if (received.length === 64 + 27) socket.write(READY_OF_PUBLISHER);
        if (subscribed || !received.includes(subscription('sequence'))) return;
        subscribed = true;
        onSubscriber(socket);
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function message(counter: number): Buffer {
  const last = Buffer.alloc(4);
  last.writeUInt32LE(counter);
  return Buffer.concat([encodeFrame(1, Buffer.from('sequence')), encodeFrame(1, Buffer.alloc(33)), encodeFrame(0, last)]);
}

function subscribe(endpoint: string, more: object = {}): { wake: Mock<() => void>; lines: string[]; ended: Promise<void> } {
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const wake = vi.fn<() => void>();
  const log = { info: note, warn: note };
  const ended = subscribeZmtp({
    endpoint: parseZmtpEndpoint(endpoint),
    topic: 'sequence',
    wake,
    signal: stop.signal,
    log,
    retryMs: 5,
    ...more,
  });
  return { wake, lines, ended };
}

test('each message wakes, and so does the connection', async () => {
  const endpoint = await publisher((socket) => socket.write(Buffer.concat([message(4), message(5)])));
  const { wake, ended } = subscribe(endpoint);
  await vi.waitFor(() => expect(wake).toHaveBeenCalledTimes(3));
  stop.abort();
  await ended;
});

test('lost messages are reported', async () => {
  const endpoint = await publisher((socket) => socket.write(Buffer.concat([message(0xffff_ffff), message(0), message(3)])));
  const { wake, lines } = subscribe(endpoint);
  await vi.waitFor(() => expect(wake).toHaveBeenCalledTimes(4));
  expect(lines.filter((line) => line.includes('lost'))).toEqual([`ZMQ ${endpoint}: messages were lost before number 3`]);
});

test('a socket that closes, breaks the rules or falls silent is replaced', async () => {
  let sockets = 0;
  const endpoint = await publisher((socket) => {
    sockets++;
    if (sockets === 1) socket.end();
    if (sockets === 2) socket.write(Buffer.from('02ffffffffffffffff', 'hex'));
    // The third stays silent.
    if (sockets === 4) socket.write(message(1));
  });
  const { wake, lines } = subscribe(endpoint, { idleMs: 60 });
  await vi.waitFor(() => expect(wake).toHaveBeenCalledTimes(5), 3000);
  expect(lines.filter((line) => line.includes('reconnecting')).map((line) => line.split(': ')[1]?.split(';')[0])).toEqual([
    'the peer closed the connection',
    'expected a frame of at most 65536 bytes, got one of 18446744073709551615',
    'nothing received for 60 ms',
  ]);
});

test('it keeps trying quietly where nothing listens, and finds a publisher that starts later', async () => {
  const endpoint = await publisher(() => undefined);
  const port = Number(endpoint.split(':')[2]);
  server?.close();
  const { wake, lines } = subscribe(endpoint);
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  await publisher(() => undefined);
  server?.close();
  server = undefined;
  const late = createServer((socket) => socket.on('error', () => undefined).write(Buffer.concat([GREETING, READY_OF_PUBLISHER])));
  late.listen(port, '127.0.0.1');
  await vi.waitFor(() => expect(wake).toHaveBeenCalled(), 3000);
  expect(lines.filter((line) => line.includes('reconnecting'))).toHaveLength(1);
  late.close();
});

test.each([
  '127.0.0.1:28332',
  'tcp://*:28332',
  'tcp://host',
  'tcp://host:0',
  'tcp://host:99999',
  'ipc:///tmp/x',
  'tcp://a b:1',
  '',
])('the endpoint %j is refused', (text) => {
  expect(() => parseZmtpEndpoint(text)).toThrow(RangeError);
});

test('an endpoint may be a host name, an IPv4 or an IPv6 address', () => {
  expect(parseZmtpEndpoint('tcp://node.lan:1')).toMatchObject({ host: 'node.lan', port: 1 });
  expect(parseZmtpEndpoint('tcp://10.0.0.1:28332')).toMatchObject({ host: '10.0.0.1', port: 28332 });
  expect(parseZmtpEndpoint('tcp://[::1]:28332')).toMatchObject({ host: '::1', port: 28332 });
});

describe('a probe', () => {
  const probe = (endpoint: string): Promise<string | undefined> => {
    const log = { info: () => undefined, warn: () => undefined };
    return probeZmtp({ endpoint: parseZmtpEndpoint(endpoint), topic: 'sequence', signal: stop.signal, log, timeoutMs: 300 });
  };

  test('accepts a publisher and disconnects', async () => {
    expect(await probe(await publisher(() => undefined))).toBeUndefined();
    await new Promise((resolve) => server?.close(resolve));
  });

  test('reports that nothing listens, or that the listener is not a publisher', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const endpoint = `tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    expect(await probe(endpoint)).toBe('no publisher has answered within 0.3 s');
    await new Promise((resolve) => silent.close(resolve));
    expect(await probe(endpoint)).toContain('ECONNREFUSED');
  });
});
