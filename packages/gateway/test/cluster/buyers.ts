/**
 * Buyers who pay acknowledged orders on the real node: exactly, too little, too much, in parts, several orders in one transaction, and
 * late. Some replace a payment before it is mined. Miners are in `miners.ts`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenCoins, Coin, Made } from '../../../../test/support/open-coins.ts';
import { pick } from '../kill/lives.ts';
import type { AcknowledgedOrder, Ledger } from './ledger.ts';
import type { Wallet } from './wallet.ts';

export interface BuyersOptions {
  readonly coins: OpenCoins;
  readonly wallet: Wallet;
  readonly ledger: Ledger;
  readonly random: () => number;
  /** Orders that a failover has lost, perhaps. */
  readonly lostOrders: () => readonly AcknowledgedOrder[];
}

/** A transaction that pays orders, and the coin that it spends. */
export interface SentPayment {
  readonly made: Made;
  readonly coin: Coin;
}

/** Fewer than `OpenCoins` has. */
const FRESH_COINS = 390;
const MIN_CHANGE_SATS = 1_000_000n;
const MAX_FEE_SATS = 1_000n;
const KEPT_PAYMENTS = 40;
/** Percent of the price, for a transaction or for each of two. */
const PARTS: readonly (readonly number[])[] = [[100], [100], [100], [60], [130], [50, 50], [70, 60]];
const REPLACEMENT_FEE_SATS = 20_000n;
/** The pause of each of the two buyers between payments, at most. There are then some two payments for each order. */
const MAX_PAUSE_MS = 400;

export class Buyers {
  readonly #options: BuyersOptions;
  readonly #change: Coin[] = [];
  /** The newest payments, the last one first. */
  readonly recent: SentPayment[] = [];
  #freshTaken = 0;
  #isOpen = false;
  #working: Promise<unknown> = Promise.resolve();
  sent = 0;

  constructor(options: BuyersOptions) {
    this.#options = options;
  }

  open(): void {
    this.#isOpen = true;
    this.#working = Promise.all([this.#pays(), this.#pays()]);
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#working;
  }

  /** Pays an order its exact price. */
  payExactly(order: AcknowledgedOrder): Promise<boolean> {
    return this.#send([[order, order.amount]]);
  }

  async #pays(): Promise<void> {
    const { random } = this.#options;
    while (this.#isOpen) {
      await sleep(random() * MAX_PAUSE_MS);
      if (random() < 0.06) await this.#replace();
      else await this.#payOne();
    }
  }

  async #payOne(): Promise<void> {
    const { random } = this.#options;
    const orders = Array.from({ length: random() < 0.2 ? 3 : 1 }, () => this.#choose()).filter((order) => order !== undefined);
    if (orders.length === 0) return;
    for (const percent of pick(PARTS, random))
      await this.#send(orders.map((order) => [order, (order.amount * BigInt(percent)) / 100n] as const));
  }

  /** Mostly one of the newest orders, sometimes any, and sometimes one that a failover may have lost. */
  #choose(): AcknowledgedOrder | undefined {
    const { random, ledger, lostOrders } = this.#options;
    const lost = lostOrders();
    if (lost.length > 0 && random() < 0.25) return pick(lost, random);
    const { length } = ledger.orders;
    return ledger.orders.at(-1 - Math.floor(random() * (random() < 0.1 ? length : Math.min(12, length))));
  }

  async #send(payments: readonly (readonly [AcknowledgedOrder, bigint])[]): Promise<boolean> {
    const { coins, wallet } = this.#options;
    const outputs = payments.map(([{ address }, amount]) => ({ script: wallet.scriptAt(wallet.indexOf(address)), amount }));
    const coin = this.#coin(outputs.reduce((sum, { amount }) => sum + amount, MAX_FEE_SATS));
    if (coin === undefined) return false;
    const made = coins.make(outputs, [coin]);
    try {
      await coins.broadcast(made);
    } catch {
      return false; // its coin was double-spent, or depends on too many others
    }
    if (made.change.amount >= MIN_CHANGE_SATS) this.#change.push(made.change);
    this.recent.unshift({ made, coin });
    this.recent.splice(KEPT_PAYMENTS);
    this.sent += 1;
    return true;
  }

  /** Returns a coin of at least so much; undefined if no coin holds that at the moment. */
  #coin(atLeast: bigint): Coin | undefined {
    if (this.#freshTaken < FRESH_COINS) {
      this.#freshTaken += 1;
      return this.#options.coins.take();
    }
    const at = this.#change.findIndex(({ amount }) => amount >= atLeast);
    return at < 0 ? undefined : this.#change.splice(at, 1)[0];
  }

  /** Replaces one of the newest payments by a transaction that pays nobody. */
  async #replace(): Promise<void> {
    const { coins, random } = this.#options;
    if (this.recent.length === 0) return;
    const { coin } = pick(this.recent.slice(0, 6), random);
    await coins.broadcast(coins.make([], [coin], REPLACEMENT_FEE_SATS)).catch(() => undefined); // it is in a block
  }
}
