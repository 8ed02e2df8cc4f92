/** A minimal shop server that waits for the first callback and verifies it with the client library. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallbackHandler, type ReceivedCallback } from '@webpos/sdk/callbacks';

export interface CallbackReceiver extends AsyncDisposable {
  readonly url: string;
  /** Resolves to the first callback with a valid signature. */
  readonly callback: Promise<ReceivedCallback>;
}

export async function receiveCallback(secret: string, signal: AbortSignal): Promise<CallbackReceiver> {
  const handler = new CallbackHandler({ secret });
  const { promise, resolve, reject } = withResolvers<ReceivedCallback>();
  signal.addEventListener('abort', () => reject(new Error('no callback came in time')), { once: true });
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      handler.parse(request.headers, Buffer.concat(parts)).then(
        (callback) => {
          response.writeHead(204).end();
          resolve(callback);
        },
        (error: unknown) => {
          response.writeHead(400).end();
          reject(error);
        },
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  // The caller handles the failure by awaiting the promise; until then it must not end the process.
  promise.catch(() => {});
  return {
    url: `http://127.0.0.1:${port}/callbacks`,
    callback: promise,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void } {
  let settle: { resolve: (value: T) => void; reject: (reason: unknown) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error('expected a promise to run its executor at once');
  return { promise, ...settle };
}
