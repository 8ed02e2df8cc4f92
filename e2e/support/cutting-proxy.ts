/** A proxy that forwards a creation, and cuts the connection when its answer arrives. */
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CuttingProxy extends AsyncDisposable {
  readonly baseUrl: string;
  /** The forwarded creations: their keys and bodies. */
  readonly creations: readonly string[];
}

/**
 * Starts one in front of a server.
 *
 * @param cuts how many creations lose their answer.
 * @param hidden a header of answers that is dropped, in lower case.
 */
export async function startCuttingProxy(target: string, cuts: number, hidden?: string): Promise<CuttingProxy> {
  const creations: string[] = [];
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await request.toArray());
    const isCreation = request.method === 'POST' && request.url === '/payment-order';
    if (isCreation) creations.push(`${String(request.headers['idempotency-key'])} ${body.toString()}`);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      send(new URL(request.url ?? '/', target), { method: request.method, headers: request.headers }, resolve)
        .on('error', reject)
        .end(body);
    });
    const whole = Buffer.concat(await answer.toArray());
    if (isCreation && creations.length <= cuts) {
      response.destroy();
      return;
    }
    if (hidden !== undefined) delete answer.headers[hidden];
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(whole);
  };
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    creations,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
