/** Opens the port, and says plainly why when it cannot. */
import { OperatorError } from '../kernel/operator-error.ts';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** The port cannot be listened on. */
class ListenError extends OperatorError {
  override readonly name = 'ListenError';
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/**
 * @returns the URL by which the server is reached on this machine.
 * @throws ListenError when the port is in use, or may not be used.
 */
export async function listen(server: FastifyInstance, { host, port, tls }: ListenOptions): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw new ListenError(explain(error, host, port), { cause: error });
  }
  const address = server.server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  const reachable = name === '0.0.0.0' ? '127.0.0.1' : name === '[::]' ? '[::1]' : name;
  return `${tls ? 'https' : 'http'}://${reachable}:${address.port}`;
}

function explain(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `WEBPOS_PORT: port ${port} on ${host} is in use by another program; stop that one, or choose another port`;
  if (code === 'EACCES') return `WEBPOS_PORT: port ${port} may not be used by this user; choose one above 1023`;
  if (code === 'EADDRNOTAVAIL') return `WEBPOS_HOST: ${host} is no address of this machine`;
  return `the server cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`;
}
