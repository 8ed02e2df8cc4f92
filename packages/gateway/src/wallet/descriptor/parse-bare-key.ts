/**
 * Turns a bare extended public key into a wallet. The prefix states the kind of address (SLIP 132): ypub and upub nested segwit
 * (BIP 49), zpub and vpub native segwit (BIP 84).
 *
 * - xpub and tpub do not state it and are read as BIP 84, the default of most wallets. For another kind, a descriptor is
 *   required, which states it.
 * - The key must be that of an account: its last step hardened, at depth 3 (m/84h/0h/0h), or for native segwit at depth 1
 *   (Electrum's own seeds: m/0h). From a master key, or one branch too deep, we would derive addresses that the merchant's
 *   own wallet never scans. Here too a descriptor overrides this, because it states the whole path.
 */
import { HARDENED_OFFSET } from '@scure/bip32';
import type { Network } from '../../kernel/chain.ts';
import type { AccountWallet } from '../account-wallet.ts';
import { parseExtendedKey, type ExtendedKey } from './extended-key.ts';
import { refusePrivateKeys } from './refuse-private-keys.ts';
import { requireChain } from './require-chain.ts';
import { P2SH_P2WPKH, P2WPKH, type ScriptTemplate } from '../script/script-template.ts';
import { SingleKeyWallet } from '../single-key-wallet.ts';
import { WalletError } from '../wallet-error.ts';

interface AccountKind {
  readonly template: ScriptTemplate;
  /** The permitted depths of an account key. */
  readonly depths: readonly number[];
  /** An example path, for the error. */
  readonly example: string;
}

const NATIVE_SEGWIT: AccountKind = { template: P2WPKH, depths: [3, 1], example: 'm/84h/0h/0h' };
const NESTED_SEGWIT: AccountKind = { template: P2SH_P2WPKH, depths: [3], example: 'm/49h/0h/0h' };

/**
 * Parses the extended public key of an account; its receiving branch is 0.
 *
 * @throws WalletError with code `private_key`, `wrong_field`, `extended_key`, `network`, `unsupported` or `not_account_key`.
 * @example parseBareKey('ypub6Ww3i...', 'bitcoin').receive(0).address // '3...'
 */
export function parseBareKey(text: string, network: Network): AccountWallet {
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
  const kind = kindOf(key);
  requireAccountKey(key, kind);
  return new SingleKeyWallet(kind.template, { origin: undefined, key, branch: [0] }, network);
}

function kindOf({ version: { prefix, addresses } }: ExtendedKey): AccountKind {
  switch (addresses) {
    case 'any':
    case 'p2wpkh':
      return NATIVE_SEGWIT;
    case 'sh(p2wpkh)':
      return NESTED_SEGWIT;
    case 'multisig':
      throw new WalletError(
        'unsupported',
        'xpub',
        `expected the key of a single-key wallet, got ${prefix}, one of several keys: give a descriptor with all of them, wsh(sortedmulti(k,KEY,...))`,
      );
  }
}

function requireAccountKey({ depth, childNumber }: ExtendedKey, { depths, example }: AccountKind): void {
  const hardened = childNumber >= HARDENED_OFFSET;
  if (depths.includes(depth) && hardened) return;
  throw new WalletError(
    'not_account_key',
    'xpub',
    `expected the key of an account (${example}: depth 3, last step hardened), got depth ${depth} with ${hardened ? 'a hardened' : depth === 0 ? 'no' : 'an unhardened'} last step; if this is intended, give a descriptor, which states the path`,
  );
}
