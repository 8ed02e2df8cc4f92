/** Enforces the connection limits of an HTTP server, and tracks which connections have an active request. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TrustProxy } from '../../config/trust-proxy.ts';
import { isTrustedProxy, plainAddress } from './client-address.ts';
import type { ConnectionLimiter, HeldConnection } from './connection-limits.ts';
import { networkOf, widerNetworkOf } from './network-of.ts';

export function limitConnections(server: Server, limiter: ConnectionLimiter, trustProxy: TrustProxy): void {
  // Keyed by the remote address and port, which identify a connection with or without TLS.
  const held = new Map<string, HeldConnection>();
  // With TLS, requests have another socket than the connection. The first request of each looks its connection up by name.
  const bySocket = new WeakMap<Socket, HeldConnection>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket;
    const name = nameOf(socket);
    // Already closed.
    if (remoteAddress === undefined || name === undefined) return void socket.destroy();
    // A proxy serves many clients: it limits connections itself, and the request limits count its clients.
    const isProxy = isTrustedProxy(remoteAddress, trustProxy);
    const connection = limiter.opened(socket, {
      address: isProxy ? undefined : networkOf(plainAddress(remoteAddress)),
      network: isProxy ? undefined : widerNetworkOf(plainAddress(remoteAddress)),
    });
    if (connection === undefined) return;
    held.set(name, connection);
    socket.once('close', () => {
      connection.closed();
      if (held.get(name) === connection) held.delete(name);
    });
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const connection = bySocket.get(socket) ?? held.get(nameOf(socket) ?? '');
    if (connection === undefined) return;
    bySocket.set(socket, connection);
    connection.requestBegun();
    // It is emitted only once, so `once` would only add to the cost of every request.
    response.on('close', connection.requestEnded);
  });
}

function nameOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return remoteAddress === undefined ? undefined : `${remoteAddress} ${remotePort}`;
}
