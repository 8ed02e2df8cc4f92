/**
 * Decides which addresses callbacks may be sent to: those of the public internet, and those that the operator has listed. A name is
 * judged by all addresses that it resolves to when the connection is made, so it cannot resolve to another address after the check.
 */
import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { HostList } from '../../kernel/host-list.ts';
import { embeddedIpv4 } from './embedded-ipv4.ts';

/** The special-purpose ranges of IPv4 (RFC 6890 and the IANA registry). */
// prettier-ignore
const FORBIDDEN_V4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24',
  '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
];
/** The special-purpose ranges within 2000::/3, the only public range of IPv6: documentation, tunnels of IPv4 addresses, benchmarks. */
const FORBIDDEN_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const forbidden = new BlockList();
for (const range of FORBIDDEN_V4) addRange(range, 'ipv4');
for (const range of FORBIDDEN_V6) addRange(range, 'ipv6');
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');
/** Private networks, to which a listed name may resolve. Link-local ones are excluded: cloud providers serve metadata there. */
const privateNetworks = new BlockList();
for (const range of ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])
  addRange(range, 'ipv4', privateNetworks);
for (const range of ['::1/128', 'fc00::/7']) addRange(range, 'ipv6', privateNetworks);

/** A callback URL leads to an address that is neither public nor listed. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

/** Whether an IP address belongs to the public internet. An IPv6 address that is translated to IPv4 is judged by the IPv4 address. */
export function isPublicAddress(address: string): boolean {
  return judge(address, (one, family) =>
    family === 'ipv4' ? !forbidden.check(one, family) : publicV6.check(one, family) && !forbidden.check(one, family),
  );
}

/**
 * Refuses a URL by its scheme, and by its host if that is an address. Names are judged later, by {@link guardedLookup}.
 *
 * @throws ForbiddenAddressError if the URL is neither https nor to a listed host, or its address is neither public nor listed.
 */
export function refuseForbidden(url: URL, allowed: HostList): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isListed = allowed.hasName(host) || isListedAddress(host, allowed);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isListed))
    throw new ForbiddenAddressError(`expected an https URL, got ${url.protocol}//`);
  if (isIP(host) !== 0 && !isListed && !isPublicAddress(host)) throw new ForbiddenAddressError(`${host} is not a public address`);
}

/** Resolves the name of a host for a connection, and fails if any of its addresses is neither public nor allowed. */
export function guardedLookup(allowed: HostList): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, '');
      const isNamed = allowed.hasName(hostname);
      const mayReach = (address: string): boolean =>
        isPublicAddress(address) || isListedAddress(address, allowed) || (isNamed && isPrivateAddress(address));
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

function isPrivateAddress(address: string): boolean {
  return judge(address, (one, family) => privateNetworks.check(one, family));
}

/** Judges an address, or all IPv4 addresses that it may be translated to. */
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
