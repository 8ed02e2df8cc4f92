/**
 * Returns the IPv4 addresses that an IPv6 address may stand for. It may be IPv4-mapped (RFC 4291, 2.5.5.2), or translated by a NAT64 with
 * the well-known prefix (RFC 6052) or with a local prefix within `64:ff9b:1::/48` (RFC 8215).
 *
 * The length of a local prefix is known only inside its network, so such an address has one reading for each length that RFC 6052, 2.2
 * allows. Readings in 0.0.0.0/8 are left out: no translator delivers to it, and a well-formed address reads so for the wrong lengths.
 *
 * @returns undefined for any other address. Prefixes outside these ranges look like ordinary addresses.
 */
export function embeddedIpv4(address: string): readonly string[] | undefined {
  const bytes = bytesOf(address);
  if (bytes === undefined) return undefined;
  const begins = (...start: readonly number[]): boolean => start.every((byte, n) => bytes[n] === byte);
  const at = (...indexes: readonly number[]): string => indexes.map((index) => bytes[index]).join('.');
  if (begins(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff)) return [at(12, 13, 14, 15)];
  if (begins(0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) return [at(12, 13, 14, 15)];
  if (!begins(0, 0x64, 0xff, 0x9b, 0, 1)) return undefined;
  // The eighth byte is reserved and holds no part of the address.
  const readings = [at(6, 7, 9, 10), at(7, 9, 10, 11), at(9, 10, 11, 12), at(12, 13, 14, 15)];
  return [...new Set(readings.filter((reading) => !reading.startsWith('0.')))];
}

function bytesOf(address: string): readonly number[] | undefined {
  if (!address.includes(':') || address.includes('%') || !URL.canParse(`http://[${address}]/`)) return undefined;
  // A URL's hostname has hexadecimal groups only, no dotted part.
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const groups = (part: string | undefined): number[] => (part ? part.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array<number>(8 - before.length - after.length).fill(0);
  return [...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]);
}
