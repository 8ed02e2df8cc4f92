/**
 * A real Bitcoin node, a gateway beside it with a clock that the test turns, and a shop; and what a scenario does with
 * them. One stage serves all scenarios of a file: each has orders and coins of its own.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount, createPos, parseCurrency, readConfig, startGateway, type Gateway } from '@webpos/gateway';
import { Client, type BlockchainStatus, type OrderStatus, type PaymentOrderRetrieval } from '@webpos/sdk';
import { vi } from 'vitest';
import { epochMs } from '../../../packages/gateway/src/kernel/clock.ts';
import { parseId, type OrderId } from '../../../packages/gateway/src/kernel/ids.ts';
import type { ScriptHex, Txid } from '../../../packages/gateway/src/kernel/chain.ts';
import { createLog } from '../../../packages/gateway/src/ops/log.ts';
import { MerchantKey } from '../../../packages/gateway/test/support/merchant-key.ts';
import { startRegtestNode, type RegtestNode, type RegtestNodeOptions } from '../../../test/support/regtest-node.ts';
import { OpenCoins, type Coin, type Made } from './open-coins.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS: number = 60 * MINUTE_MS;
/** How long an order is open. */
export const TTL_MS: number = 15 * MINUTE_MS;
/** How long an order that was seen in time waits for its confirmations. */
export const SETTLEMENT_MS: number = 72 * HOUR_MS;
/** How long a dispute lasts before it is a charge-back. */
export const CHARGEBACK_MS: number = 24 * HOUR_MS;
/** Blocks after which an order is no longer looked at with every block. */
export const FINAL_DEPTH = 6;
/** What an order of 10.00 costs, in satoshi. */
export const PRICE = 100_000n;

export interface StageOrder {
  readonly id: OrderId;
  readonly script: ScriptHex;
  /** Of its address in the merchant's wallet. */
  readonly index: number;
}

/** Where an order stands, as a shop sees it. Amounts in satoshi. */
export interface Standing {
  readonly status: OrderStatus;
  /** Default: the same word as `status`. */
  readonly chain?: BlockchainStatus;
  readonly paid: bigint;
  readonly confirming: bigint;
  readonly unpaid: bigint;
  /** Each with its blockchain_status and what of it pays the order, sorted by id. */
  readonly transactions: readonly (readonly [txid: Txid, place: string, amount: bigint])[];
  /** All that the shop has been told, from the beginning, without `payment.`. */
  readonly events: string;
}

export interface StageOptions {
  readonly bitcoind: string;
  readonly node?: Partial<RegtestNodeOptions>;
  /** Where the gateway finds the node, when it is not straight there. */
  readonly nodeUrl?: (node: RegtestNode) => Promise<string>;
}

export class Stage implements AsyncDisposable {
  readonly node: RegtestNode;
  readonly coins: OpenCoins;
  readonly merchant: MerchantKey = new MerchantKey(3);
  readonly #folder: string;
  readonly #settings: Record<string, string>;
  #gateway: Gateway | undefined;
  #client: Client | undefined;
  #now = epochMs(Date.UTC(2026, 10, 23, 12));

  private constructor(node: RegtestNode, coins: OpenCoins, folder: string, url: string) {
    this.node = node;
    this.coins = coins;
    this.#folder = folder;
    this.#settings = {
      WEBPOS_PORT: '0',
      WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`,
      WEBPOS_KEY_FILE: join(folder, 'webpos.key'),
      WEBPOS_RATES: 'fixed:EUR=10000',
      WEBPOS_CHAIN: 'bitcoind',
      WEBPOS_BITCOIND_URL: url,
      WEBPOS_BITCOIND_COOKIE_FILE: node.cookieFile,
      ...(node.zmqSequence === undefined ? {} : { WEBPOS_BITCOIND_ZMQ_SEQUENCE: node.zmqSequence }),
      WEBPOS_FINAL_DEPTH: String(FINAL_DEPTH),
    };
  }

  static async open({ bitcoind, node: more, nodeUrl }: StageOptions): Promise<Stage> {
    const node = await startRegtestNode({
      bitcoind,
      zmq: true,
      ...more,
      args: [...OpenCoins.NODE_ARGS, ...(more?.args ?? [])],
    });
    try {
      const coins = await OpenCoins.mint(node);
      const folder = await mkdtemp(join(tmpdir(), 'webpos-order-life-'));
      const stage = new Stage(node, coins, folder, (await nodeUrl?.(node)) ?? node.url);
      await stage.startGateway();
      await stage.#openShop();
      return stage;
    } catch (error) {
      await node.stop();
      throw error;
    }
  }

  get gateway(): Gateway {
    if (this.#gateway === undefined) throw new Error('the gateway is not running');
    return this.#gateway;
  }

  get client(): Client {
    if (this.#client === undefined) throw new Error('there is no shop yet');
    return this.#client;
  }

  async #openShop(): Promise<void> {
    const { context, url } = this.gateway;
    const make = { ...context, newUuid: randomUUID };
    const { account } = await createAccount(make, { name: 'Wallet', wallet: { xpub: this.merchant.xpub } });
    const urls = { callbackUrl: null, continueUrl: null, cancelUrl: null };
    const { pos, secret } = await createPos(
      make,
      {
        name: 'Shop',
        type: 'web',
        accountId: account.id,
        currency: parseCurrency('EUR'),
        defaults: { ...urls, requiredConfirmations: 1 },
      },
      context.keys.seal,
    );
    this.#client = new Client({ mode: 'sandbox', clientId: pos.clientId, secret, baseUrl: url });
  }

  /** Starts the gateway, or starts it again where it left off. */
  async startGateway(): Promise<void> {
    await this.#gateway?.stop();
    const log = createLog('fatal', { write: () => undefined });
    this.#gateway = await startGateway(readConfig(this.#settings), { clock: { now: () => this.#now }, log });
    // The same place for the shop, which knows it by its URL.
    this.#settings['WEBPOS_PORT'] = new URL(this.#gateway.url).port;
    await this.look();
  }

  /** Ends the gateway; the node goes on. */
  async stopGateway(): Promise<void> {
    await this.#gateway?.stop();
    this.#gateway = undefined;
  }

  /** Turns the clock of the gateway, backwards too. */
  advance(durationMs: number): void {
    this.#now = epochMs(this.#now + durationMs);
  }

  /** Lets the gateway look at the chain. */
  async look(): Promise<void> {
    await this.gateway.caughtUp(AbortSignal.timeout(20_000));
  }

  /** An order of 10.00, open for {@link TTL_MS}. */
  async order(confirmations = 1): Promise<StageOrder> {
    const { uuid } = await this.client.createPaymentOrder({ amount: '10.00', required_confirmations: confirmations });
    const id = parseId<OrderId>(uuid);
    const order = await this.gateway.context.store.orders.get(id);
    if (order === undefined) throw new Error(`order ${uuid} was not stored`);
    return { id, script: order.terms.script, index: order.terms.addressIndex };
  }

  /** Sends one transaction with an output for each of these, in their order. */
  async pay(...outputs: readonly (readonly [StageOrder, bigint])[]): Promise<Made> {
    const made = this.make(outputs);
    await this.coins.broadcast(made);
    return made;
  }

  /** Makes such a transaction without sending it. */
  make(outputs: readonly (readonly [StageOrder, bigint])[], coins?: readonly Coin[], feeSats?: bigint): Made {
    return this.coins.make(
      outputs.map(([{ script }, amount]) => ({ script, amount })),
      coins,
      feeSats,
    );
  }

  /** Undoes the newest blocks, from this one on; what was in them waits again. */
  async undo(block: string): Promise<void> {
    await this.node.rpc('invalidateblock', [block]);
  }

  /** Once the gateway has looked, the order stands exactly so, to the shop and in what it was told. */
  async assertStands(order: StageOrder, standing: Standing): Promise<void> {
    const expected: Standing = {
      chain: standing.status,
      ...standing,
      transactions: sorted(standing.transactions),
    };
    await vi.waitFor(
      async () => {
        await this.look();
        deepStrictEqual(await this.standing(order), expected);
      },
      { timeout: 15_000, interval: 20 },
    );
  }

  async standing({ id }: StageOrder): Promise<Standing> {
    const { state, transactions } = await this.client.getPaymentOrder(id);
    return {
      status: state.status,
      chain: state.blockchain_status,
      paid: BigInt(state.paid?.crypto ?? 0),
      confirming: BigInt(state.in_confirmation?.crypto ?? 0),
      unpaid: BigInt(state.unpaid?.crypto ?? 0),
      transactions: sorted((transactions ?? []).map(rowOf)),
      events: await this.events(id),
    };
  }

  async events(id: OrderId): Promise<string> {
    const stored = await this.gateway.context.store.callbacks.ofOrder(id);
    return stored.map(({ event }) => event.replace('payment.', '')).join(' ');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopGateway();
    await this.node.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

type Row = Standing['transactions'][number];

function rowOf({ txid, blockchain_status, outs_sum }: NonNullable<PaymentOrderRetrieval['transactions']>[number]): Row {
  return [txid as Txid, blockchain_status, BigInt(outs_sum)];
}

function sorted(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
