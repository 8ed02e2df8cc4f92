/** A proxy that gives the gateway a path of its host, as a web server in front of a shop does. */
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PathProxy extends AsyncDisposable {
  /** Where the gateway is then, such as `http://127.0.0.1:1234/pay`. */
  readonly publicUrl: string;
  /** Every path outside of it that was asked for, and is therefore not there. */
  readonly strayed: readonly string[];
  /** Says where the gateway listens: it is started after the proxy, since it must know the public URL. */
  leadTo(gatewayUrl: string): void;
}

/** @param style whether the gateway is asked for `/pay/checkout` or for `/checkout`. */
export async function startPathProxy(path: string, style: 'passes on' | 'takes off'): Promise<PathProxy> {
  const strayed: string[] = [];
  let target = '';
  const server = createServer((request, response) => {
    const { url = '/', method, headers } = request;
    if (!url.startsWith(`${path}/`)) {
      strayed.push(url);
      response.writeHead(404).end();
      return;
    }
    const asked = new URL(target + (style === 'passes on' ? url : url.slice(path.length)));
    const passed = send(asked, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    publicUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    strayed,
    leadTo: (gatewayUrl) => void (target = gatewayUrl),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
