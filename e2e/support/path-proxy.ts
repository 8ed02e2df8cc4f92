/** A proxy that puts the gateway under a path of its host, like a web server in front of a shop. */
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PathProxy extends AsyncDisposable {
  /** The public URL of the gateway, such as `http://127.0.0.1:1234/pay`. */
  readonly publicUrl: string;
  /** Every path outside it that was requested, and does not exist. */
  readonly strayed: readonly string[];
  /** Sets where the gateway listens: it starts after the proxy, because it must know the public URL. */
  leadTo(gatewayUrl: string): void;
}

/** @param style whether the gateway is asked for `/pay/checkout` or for `/checkout`. */
export async function startPathProxy(path: string, style: 'keeps' | 'strips'): Promise<PathProxy> {
  const strayed: string[] = [];
  let target = '';
  const server = createServer((request, response) => {
    const { url = '/', method, headers } = request;
    if (!url.startsWith(`${path}/`)) {
      strayed.push(url);
      response.writeHead(404).end();
      return;
    }
    const asked = new URL(target + (style === 'keeps' ? url : url.slice(path.length)));
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
