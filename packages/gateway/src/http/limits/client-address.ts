/**
 * Determines where a request came from: the other end of the connection, or the address in a header, as far as trusted proxies
 * have written it. The header is read from the right, because each station appends to it: the first address that is not one of
 * our proxies is the client's, and everything to its left was written by the client.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { TrustedProxies, TrustProxy } from '../../config/trust-proxy.ts';

/**
 * @param peer The address at the other end of the connection.
 * @returns the IP address as text, with an IPv4-mapped IPv6 address as IPv4.
 */
export function clientAddress(peer: string | undefined, headers: IncomingHttpHeaders, { header, proxies }: TrustProxy): string {
  let address = plainAddress(peer ?? '');
  if (proxies.kind === 'none') return address;
  const value = headers[header];
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  const stations = header === 'forwarded' ? forwardedFor(text) : text.split(',');
  for (let hop = 1; isTrusted(proxies, address, hop); hop += 1) {
    const before = addressIn(stations.pop() ?? '');
    // Hidden, or no more stations: use the last known address.
    if (before === undefined) break;
    address = before;
  }
  return address;
}

/** Whether the other end of a connection is a trusted proxy, and so represents many clients. */
export function isTrustedProxy(peer: string, { proxies }: TrustProxy): boolean {
  return isTrusted(proxies, plainAddress(peer), 1);
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

/** The `for` of every element (RFC 7239, 4), in order; empty for an element without one. */
function forwardedFor(text: string): string[] {
  return text.split(',').map((element) => {
    const [, quoted, token] = /(?:^|;)\s*for=(?:"([^"]*)"|([^;\s]*))/i.exec(element) ?? [];
    return quoted ?? token ?? '';
  });
}

/** An address as it appears in headers: bare, with a port, or IPv6 in brackets. */
function addressIn(text: string): string | undefined {
  const [, bracketed, withPort] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(text.trim()) ?? [];
  const address = plainAddress(bracketed ?? withPort ?? text.trim());
  return isIP(address) === 0 ? undefined : address;
}

/** Converts an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2) to IPv4. */
export function plainAddress(address: string): string {
  if (!address.startsWith('::')) return address;
  const [, inside] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  return inside ?? address;
}
