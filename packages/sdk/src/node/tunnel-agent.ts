import { builtIn, type NodeAgent, type TlsOptions } from './built-ins.ts';
import { keepAliveAgent } from './idle-connections.ts';
import type { Proxy } from './proxy.ts';

// The time limit for opening a tunnel.
const TIMEOUT_MS = 30_000;

/**
 * Makes an agent whose connections go through a proxy: CONNECT to the server, then TLS with the server itself, so that the proxy
 * sees neither secrets nor orders. A failure before the tunnel is open has the code `ERR_PROXY_TUNNEL`, because the request
 * surely did not arrive.
 */
export function tunnelAgent({ module, address, headers }: Proxy, tlsOptions: TlsOptions): NodeAgent {
  const agent = keepAliveAgent(builtIn('node:https'), tlsOptions);
  agent.createConnection = (options, done) => {
    const path = `${options.host.includes(':') ? `[${options.host}]` : options.host}:${options.port}`;
    const signal = options.tunnelSignal;
    const sent = {
      ...address,
      method: 'CONNECT',
      path,
      headers: { Host: path, ...headers },
      agent: false,
      timeout: TIMEOUT_MS,
    } as const;
    const request = module.request({ ...sent, signal });
    const fail = (why: string, cause?: Error): void =>
      done(Object.assign(new Error(`no tunnel through the proxy: ${why}`, { cause }), { code: 'ERR_PROXY_TUNNEL' }));
    request.on('error', (error) => fail(error.message, error));
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    request.on('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) return done(null, builtIn('node:tls').connect({ ...options, socket }));
      socket.destroy();
      fail(`it answered ${statusCode} to CONNECT`);
    });
    request.end();
  };
  return agent;
}
