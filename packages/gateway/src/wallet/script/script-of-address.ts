import { hex } from '@scure/base';
import { Address, OutScript } from '@scure/btc-signer';
import { parseScriptHex, type Network, type ScriptHex } from '../../kernel/chain.ts';
import { ADDRESS_FORMATS } from './address-format.ts';

/**
 * The script that an address pays; undefined if the text is not an address of the network. Upper case, as in some QR codes, is
 * accepted.
 */
export function scriptOfAddress(text: string, network: Network): ScriptHex | undefined {
  try {
    const decoded = Address(ADDRESS_FORMATS[network]).decode(/^[A-Z0-9]+$/.test(text) ? text.toLowerCase() : text);
    return parseScriptHex(hex.encode(OutScript.encode(decoded)));
  } catch {
    return undefined;
  }
}
