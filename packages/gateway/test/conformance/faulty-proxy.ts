/** A gateway with one planted fault: a proxy that forwards requests to a correct gateway and tampers with its answers. */
import { createServer, request as ask, Agent, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Answered {
  status: number;
  headers: Record<string, string>;
  text: string;
}

export interface Tampering {
  /** Replaces the path of a request. */
  readonly path?: (path: string) => string;
  readonly answer?: (answer: Answered, asked: Asked) => void;
}

export interface FaultyProxy extends AsyncDisposable {
  readonly url: string;
  /** Undefined if nothing is changed. */
  tampering: Tampering | undefined;
}

export async function openFaultyProxy(target: string): Promise<FaultyProxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    const { method = '', url = '', headers } = request;
    const forward = ask(target + (proxy.tampering?.path?.(url) ?? url), { method, headers, agent, setHost: false }, (result) => {
      const parts: Buffer[] = [];
      result.on('data', (part: Buffer) => parts.push(part));
      result.on('end', () => {
        const forwarded = Object.entries(result.headers).filter(
          ([name]) => !['connection', 'keep-alive', 'transfer-encoding'].includes(name),
        );
        const answer: Answered = {
          status: result.statusCode ?? 0,
          headers: Object.fromEntries(forwarded.map(([name, value]) => [name, String(value)])),
          text: Buffer.concat(parts).toString('utf8'),
        };
        const length = answer.text.length;
        proxy.tampering?.answer?.(answer, { method, path: url, headers });
        if (answer.text !== '' || length !== 0) answer.headers['content-length'] = String(Buffer.byteLength(answer.text));
        response.writeHead(answer.status, answer.headers).end(answer.text);
      });
    });
    forward.on('error', () => response.destroy());
    // A truncated body is truncated for the gateway too.
    request.on('aborted', () => forward.destroy());
    request.pipe(forward);
  });
  // A request that Node's parser refuses never reaches the gateway, so it is answered here as the contract requires.
  server.on('clientError', (_error, socket) => {
    const id = crypto.randomUUID();
    const body = JSON.stringify({
      error_code: '0001',
      message: 'ValidationError: the request is not valid HTTP',
      request_id: id,
    });
    socket.end(
      `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nX-Request-Id: ${id}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tampering: undefined,
    [Symbol.asyncDispose]: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
  return proxy;
}
