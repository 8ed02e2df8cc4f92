/** A wallet of one extended public key: index in, address out. */
import { hex } from '@scure/base';
import { HARDENED_OFFSET, type HDKey } from '@scure/bip32';
import { parseScriptHex, type Network } from '../kernel/chain.ts';
import type { AccountWallet, ReceiveAddress } from './account-wallet.ts';
import { ADDRESS_FORMATS } from './address-format.ts';
import { childKeys } from './child-keys.ts';
import { withChecksum } from './checksum.ts';
import { formatKeyExpression, type RangedKey } from './key-expression.ts';
import type { ScriptTemplate } from './script-template.ts';
import { WalletError } from './wallet-error.ts';

/** Gives the addresses of one branch of one key. The branch is derived once; each address then costs one derivation. */
export class SingleKeyWallet implements AccountWallet {
  readonly network: Network;
  readonly scriptType: AccountWallet['scriptType'];
  readonly descriptor: string;
  readonly #template: ScriptTemplate;
  readonly #branch: HDKey;

  constructor(template: ScriptTemplate, ranged: RangedKey, network: Network) {
    this.network = network;
    this.scriptType = template.type;
    this.descriptor = withChecksum(`${template.open}${formatKeyExpression(ranged)}${template.close}`);
    this.#template = template;
    this.#branch = ranged.branch.reduce((node, child) => node.deriveChild(child), ranged.key.node);
  }

  /** @throws WalletError with code `index` when the index is not a whole number from 0 to 2^31 - 1. */
  receive(index: number): ReceiveAddress {
    checkIndex(index);
    const { publicKey } = this.#branch.deriveChild(index);
    if (publicKey === null) throw new TypeError('a derived key has no public key');
    return this.#address(index, publicKey);
  }

  /** @throws WalletError with code `index` when an index is not a whole number from 0 to 2^31 - 1. */
  receiveMany(from: number, count: number): ReceiveAddress[] {
    checkIndex(from);
    checkIndex(from + Math.max(0, count - 1));
    return childKeys(this.#branch, from, count).map((publicKey, position) => this.#address(from + position, publicKey));
  }

  #address(index: number, publicKey: Uint8Array): ReceiveAddress {
    const { script, address } = this.#template.output(publicKey, ADDRESS_FORMATS[this.network]);
    return { index, address, script: parseScriptHex(hex.encode(script)) };
  }
}

function checkIndex(index: number): void {
  if (Number.isInteger(index) && index >= 0 && index < HARDENED_OFFSET) return;
  throw new WalletError(
    'index',
    'index',
    `expected a whole number from 0 to ${HARDENED_OFFSET - 1}, got ${typeof index === 'number' ? index : typeof index}`,
  );
}
