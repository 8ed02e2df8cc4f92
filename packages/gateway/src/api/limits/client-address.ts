/**
 * Where a request came from: the other end of the connection, or, as far as proxies that we trust have written it, what their
 * header says. Read from the right, since each station adds behind what it was given: the first address that is not one of
 * our proxies is the client's, and whatever stands to the left of it was written by the client.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { TrustedProxies, TrustProxy } from '../../config/trust-proxy.ts';

/**
 * @param peer The address at the other end of the connection.
 * @returns an IP address in text, IPv4 also where it came inside of IPv6.
 */
export function clientAddress(peer: string | undefined, headers: IncomingHttpHeaders, { header, proxies }: TrustProxy): string {
  let address = plain(peer ?? '');
  if (proxies.kind === 'none') return address;
  const value = headers[header];
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  const stations = header === 'forwarded' ? forwardedFor(text) : text.split(',');
  for (let hop = 1; isTrusted(proxies, address, hop); hop += 1) {
    const before = addressIn(stations.pop() ?? '');
    // Hidden, or no more: the last that we know is as near as we get.
    if (before === undefined) break;
    address = before;
  }
  return address;
}

function isTrusted(proxies: TrustedProxies, address: string, hop: number): boolean {
  switch (proxies.kind) {
    case 'none':
      return false;
    case 'hops':
      return hop <= proxies.hops;
    case 'addresses':
      return isIP(address) !== 0 && proxies.list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
}

/** The `for` of every element (RFC 7239, 4), in order; empty where an element has none. */
function forwardedFor(text: string): string[] {
  return text.split(',').map((element) => {
    const [, quoted, token] = /(?:^|;)\s*for=(?:"([^"]*)"|([^;\s]*))/i.exec(element) ?? [];
    return quoted ?? token ?? '';
  });
}

/** An address as headers write it: bare, with a port, or IPv6 in brackets. */
function addressIn(text: string): string | undefined {
  const [, bracketed, withPort] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(text.trim()) ?? [];
  const address = plain(bracketed ?? withPort ?? text.trim());
  return isIP(address) === 0 ? undefined : address;
}

/** IPv4 that came inside of IPv6 (RFC 4291, 2.5.5.2) is the same address. */
function plain(address: string): string {
  if (!address.startsWith('::')) return address;
  const [, inside] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  return inside ?? address;
}
