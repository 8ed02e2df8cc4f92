/**
 * From what a merchant's wallet exports to a wallet that gives addresses.
 *
 * Choices:
 * - A bare xpub or tpub is taken as an account of BIP 84 (addresses bc1q..., receiving branch 0). The prefix does not say
 *   the kind of address, and this is what wallets use by default; who means another kind gives a descriptor, which says it.
 * - A bare key must be an account key: its last step hardened, at depth 3 (BIP 84: m/84h/0h/0h) or depth 1 (Electrum's
 *   native segwit wallets: m/0h). From a master key, or one branch too deep, we would derive addresses at which the merchant's own
 *   wallet never looks. Here too a descriptor overrules, since it states the whole path.
 * - The receiving branch alone is stored, in one canonical text: equal wallets have equal descriptors.
 */
import { HARDENED_OFFSET } from '@scure/bip32';
import type { Network } from '../kernel/chain.ts';
import type { AccountWallet } from './account-wallet.ts';
import { withoutChecksum } from './checksum.ts';
import { parseExtendedKey, type ExtendedKey } from './extended-key.ts';
import { parseKeyExpression, type RangedKey } from './key-expression.ts';
import { refusePrivateKeys } from './refuse-private-keys.ts';
import { P2WPKH } from './script-template.ts';
import { matchScript } from './match-script.ts';
import { SingleKeyWallet } from './single-key-wallet.ts';
import { PLAIN_VERSIONS } from './slip132.ts';
import { WalletError, type WalletField } from './wallet-error.ts';

/** What a merchant gives: an output descriptor (BIP 380, 382, 389), or an extended public key of an account (BIP 84, SLIP 132). */
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
  return 'descriptor' in input ? fromDescriptor(input.descriptor.trim(), network) : fromBareKey(input.xpub.trim(), network);
}

function fromDescriptor(text: string, network: Network): AccountWallet {
  refusePrivateKeys(text, 'descriptor');
  if (/^[a-z]pub[0-9a-z]*$/i.test(text)) {
    throw new WalletError(
      'wrong_field',
      'descriptor',
      'expected an output descriptor such as wpkh(xpub.../0/*), got a bare extended key; give it as xpub',
    );
  }
  const { template, key } = matchScript(withoutChecksum(text));
  const ranged = parseKeyExpression(key);
  requireChain(ranged.key, network, 'descriptor');
  return new SingleKeyWallet(template, ranged, network);
}

function fromBareKey(text: string, network: Network): AccountWallet {
  refusePrivateKeys(text, 'xpub');
  if (/[()[\]/*]/.test(text)) {
    throw new WalletError(
      'wrong_field',
      'xpub',
      'expected a bare extended key, got one with a path, an origin or a script; give a whole descriptor as descriptor',
    );
  }
  const key = parseExtendedKey(text, 'xpub');
  requireChain(key, network, 'xpub');
  requireSupportedAddresses(key);
  requireAccountKey(key);
  const ranged: RangedKey = { origin: undefined, key, branch: [0] };
  return new SingleKeyWallet(P2WPKH, ranged, network);
}

function requireChain({ version }: ExtendedKey, network: Network, field: WalletField): void {
  const chain = network === 'bitcoin' ? 'main' : 'test';
  if (version.chain === chain) return;
  const { prefix } = PLAIN_VERSIONS[chain];
  throw new WalletError(
    'network',
    field,
    `expected a key of the network ${network} (${prefix}), got one of ${NETWORKS_OF[version.chain]} (${version.prefix})`,
  );
}

const NETWORKS_OF = { main: 'bitcoin', test: 'the test networks' } as const;

function requireSupportedAddresses({ version: { prefix, addresses } }: ExtendedKey): void {
  if (addresses === 'any' || addresses === 'p2wpkh') return;
  const kind = addresses === 'multisig' ? 'multisig' : 'nested segwit (BIP 49)';
  throw new WalletError(
    'unsupported',
    'xpub',
    `expected a native segwit account (xpub, zpub, tpub, vpub), got ${prefix}: ${kind} accounts are not yet supported`,
  );
}

function requireAccountKey({ depth, childNumber }: ExtendedKey): void {
  if ((depth === 3 || depth === 1) && childNumber >= HARDENED_OFFSET) return;
  const got = `depth ${depth} with ${childNumber >= HARDENED_OFFSET ? 'a hardened' : depth === 0 ? 'no' : 'an unhardened'} last step`;
  throw new WalletError(
    'not_account_key',
    'xpub',
    `expected the key of an account (m/84h/0h/0h: depth 3, last step hardened), got ${got}; if this is meant, give a descriptor, which states the path`,
  );
}
