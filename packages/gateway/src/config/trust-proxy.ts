/**
 * Which information about the origin of a request is trusted. Anyone can send an `X-Forwarded-For` header, so it counts only as
 * far as configured proxies have written it.
 */
import { BlockList, isIP } from 'node:net';

export interface TrustProxy {
  /** The one header that the proxies set. Any other such header comes from a client. */
  readonly header: 'x-forwarded-for' | 'forwarded';
  readonly proxies: TrustedProxies;
}

export type TrustedProxies =
  | { readonly kind: 'none' }
  /** The last `hops` senders in the header are our proxies. */
  | { readonly kind: 'hops'; readonly hops: number }
  | { readonly kind: 'addresses'; readonly list: BlockList };

/**
 * @param text A number of proxies from 1 to 10, or addresses and networks: `127.0.0.1, 10.0.0.0/8, 2001:db8::/32`.
 * @throws RangeError naming the invalid part.
 */
export function parseProxies(text: string): TrustedProxies {
  if (/^\d+$/.test(text)) {
    const hops = Number(text);
    if (hops >= 1 && hops <= 10) return { kind: 'hops', hops };
    throw new RangeError(`expected 1 to 10 proxies, or their addresses, got ${JSON.stringify(text)}`);
  }
  const list = new BlockList();
  for (const part of text.split(',').map((each) => each.trim())) {
    const [, address = '', bits] = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(part) ?? [];
    const version = isIP(address);
    const family = version === 6 ? 'ipv6' : 'ipv4';
    const maxBits = version === 6 ? 128 : 32;
    if (version === 0 || Number(bits ?? 0) > maxBits)
      throw new RangeError(`expected addresses or networks such as 127.0.0.1 or 10.0.0.0/8, got ${JSON.stringify(part)}`);
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return { kind: 'addresses', list };
}
