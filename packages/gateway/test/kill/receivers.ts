/** The endpoints of the shops: one that answers, one that fails in every way, and one that hangs until `recover`. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Arrival {
  readonly id: string;
  readonly body: string;
}

export interface Receivers extends AsyncDisposable {
  readonly ports: readonly number[];
  /** All callbacks that arrived, in order, whether they were acknowledged or not. */
  readonly arrivals: readonly Arrival[];
  /** Acknowledges everything from now on. */
  recover(): void;
}

type Kind = 'answers' | 'fails' | 'dead';

export async function openReceivers(): Promise<Receivers> {
  const arrivals: Arrival[] = [];
  let hasRecovered = false;
  const open = async (kind: Kind): Promise<Server> => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('error', () => {});
      request.on('end', () => {
        const id = request.headers['webhook-id'];
        arrivals.push({ id: typeof id === 'string' ? id : '', body: Buffer.concat(chunks).toString() });
        const die = Math.random();
        if (hasRecovered || kind === 'answers' || (kind === 'fails' && die < 0.5)) response.end();
        else if (kind === 'fails' && die < 0.7) response.writeHead(500).end('out of order');
        else if (kind === 'fails' && die < 0.85) request.socket.destroy();
        else if (kind === 'fails' && die < 0.95) response.writeHead(302, { location: '/elsewhere' }).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  const servers = await Promise.all((['answers', 'fails', 'dead'] as const).map(open));
  return {
    ports: servers.map((server) => (server.address() as AddressInfo).port),
    arrivals,
    recover: () => {
      hasRecovered = true;
      for (const server of servers) server.closeAllConnections();
    },
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) server.close().closeAllConnections();
    },
  };
}
