/** The merchant's private key, which the gateway never sees, to spend what orders have received. */
import { HDKey } from '@scure/bip32';
import { NETWORK, TEST_NETWORK, p2wpkh, Transaction } from '@scure/btc-signer';
import type { OutPoint, ScriptHex } from '../../src/kernel/chain.ts';

const TEST_KEYS = { private: 0x04358394, public: 0x043587cf };

export class MerchantKey {
  readonly #account: HDKey;

  constructor(seedByte: number) {
    this.#account = HDKey.fromMasterSeed(new Uint8Array(32).fill(seedByte), TEST_KEYS).derive("m/84'/1'/0'");
  }

  /** The public key for the gateway. */
  get xpub(): string {
    return this.#account.publicExtendedKey;
  }

  /** Creates a transaction that sends an output at the address with this index to another script, less a fee. Returns it in hex. */
  spend(index: number, outPoint: OutPoint, amount: bigint, to: ScriptHex, feeSats = 500n): string {
    const { privateKey, publicKey } = this.#account.deriveChild(0).deriveChild(index);
    if (privateKey === null || publicKey === null) throw new Error(`no key with index ${index}`);
    const transaction = new Transaction({ allowUnknownOutputs: true });
    const { script } = p2wpkh(publicKey, { ...NETWORK, ...TEST_NETWORK });
    transaction.addInput({ txid: outPoint.txid, index: outPoint.vout, witnessUtxo: { script, amount } });
    transaction.addOutput({ script: Buffer.from(to, 'hex'), amount: amount - feeSats });
    transaction.sign(privateKey);
    transaction.finalize();
    return transaction.hex;
  }
}
