/** The Redis for tests: `TEST_REDIS_URL`, or else 127.0.0.1:6379, or else a `redis-server` of their own on a free port. */
import { createServer, connect, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { freePorts } from './free-ports.ts';
import { startTiedProcess } from './tied-process.ts';

const ON_THIS_MACHINE = 'redis://127.0.0.1:6379';
const START_TIMEOUT_MS = 10_000;

export interface TestRedis extends AsyncDisposable {
  /** Includes the password, if there is one. */
  readonly url: string;
  readonly hostname: string;
  readonly port: number;
}

/** @returns the reason if none is available, for `context.skip`. */
export async function findRedis(): Promise<TestRedis | string> {
  const given = process.env['TEST_REDIS_URL'];
  const wanted = given === undefined || given === '' ? ON_THIS_MACHINE : given;
  if (await answers(wanted)) return { ...addressOf(wanted), [Symbol.asyncDispose]: async () => {} };
  if (wanted === given) return 'no Redis answers at TEST_REDIS_URL';
  return await startOwn();
}

async function startOwn(): Promise<TestRedis | string> {
  const [port = 0] = await freePorts(1);
  const url = `redis://127.0.0.1:${port}`;
  const server = startTiedProcess('redis-server', [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ]);
  for (const end = Date.now() + START_TIMEOUT_MS; Date.now() < end && !server.hasExited(); await sleep(50)) {
    if (await answers(url)) return { ...addressOf(url), [Symbol.asyncDispose]: () => server.end(0) };
  }
  await server.end(0);
  return `no Redis at ${ON_THIS_MACHINE}, and redis-server does not start: ${server.lastOutput() || 'it prints nothing'}`;
}

async function answers(url: string): Promise<boolean> {
  const client = createClient({ url, socket: { connectTimeout: 1000, reconnectStrategy: false } });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
    return true;
  } catch {
    return false;
  } finally {
    if (client.isOpen) client.destroy();
  }
}

function addressOf(url: string): { url: string; hostname: string; port: number } {
  const { hostname, port } = new URL(url);
  return { url, hostname, port: Number(port || 6379) };
}

/** A connection to a server that a test can cut, silence and restore. */
export interface Line extends AsyncDisposable {
  readonly port: number;
  /** How many connections it has accepted. */
  taken(): number;
  /** Ends all connections. From now on, new ones are ended at once. */
  cut(): void;
  /** Accepts connections, but transmits nothing. */
  silence(): void;
  /** Ends all connections; new ones are transmitted. */
  mend(): void;
}

/** Opens one. */
export async function layLine(to: { hostname: string; port: number }): Promise<Line> {
  let state: 'good' | 'cut' | 'silent' = 'good';
  let taken = 0;
  const open = new Set<{ destroy(): unknown; unpipe?(): unknown }>();
  const server = createServer((near) => {
    taken += 1;
    near.on('error', () => undefined);
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(to.port, to.hostname);
    far.on('error', () => near.destroy());
    for (const end of [near, far]) {
      open.add(end);
      end.on('close', () => {
        open.delete(end);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => state === 'good' && far.write(bytes));
    far.on('data', (bytes) => state === 'good' && near.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const end = (): void => open.forEach((socket) => void socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    taken: () => taken,
    cut: () => {
      state = 'cut';
      end();
    },
    silence: () => {
      state = 'silent';
    },
    mend: () => {
      state = 'good';
      end();
    },
    async [Symbol.asyncDispose]() {
      end();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
