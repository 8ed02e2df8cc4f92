/** From what a merchant's wallet exports to a wallet that gives addresses. */
import type { Network } from '../kernel/chain.ts';
import type { AccountWallet } from './account-wallet.ts';
import { parseBareKey } from './parse-bare-key.ts';
import { parseDescriptor } from './parse-descriptor.ts';

/** What a merchant gives: an output descriptor (BIP 380 to 386, 389), or an extended public key of an account (BIP 49, BIP 84, SLIP 132). */
export type AccountInput = { readonly descriptor: string } | { readonly xpub: string };

/**
 * Makes a watch-only wallet. White space around the input is ignored.
 *
 * @param network the chain that the gateway runs on; a key of another chain is refused.
 * @throws WalletError whose message never holds the input, and whose code is `private_key` whenever there is one in it.
 * @example
 * const wallet = parseAccount({ xpub: 'zpub6rFR7y4Q2...' }, 'bitcoin');
 * wallet.receive(0).address; // 'bc1q...'
 * wallet.descriptor; // 'wpkh(xpub6CatWdiZi.../0/*)#...', for any other wallet to import; parses to the same wallet
 */
export function parseAccount(input: AccountInput, network: Network): AccountWallet {
  return 'descriptor' in input ? parseDescriptor(input.descriptor.trim(), network) : parseBareKey(input.xpub.trim(), network);
}
