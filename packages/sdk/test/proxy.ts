import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** An HTTP proxy on the loopback that records its requests. */
export interface TestProxy {
  /** Includes the required user and password. */
  url: string;
  /** The request lines, such as `CONNECT 127.0.0.1:8443`. */
  asked: string[];
  close(): Promise<void>;
}

export const PROXY_PASSWORD = 'open sesame';

/** Starts a proxy; with `status` it refuses everything. */
export async function startProxy(status?: number): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const isWelcome = (request: IncomingMessage): boolean => {
    asked.push(`${request.method} ${request.url}`);
    const wanted = `Basic ${Buffer.from(`shop:${PROXY_PASSWORD}`).toString('base64')}`;
    return status === undefined && request.headers['proxy-authorization'] === wanted;
  };
  const server = createServer((request, response) => {
    if (!isWelcome(request)) return void response.writeHead(status ?? 407).end();
    const { method, headers } = request;
    const onward = httpRequest(request.url!, { method, headers: { ...headers, 'proxy-authorization': '' } }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    if (!isWelcome(request)) return void socket.end(`HTTP/1.1 ${status ?? 407} No\r\n\r\n`);
    const [host, port] = request.url!.split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) end.on('error', () => undefined);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://shop:${encodeURIComponent(PROXY_PASSWORD)}@127.0.0.1:${port}`,
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
