/** The addresses of the merchant's wallet, derived without the gateway. */
import type { ScriptHex } from '../../src/kernel/chain.ts';
import { parseAccount } from '../../src/wallet/descriptor/parse-account.ts';
import type { AccountWallet } from '../../src/wallet/account-wallet.ts';

const PAGE = 200;
/** No run hands out more. */
const MAX_INDEX = 200_000;

export class Wallet {
  readonly #wallet: AccountWallet;
  readonly #scripts: ScriptHex[] = [];
  readonly #indexes = new Map<string, number>();

  constructor(descriptor: string) {
    this.#wallet = parseAccount({ descriptor }, 'regtest');
  }

  /** Returns the index of an address. @throws Error if it is not an address of the wallet. */
  indexOf(address: string): number {
    for (;;) {
      const index = this.#indexes.get(address);
      if (index !== undefined) return index;
      if (this.#scripts.length >= MAX_INDEX) throw new Error(`${address} is not an address of the wallet`);
      this.#extend();
    }
  }

  scriptAt(index: number): ScriptHex {
    while (this.#scripts.length <= index) this.#extend();
    return this.#scripts[index] as ScriptHex;
  }

  /** Returns the scripts of all indexes below this one, by the index. */
  scriptsBelow(index: number): ReadonlyMap<ScriptHex, number> {
    if (index > 0) this.scriptAt(index - 1);
    return new Map(this.#scripts.slice(0, index).map((script, at) => [script, at]));
  }

  #extend(): void {
    for (const { index, address, script } of this.#wallet.receiveMany(this.#scripts.length, PAGE)) {
      this.#scripts[index] = script;
      this.#indexes.set(address, index);
    }
  }
}
