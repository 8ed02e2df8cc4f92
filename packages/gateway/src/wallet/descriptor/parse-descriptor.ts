/** Turns an output descriptor (BIP 380 to 386, 389) into the wallet that it describes. */
import type { Network } from '../../kernel/chain.ts';
import type { AccountWallet } from '../account-wallet.ts';
import { withoutChecksum } from './checksum.ts';
import { parseKeyExpression, type KeyExpression } from './key-expression.ts';
import { matchScript } from './match-script.ts';
import { parseMultisig } from './parse-multisig.ts';
import { MultisigWallet } from '../multisig-wallet.ts';
import { refusePrivateKeys } from './refuse-private-keys.ts';
import { requireChain } from './require-chain.ts';
import { P2TR, type ScriptTemplate } from '../script/script-template.ts';
import { SingleKeyWallet } from '../single-key-wallet.ts';
import { WalletError } from '../wallet-error.ts';

/**
 * Parses a ranged descriptor. Only the receiving branch is used, in canonical form, so equal wallets have equal descriptors.
 *
 * @throws WalletError that states which part is invalid.
 * @example parseDescriptor('wpkh([d34db33f/84h/0h/0h]xpub6Cat.../<0;1>/*)', 'bitcoin').receive(0).address // 'bc1q...'
 */
export function parseDescriptor(text: string, network: Network): AccountWallet {
  refusePrivateKeys(text, 'descriptor');
  if (/^[a-z]pub[0-9a-z]*$/i.test(text)) {
    throw new WalletError(
      'wrong_field',
      'descriptor',
      'expected an output descriptor such as wpkh(xpub.../0/*), got a bare extended key; give it as xpub',
    );
  }
  const script = matchScript(withoutChecksum(text));
  switch (script.kind) {
    case 'single': {
      const ranged = singleKey(script.template, script.key);
      requireChain(ranged.key, network, 'descriptor');
      return new SingleKeyWallet(script.template, ranged, network);
    }
    case 'multisig': {
      const { threshold, keys } = parseMultisig(script.threshold, script.keys);
      for (const { key } of keys) requireChain(key, network, 'descriptor');
      return new MultisigWallet(threshold, keys, network);
    }
  }
}

function singleKey(template: ScriptTemplate, text: string): KeyExpression {
  if (template === P2TR && text.includes(',')) {
    throw new WalletError('unsupported', 'descriptor', 'expected tr(KEY) without a script tree, got one');
  }
  return parseKeyExpression(text);
}
