/** A wallet of several extended public keys, some of which must sign: `wsh(sortedmulti(k,...))` (BIP 383, BIP 48). */
import { sha256 } from '@noble/hashes/sha2.js';
import { hex } from '@scure/base';
import type { HDKey } from '@scure/bip32';
import { parseScriptHex, type Network } from '../kernel/chain.ts';
import type { AccountWallet, ReceiveAddress } from './account-wallet.ts';
import { ADDRESS_FORMATS } from './script/address-format.ts';
import { checkIndex } from './check-index.ts';
import { childKeys } from './child-keys.ts';
import { withChecksum } from './descriptor/checksum.ts';
import { branchKey, formatKeyExpression, type RangedKey } from './descriptor/key-expression.ts';
import { multisigScript } from './script/multisig-script.ts';
import { segwitOutput } from './script/segwit-output.ts';

/** Derives every key at the same index. */
export class MultisigWallet implements AccountWallet {
  readonly network: Network;
  readonly scriptType = 'p2wsh';
  readonly descriptor: string;
  readonly #threshold: number;
  readonly #branches: readonly HDKey[];

  /** @param threshold how many of the keys must sign: 1 to the number of keys, of which there are at most 20. */
  constructor(threshold: number, keys: readonly RangedKey[], network: Network) {
    this.network = network;
    this.descriptor = withChecksum(`wsh(sortedmulti(${[threshold, ...keys.map(formatKeyExpression)].join(',')}))`);
    this.#threshold = threshold;
    this.#branches = keys.map(branchKey);
  }

  receive(index: number): ReceiveAddress {
    checkIndex(index);
    const publicKeys = this.#branches.map((branch) => {
      const { publicKey } = branch.deriveChild(index);
      if (publicKey === null) throw new TypeError('a derived key has no public key');
      return publicKey;
    });
    return this.#address(index, publicKeys);
  }

  receiveMany(from: number, count: number): ReceiveAddress[] {
    checkIndex(from);
    checkIndex(from + Math.max(0, count - 1));
    const columns = this.#branches.map((branch) => childKeys(branch, from, count));
    return Array.from({ length: count }, (_, position) =>
      this.#address(
        from + position,
        columns.flatMap((column) => column.slice(position, position + 1)),
      ),
    );
  }

  #address(index: number, publicKeys: readonly Uint8Array[]): ReceiveAddress {
    const hash = sha256(multisigScript(this.#threshold, publicKeys));
    const { script, address } = segwitOutput(0, hash, ADDRESS_FORMATS[this.network]);
    return { index, address, script: parseScriptHex(hex.encode(script)) };
  }
}
