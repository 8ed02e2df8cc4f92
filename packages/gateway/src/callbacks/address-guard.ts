/**
 * Which addresses a callback may go to: only those that the public internet routes to. Names are judged by every address
 * that they resolve to at the moment of connecting, so that a name cannot change its mind in between.
 */
import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** The special-purpose ranges of IPv4 (RFC 6890 and its registry). */
// prettier-ignore
const FORBIDDEN_V4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24',
  '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
];
/** Within 2000::/3, the only range of IPv6 that is public: documentation, tunnels that carry IPv4 addresses, benchmarks. */
const FORBIDDEN_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const forbidden = new BlockList();
for (const range of FORBIDDEN_V4) addRange(range, 'ipv4');
for (const range of FORBIDDEN_V6) addRange(range, 'ipv6');
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');

/** The address of a callback is not one of the public internet. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !forbidden.check(address, 'ipv4');
  // Also refuses ::ffff:a.b.c.d and 64:ff9b::/96, which lead to IPv4 addresses by another way.
  if (family === 6) return publicV6.check(address, 'ipv6') && !forbidden.check(address, 'ipv6');
  return false;
}

/** Resolves names for a connection, and refuses when any of their addresses is not public. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, '');
    const bad = addresses.find(({ address }) => !isPublicAddress(address));
    if (bad !== undefined)
      return callback(new ForbiddenAddressError(`${hostname} resolves to ${bad.address}, which is not a public address`), '');
    const [first] = addresses;
    if (first === undefined) return callback(new ForbiddenAddressError(`${hostname} resolves to no address`), '');
    if (options.all === true) return callback(null, addresses);
    return callback(null, first.address, first.family);
  });
};

function addRange(range: string, family: 'ipv4' | 'ipv6'): void {
  const [address = '', bits] = range.split('/');
  forbidden.addSubnet(address, Number(bits), family);
}
