/**
 * Groups addresses for counting: an IPv4 address counts by itself, an IPv6 address by its /64 network, because that is the
 * smallest allocation (RFC 6177) and its holder can use any address in it.
 */
import { isIPv4, isIPv6 } from 'node:net';

/** @example networkOf('2001:db8:1:2:3:4:5:6') // '2001:db8:1:2::/64' */
export function networkOf(address: string): string {
  const all = groupsOf(address);
  return all === undefined ? address : `${all.slice(0, 4).map(withoutZeros).join(':')}::/64`;
}

/**
 * The largest network that one customer of a provider usually has: /48 of IPv6 (RFC 6177), and of IPv4 the /24 that is routed as
 * one.
 *
 * @example widerNetworkOf('203.0.113.9') // '203.0.113.0/24'
 */
export function widerNetworkOf(address: string): string {
  const all = groupsOf(address);
  if (all !== undefined) return `${all.slice(0, 3).map(withoutZeros).join(':')}::/48`;
  return isIPv4(address) ? `${address.replace(/\.\d+$/, '')}.0/24` : address;
}

/** All eight groups of an IPv6 address. */
function groupsOf(address: string): readonly string[] | undefined {
  const [bare = ''] = address.split('%', 1);
  if (!isIPv6(bare)) return undefined;
  const [head = '', tail] = bare.split('::', 2);
  const left = groups(head);
  const right = groups(tail ?? '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
}

function groups(text: string): string[] {
  // The last 32 bits may be written as IPv4 (RFC 4291, 2.2): two groups, and never among the first four of a short form.
  return text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? [group, ''] : [group]));
}

function withoutZeros(group: string): string {
  return group.replace(/^0+(?=.)/, '').toLowerCase();
}
