/**
 * Whom an address stands for, when addresses are counted: an IPv4 address for itself, an IPv6 address for its network of 64
 * bits, since that is the least that anyone is given (RFC 6177) and each in it is a free choice.
 */
import { isIPv6 } from 'node:net';

/** @example networkOf('2001:db8:1:2:3:4:5:6') // '2001:db8:1:2::/64' */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%', 1);
  if (!isIPv6(bare)) return address;
  const [head = '', tail] = bare.split('::', 2);
  const left = groups(head);
  const right = groups(tail ?? '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const all = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${all.slice(0, 4).map(withoutZeros).join(':')}::/64`;
}

function groups(text: string): string[] {
  // The last 32 bits may be written as IPv4 (RFC 4291, 2.2): two groups, and never among the first four of a short form.
  return text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? [group, ''] : [group]));
}

function withoutZeros(group: string): string {
  return group.replace(/^0+(?=.)/, '').toLowerCase();
}
