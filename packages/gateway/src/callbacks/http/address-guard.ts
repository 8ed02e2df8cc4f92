/**
 * Which addresses a callback may go to: those that the public internet routes to, and those that the operator lists. Names are judged
 * by every address that they resolve to at the moment of connecting, so that a name cannot change its mind in between.
 */
import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { HostList } from '../../kernel/host-list.ts';
import { embeddedIpv4 } from './embedded-ipv4.ts';

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
/** Networks of one's own: where a name that is listed may lead. Not link-local ones, which hold the metadata of clouds. */
const own = new BlockList();
for (const range of ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])
  addRange(range, 'ipv4', own);
for (const range of ['::1/128', 'fc00::/7']) addRange(range, 'ipv6', own);

/** The address of a callback is not one of the public internet. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

/** Whether an IP address is one of the public internet. An IPv6 address that leads to IPv4 is judged by where it leads. */
export function isPublicAddress(address: string): boolean {
  return judge(address, (one, family) =>
    family === 'ipv4' ? !forbidden.check(one, family) : publicV6.check(one, family) && !forbidden.check(one, family),
  );
}

/**
 * Judges the host of a URL: names by whether they may be asked by http, addresses by where they lead.
 *
 * @throws ForbiddenAddressError
 */
export function refuseForbidden(url: URL, allowed: HostList): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isListed = allowed.hasName(host) || isListedAddress(host, allowed);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isListed))
    throw new ForbiddenAddressError(`expected an https URL, got ${url.protocol}//`);
  if (isIP(host) !== 0 && !isListed && !isPublicAddress(host)) throw new ForbiddenAddressError(`${host} is not a public address`);
}

/** Resolves names for a connection, and refuses when any of their addresses is neither public nor allowed. */
export function guardedLookup(allowed: HostList): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, '');
      const isNamed = allowed.hasName(hostname);
      const mayReach = (address: string): boolean =>
        isPublicAddress(address) || isListedAddress(address, allowed) || (isNamed && isOwnAddress(address));
      const bad = addresses.find(({ address }) => !mayReach(address));
      if (bad !== undefined)
        return callback(new ForbiddenAddressError(`${hostname} resolves to ${bad.address}, which is not a public address`), '');
      const [first] = addresses;
      if (first === undefined) return callback(new ForbiddenAddressError(`${hostname} resolves to no address`), '');
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

function isListedAddress(address: string, allowed: HostList): boolean {
  return allowed.hasAddress(address) || judge(address, (one) => allowed.hasAddress(one));
}

function isOwnAddress(address: string): boolean {
  return judge(address, (one, family) => own.check(one, family));
}

/** Judges an address, or every IPv4 address to which it may lead. */
function judge(address: string, isGood: (address: string, family: 'ipv4' | 'ipv6') => boolean): boolean {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return false;
  const embedded = embeddedIpv4(address);
  if (embedded !== undefined) return embedded.length > 0 && embedded.every((one) => isGood(one, 'ipv4'));
  return isGood(address, version === 4 ? 'ipv4' : 'ipv6');
}

function addRange(range: string, family: 'ipv4' | 'ipv6', list: BlockList = forbidden): void {
  const [address = '', bits] = range.split('/');
  list.addSubnet(address, Number(bits), family);
}
