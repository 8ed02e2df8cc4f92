import { need } from '../need.ts';
import { builtIn, type HttpModule, type NodeAgent, type TlsOptions } from './built-ins.ts';
import { type Place, placeOf } from './place.ts';
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
   * `false` takes **any** certificate: whoever stands on the way can read the secret and the token, and put an address of his
   * own in the place of yours. For a private authority give `ca`. Default: true.
   */
  verifySsl?: boolean | undefined;
}

/** What requests to one server go over, and where to. */
export interface Way {
  module: HttpModule;
  agent: NodeAgent;
  place: Place;
  /** What stands in the Host header. */
  host: string;
  /** What a request needs besides its own headers. */
  headers: Record<string, string>;
  /** What stands before the path: the origin where a proxy is asked for the whole URL (RFC 9112, 3.2.2), else nothing. */
  prefix: string;
  /** Whether its connections are tunnels through a proxy. */
  isTunnel: boolean;
}

/**
 * Checks the options, and makes a function that says for a URL what requests to its server go over. Agents are made when they are
 * needed, one for each protocol.
 */
export function ways({ agent: own, proxy: proxyUrl, ca, verifySsl = true }: NodeFetchOptions): (url: URL) => Way {
  need(own === undefined || (typeof own === 'object' && own !== null), 'agent', 'an agent', own);
  need(typeof verifySsl === 'boolean', 'verifySsl', 'a boolean', verifySsl);
  const isAlone = own === undefined || ((proxyUrl ?? ca) === undefined && verifySsl);
  need(isAlone, 'agent', 'none beside proxy, ca and verifySsl', own, 'both');
  const tlsOptions: TlsOptions = { rejectUnauthorized: verifySsl, ...(ca !== undefined && { ca }) };
  const proxy = proxyUrl === undefined ? undefined : parseProxy(proxyUrl);
  // Refused here rather than at the first request.
  builtIn('node:http');

  const agents: Record<string, NodeAgent> = {};
  return (url) => {
    const { protocol, host } = url;
    const through = protocol === 'http:' ? proxy : undefined;
    const tunnel = through === undefined ? proxy : undefined;
    const module = through?.module ?? builtIn(protocol === 'https:' ? 'node:https' : 'node:http');
    const agent = own ?? (agents[protocol] ??= agentOf(module, tunnel, tlsOptions));
    const all = { module, agent, host, isTunnel: tunnel !== undefined };
    if (through === undefined) return { ...all, place: placeOf(url), headers: {}, prefix: '' };
    return { ...all, place: through.place, headers: through.headers, prefix: url.origin };
  };
}

function agentOf(module: HttpModule, tunnel: Proxy | undefined, tlsOptions: TlsOptions): NodeAgent {
  return tunnel === undefined ? new module.Agent({ keepAlive: true, ...tlsOptions }) : tunnelAgent(tunnel, tlsOptions);
}
