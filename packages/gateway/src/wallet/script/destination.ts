/** Reads where a refund is to be sent, from what a person pastes: an address, or a payment URI (BIP 321) that has one. */
import type { Network, ScriptHex } from '../../kernel/chain.ts';
import { ADDRESS_FORMATS } from './address-format.ts';
import { scriptOfAddress } from './script-of-address.ts';

export type Destination =
  | { readonly kind: 'address'; readonly address: string; readonly script: ScriptHex }
  /** Not an address. */
  | { readonly kind: 'invalid' }
  /** An address of another network. */
  | { readonly kind: 'network' };

export function parseDestination(text: string, network: Network): Destination {
  const address = addressIn(text);
  const script = scriptOfAddress(address, network);
  if (script !== undefined) return { kind: 'address', address, script };
  return { kind: isOfOtherNetwork(address) ? 'network' : 'invalid' };
}

/** Longer than any address or URI that a wallet copies. */
const MAX_CHARACTERS = 500;

/** Returns the address alone: bech32 in lower case (BIP 173), without the rest of a payment URI. */
function addressIn(text: string): string {
  const [, address = ''] = /^(?:bitcoin:)?([^?]*)/i.exec(text.slice(0, MAX_CHARACTERS).replaceAll(/\s/g, '')) ?? [];
  return /^[A-Z0-9]+$/.test(address) && BECH32.test(address) ? address.toLowerCase() : address;
}

const BECH32 = new RegExp(`^(?:${[...new Set(Object.values(ADDRESS_FORMATS).map(({ bech32 }) => bech32))].join('|')})1`, 'i');

function isOfOtherNetwork(address: string): boolean {
  return (Object.keys(ADDRESS_FORMATS) as Network[]).some((network) => scriptOfAddress(address, network) !== undefined);
}
