/** A wallet of one extended public key, which turns an index into an address. */
import { hex } from '@scure/base';
import type { HDKey } from '@scure/bip32';
import { parseScriptHex, type Network } from '../kernel/chain.ts';
import type { AccountWallet, ReceiveAddress, ScriptType } from './account-wallet.ts';
import { ADDRESS_FORMATS } from './script/address-format.ts';
import { checkIndex } from './check-index.ts';
import { childKeys } from './child-keys.ts';
import { withChecksum } from './descriptor/checksum.ts';
import { branchKey, formatKeyExpression, type RangedKey } from './descriptor/key-expression.ts';
import type { ScriptTemplate } from './script/script-template.ts';

/** Gives the addresses of one branch of one key. The branch is derived once; each address then costs one derivation. */
export class SingleKeyWallet implements AccountWallet {
  readonly network: Network;
  readonly scriptType: ScriptType;
  readonly descriptor: string;
  readonly #template: ScriptTemplate;
  readonly #branch: HDKey;

  constructor(template: ScriptTemplate, ranged: RangedKey, network: Network) {
    this.network = network;
    this.scriptType = template.type;
    this.descriptor = withChecksum(`${template.open}${formatKeyExpression(ranged)}${template.close}`);
    this.#template = template;
    this.#branch = branchKey(ranged);
  }

  receive(index: number): ReceiveAddress {
    checkIndex(index);
    const { publicKey } = this.#branch.deriveChild(index);
    const [address] = publicKey === null ? [] : this.#addresses(index, [publicKey]);
    if (address === undefined) throw new TypeError('a derived key has no public key');
    return address;
  }

  receiveMany(from: number, count: number): ReceiveAddress[] {
    checkIndex(from);
    checkIndex(from + Math.max(0, count - 1));
    return this.#addresses(from, childKeys(this.#branch, from, count));
  }

  #addresses(from: number, publicKeys: readonly Uint8Array[]): ReceiveAddress[] {
    return this.#template.outputs(publicKeys, ADDRESS_FORMATS[this.network]).map(({ script, address }, position) => ({
      index: from + position,
      address,
      script: parseScriptHex(hex.encode(script)),
    }));
  }
}
