/** Parses a list of hosts: names, addresses and networks, such as `10.0.0.5,shop.lan,172.18.0.0/16`. */
import { BlockList, isIP } from 'node:net';
import type { HostList } from '../kernel/host-list.ts';

/** One or more labels of letters, digits, hyphens and underscores (which container networks use). */
const NAME = /^(?!-)[a-z\d_-]{1,63}(?:\.[a-z\d_-]{1,63})*$/;
const EXPECTED = 'expected names, addresses or networks such as shop.lan, 10.0.0.5 or 172.18.0.0/16';

/** @throws RangeError that names the first invalid entry. */
export function parseHostList(text: string): HostList {
  const names = new Set<string>();
  const addresses = new BlockList();
  const entries = text.split(',').map((each) => each.trim());
  for (const entry of entries) {
    const [address = '', bits, ...more] = entry.split('/');
    const version = isIP(address);
    if (version !== 0 && more.length === 0 && !address.includes('%')) addNetwork(addresses, entry, address, bits);
    else names.add(parseName(entry));
  }
  const hasAddress = (address: string): boolean => {
    const version = address.includes('%') ? 0 : isIP(address);
    return version !== 0 && addresses.check(address, version === 6 ? 'ipv6' : 'ipv4');
  };
  const hasName = (name: string): boolean => names.has(canonical(name));
  const has = (host: string): boolean => hasName(host) || hasAddress(host.replace(/^\[|\]$/g, ''));
  return { entries, has, hasName, hasAddress };
}

function addNetwork(list: BlockList, entry: string, address: string, bits: string | undefined): void {
  const [family, max] = isIP(address) === 6 ? (['ipv6', 128] as const) : (['ipv4', 32] as const);
  if (bits === undefined) return list.addAddress(address, family);
  // A prefix of 0 would match the whole internet and every private network.
  if (!/^\d{1,3}$/.test(bits) || Number(bits) < 1 || Number(bits) > max)
    throw new RangeError(`expected a network with a prefix from /1 to /${max}, got ${JSON.stringify(entry)}`);
  list.addSubnet(address, Number(bits), family);
}

function parseName(entry: string): string {
  const name = canonical(entry);
  if (/^[a-z]+:\/\//.test(name) || /:\d+$/.test(name))
    throw new RangeError(`${EXPECTED}, without scheme, port and path, got ${JSON.stringify(entry)}`);
  // URLs treat a name whose last label is a number as an address.
  if (!NAME.test(name) || /(?:^|\.)(?:\d+|0x[\da-f]*)$/.test(name))
    throw new RangeError(`${EXPECTED}, got ${JSON.stringify(entry)}`);
  return name;
}

function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
