/**
 * The IPv4 addresses to which an IPv6 address may lead: IPv4-mapped addresses (RFC 4291, 2.5.5.2), and those that a NAT64 translates,
 * by its well-known prefix (RFC 6052) or by one of a network's own within `64:ff9b:1::/48` (RFC 8215).
 *
 * How long a prefix of a network's own is, nobody outside can know: such an address has one reading for each length of RFC 6052, 2.2.
 * Readings in 0.0.0.0/8 are left out, since no translator delivers to it, and the other lengths of a well-formed address read so.
 *
 * @returns undefined for any other address. Prefixes outside these ranges cannot be told from ordinary addresses.
 */
export function embeddedIpv4(address: string): readonly string[] | undefined {
  const bytes = bytesOf(address);
  if (bytes === undefined) return undefined;
  const begins = (...start: readonly number[]): boolean => start.every((byte, n) => bytes[n] === byte);
  const at = (...places: readonly number[]): string => places.map((place) => bytes[place]).join('.');
  if (begins(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff)) return [at(12, 13, 14, 15)];
  if (begins(0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) return [at(12, 13, 14, 15)];
  if (!begins(0, 0x64, 0xff, 0x9b, 0, 1)) return undefined;
  // The eighth byte holds no part of the address.
  const readings = [at(6, 7, 9, 10), at(7, 9, 10, 11), at(9, 10, 11, 12), at(12, 13, 14, 15)];
  return [...new Set(readings.filter((reading) => !reading.startsWith('0.')))];
}

function bytesOf(address: string): readonly number[] | undefined {
  if (!address.includes(':') || address.includes('%') || !URL.canParse(`http://[${address}]/`)) return undefined;
  // Hexadecimal groups, without a dotted part.
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const groups = (part: string | undefined): number[] => (part ? part.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array<number>(8 - before.length - after.length).fill(0);
  return [...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]);
}
