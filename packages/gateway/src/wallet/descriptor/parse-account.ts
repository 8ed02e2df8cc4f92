/** Turns the export of a merchant's wallet into a wallet that gives addresses. */
import type { Network } from '../../kernel/chain.ts';
import type { AccountWallet } from '../account-wallet.ts';
import { parseBareKey } from './parse-bare-key.ts';
import { parseDescriptor } from './parse-descriptor.ts';
import { refusePastedWrapping } from './refuse-pasted-wrapping.ts';
import { refusePrivateKeys } from './refuse-private-keys.ts';

/**
 * The merchant's input: an output descriptor (BIP 380 to 386, 389), or an account's extended public key (BIP 49, BIP 84, SLIP
 * 132).
 */
export type AccountInput = { readonly descriptor: string } | { readonly xpub: string };

/**
 * Creates a watch-only wallet. White space around the input is ignored.
 *
 * @param network the chain that the gateway runs on; a key of another chain is refused.
 * @throws WalletError whose message never contains the input, and whose code is `private_key` whenever the input contains one.
 * @example
 * const wallet = parseAccount({ xpub: 'zpub6rFR7y4Q2...' }, 'bitcoin');
 * wallet.receive(0).address; // 'bc1q...'
 * wallet.descriptor; // 'wpkh(xpub6CatWdiZi.../0/*)#...', for any other wallet to import; parses to the same wallet
 */
export function parseAccount(input: AccountInput, network: Network): AccountWallet {
  const field = 'descriptor' in input ? 'descriptor' : 'xpub';
  const text = ('descriptor' in input ? input.descriptor : input.xpub).trim();
  refusePrivateKeys(text, field);
  refusePastedWrapping(text, field);
  return field === 'descriptor' ? parseDescriptor(text, network) : parseBareKey(text, network);
}
