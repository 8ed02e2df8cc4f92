/** Listens on the public port. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { listenError } from '../kernel/listen-error.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/**
 * Returns the URL on which this machine reaches the server.
 *
 * @throws OperatorError when the port is in use or not permitted.
 */
export async function listen(server: FastifyInstance, { host, port, tls }: ListenOptions): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw listenError(error, { host, port, names: { host: 'WEBPOS_HOST', port: 'WEBPOS_PORT' } });
  }
  const address = server.server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  const reachable = name === '0.0.0.0' ? '127.0.0.1' : name === '[::]' ? '[::1]' : name;
  return `${tls ? 'https' : 'http'}://${reachable}:${address.port}`;
}
