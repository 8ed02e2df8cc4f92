/** Miners, who make blocks, reorganise the chain, and mine double spends of payments that had confirmations. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenCoins } from '../../../../test/support/open-coins.ts';
import type { RegtestNode } from '../../../../test/support/regtest-node.ts';
import { pick } from '../kill/lives.ts';
import type { Buyers } from './buyers.ts';

export interface MinersOptions {
  readonly node: RegtestNode;
  readonly coins: OpenCoins;
  readonly buyers: Buyers;
  readonly random: () => number;
}

const MAX_PAUSE_MS = 700;
const DOUBLE_SPEND_FEE_SATS = 5_000n;

export class Miners {
  readonly #options: MinersOptions;
  #isOpen = false;
  #working: Promise<unknown> = Promise.resolve();
  reorganisations = 0;
  doubleSpends = 0;

  constructor(options: MinersOptions) {
    this.#options = options;
  }

  open(): void {
    this.#isOpen = true;
    this.#working = this.#mines();
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#working;
  }

  async mine(blocks = 1): Promise<void> {
    await this.#options.coins.mine(blocks);
  }

  async #mines(): Promise<void> {
    const { random } = this.#options;
    while (this.#isOpen) {
      await sleep(random() * MAX_PAUSE_MS);
      if (random() < 0.2) await this.reorganise(1 + Math.floor(random() * 3), random() < 0.6);
      else await this.mine();
    }
  }

  /** Replaces the newest blocks by one more. What they held returns to the mempool, except a payment that is double-spent. */
  async reorganise(depth: number, doubleSpends: boolean): Promise<void> {
    const { node, coins, buyers, random } = this.#options;
    const height = await node.rpc<number>('getblockcount');
    const lowest = await node.rpc<string>('getblockhash', [height - depth + 1]);
    await node.rpc('invalidateblock', [lowest]);
    this.reorganisations += 1;
    if (doubleSpends && buyers.recent.length > 0) {
      const { coin } = pick(buyers.recent.slice(0, 20), random);
      const mined = await coins.mineOnly([coins.make([], [coin], DOUBLE_SPEND_FEE_SATS)]).then(
        () => true,
        () => false, // the payment is in a block below
      );
      if (mined) this.doubleSpends += 1;
    }
    await this.mine(depth + 1);
  }
}
