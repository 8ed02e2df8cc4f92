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
  /** An agent of your own, of `node:http` or `node:https` as the base URL asks for; it then sees to proxy and TLS. */
  agent?: object | undefined;
  /** The HTTP proxy to go through: `http://user:password@proxy.example:3128`. No error shows its user and password. */
  proxy?: string | URL | undefined;
  /** The authorities whose certificates are trusted, instead of the usual ones, in PEM. */
  ca?: string | readonly string[] | undefined;
  /**
   * `false` takes **any** certificate: anyone who stands on the way can read the secret and the token, and put an address of his
   * own in the place of yours. For a private authority give `ca`. Default: true.
   */
  verifySsl?: boolean | undefined;
}

/** What requests to one server go over, and where to. */
export interface Route {
  module: HttpModule;
  agent: NodeAgent;
  /** Whether the agent is of this library, and no other program's connections wait in it. */
  isOwnAgent: boolean;
  /** When the last answer came, by the clock. */
  usedAtMs: number;
  address: ServerAddress;
  /** What stands in the Host header. */
  host: string;
  /** What a request needs besides its own headers. */
  headers: Record<string, string>;
  /** What stands before the path: the origin where a proxy is asked for the whole URL (RFC 9112, 3.2.2), else nothing. */
  prefix: string;
  /** Whether its connections are tunnels through a proxy. */
  isTunnel: boolean;
}

const isPem = (value: unknown): boolean => typeof value === 'string' || value instanceof Uint8Array;
const RULES: Rules<NodeFetchOptions> = {
  ...ROUTE_RULES,
  ca: [(ca) => isPem(ca) || (Array.isArray(ca) && ca.every(isPem)), 'certificates in PEM'],
};

/** Where one `nodeFetch` sends its requests. */
export interface Routes {
  /** What requests to the server of a URL go over. */
  routeTo(url: URL): Route;
  /** Closes idle connections, except those of an agent of the application's. */
  closeIdle(): void;
}

/** Checks the options. Agents are made when they are needed, one for each protocol. */
export function createRoutes(options: NodeFetchOptions): Routes {
  checkOptions(options, RULES);
  const { agent: own, proxy: proxyUrl, ca, verifySsl = true } = options;
  const isAlone = own === undefined || ((proxyUrl ?? ca) === undefined && verifySsl);
  requireOption(isAlone, 'agent', 'none beside proxy, ca and verifySsl', own, 'both');
  const tlsOptions: TlsOptions = { rejectUnauthorized: verifySsl, ...(ca !== undefined && { ca }) };
  const proxy = proxyUrl === undefined ? undefined : parseProxy(proxyUrl);
  // Refused here rather than at the first request.
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
