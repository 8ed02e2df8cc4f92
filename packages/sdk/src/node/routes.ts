import { checkOptions } from '../checks/check-options.ts';
import { requireOption } from '../checks/require-option.ts';
import type { Rules } from '../checks/value-rules.ts';
import { ROUTE_RULES } from './route-rules.ts';
import { builtIn, type HttpModule, type NodeAgent, type TlsOptions } from './built-ins.ts';
import { closeIdle, keepAliveAgent } from './idle-connections.ts';
import { type ServerAddress, serverAddressOf } from './server-address.ts';
import { parseProxy, type Proxy } from './proxy.ts';
import { tunnelAgent } from './tunnel-agent.ts';

/** How `nodeFetch` reaches the gateway. */
export interface NodeFetchOptions {
  /** An agent of your own, of `node:http` or `node:https` to match the base URL; it is then responsible for proxy and TLS. */
  agent?: object | undefined;
  /** The URL of an HTTP proxy: `http://user:password@proxy.example:3128`. Errors do not contain its user and password. */
  proxy?: string | URL | undefined;
  /** The certificate authorities to trust instead of the default ones, in PEM. */
  ca?: string | readonly string[] | undefined;
  /**
   * `false` accepts **any** certificate: anyone between you and the gateway can read the secret and the token, and replace your
   * address by theirs. For a private authority, use `ca`. Default: true.
   */
  verifySsl?: boolean | undefined;
}

/** How to reach one server. */
export interface Route {
  module: HttpModule;
  agent: NodeAgent;
  /** Whether this library made the agent, so that no other code's connections are in it. */
  isOwnAgent: boolean;
  /** When the last answer arrived, in milliseconds since 1970. */
  usedAtMs: number;
  address: ServerAddress;
  /** The value of the Host header. */
  host: string;
  /** Headers that the route adds to every request. */
  headers: Record<string, string>;
  /** What precedes the path: the origin if a proxy is asked for the whole URL (RFC 9112, 3.2.2), otherwise nothing. */
  prefix: string;
  /** Whether its connections are tunnels through a proxy. */
  isTunnel: boolean;
}

const isPem = (value: unknown): boolean => typeof value === 'string' || value instanceof Uint8Array;
const RULES: Rules<NodeFetchOptions> = {
  ...ROUTE_RULES,
  ca: [(ca) => isPem(ca) || (Array.isArray(ca) && ca.every(isPem)), 'certificates in PEM'],
};

/** The routes of one `nodeFetch`. */
export interface Routes {
  /** Returns the route to the server of a URL. */
  routeTo(url: URL): Route;
  /** Closes idle connections, except those of the application's agent. */
  closeIdle(): void;
}

/** Checks the options. Agents are created on demand, one per protocol. */
export function createRoutes(options: NodeFetchOptions): Routes {
  checkOptions(options, RULES);
  const { agent: own, proxy: proxyUrl, ca, verifySsl = true } = options;
  const isAlone = own === undefined || ((proxyUrl ?? ca) === undefined && verifySsl);
  requireOption(isAlone, 'agent', 'none with proxy, ca or verifySsl', own, 'both');
  const tlsOptions: TlsOptions = { rejectUnauthorized: verifySsl, ...(ca !== undefined && { ca }) };
  const proxy = proxyUrl === undefined ? undefined : parseProxy(proxyUrl);
  // Loaded here, so that a missing module is reported before the first request.
  builtIn('node:http');

  const agents: Record<string, NodeAgent> = {};
  const routeTo = (url: URL): Route => {
    const { protocol, host } = url;
    const through = protocol === 'http:' ? proxy : undefined;
    const tunnel = through === undefined ? proxy : undefined;
    const module = through?.module ?? builtIn(protocol === 'https:' ? 'node:https' : 'node:http');
    const agent = own ?? (agents[protocol] ??= agentOf(module, tunnel, tlsOptions));
    const all = { module, agent, isOwnAgent: own === undefined, usedAtMs: 0, host, isTunnel: tunnel !== undefined };
    if (through === undefined) return { ...all, address: serverAddressOf(url), headers: {}, prefix: '' };
    return { ...all, address: through.address, headers: through.headers, prefix: url.origin };
  };
  return { routeTo, closeIdle: () => Object.values(agents).forEach(closeIdle) };
}

function agentOf(module: HttpModule, tunnel: Proxy | undefined, tlsOptions: TlsOptions): NodeAgent {
  return tunnel === undefined ? keepAliveAgent(module, tlsOptions) : tunnelAgent(tunnel, tlsOptions);
}
