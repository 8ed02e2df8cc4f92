/**
 * A real Bitcoin node, a gateway with a clock that the test sets, and a shop; and the actions of a test on them. One stage serves
 * all tests of a file, each with orders and coins of its own.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startGateway, type Gateway } from '@webpos/gateway';
import { Client, type BlockchainStatus, type OrderStatus, type PaymentOrderRetrieval } from '@webpos/sdk';
import { vi } from 'vitest';
import { epochMs } from '../../../packages/gateway/src/kernel/clock.ts';
import { parseId, type OrderId } from '../../../packages/gateway/src/kernel/ids.ts';
import type { ScriptHex, Txid } from '../../../packages/gateway/src/kernel/chain.ts';
import { createLog } from '../../../packages/gateway/src/ops/log.ts';
import { parseAccount } from '../../../packages/gateway/src/wallet/descriptor/parse-account.ts';
import { MerchantKey } from '../../../packages/gateway/test/support/merchant-key.ts';
import { createShop } from '../../../scripts/support/create-shop.ts';
import { gatewayFiles } from '../../../test/support/gateway-files.ts';
import { startRegtestNode, type RegtestNode, type RegtestNodeOptions } from '../../../test/support/regtest-node.ts';
import { OpenCoins, type Coin, type Made } from '../../../test/support/open-coins.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS: number = 60 * MINUTE_MS;
/** The time until an order expires. */
export const TTL_MS: number = 15 * MINUTE_MS;
/** How long a covered order waits for its confirmations. */
export const SETTLEMENT_MS: number = 72 * HOUR_MS;
/** How long a dispute lasts before the chargeback. */
export const CHARGEBACK_MS: number = 24 * HOUR_MS;
/** The number of blocks after which an order is no longer checked with every block. */
export const FINAL_DEPTH = 6;
/** The price of an order of 10.00, in satoshi. */
export const PRICE = 100_000n;

/** The database, of any number of files, and the key file; not the marks. */
const isCopied = (name: string): boolean => /^webpos\.(?:db(?:-wal|-shm)?|key)$/.test(name);

export interface StageOrder {
  readonly id: OrderId;
  readonly script: ScriptHex;
  /** The index of its address in the merchant's wallet. */
  readonly index: number;
}

/** The state of an order as a shop sees it. Amounts are in satoshi. */
interface OrderState {
  readonly status: OrderStatus;
  readonly chain: BlockchainStatus;
  readonly paid: bigint;
  readonly confirming: bigint;
  readonly unpaid: bigint;
  /** Each with its blockchain_status and the amount that pays the order, sorted by id. */
  readonly transactions: readonly (readonly [txid: Txid, place: string, amount: bigint])[];
  /** All events of the order, from the first, without `payment.`. */
  readonly events: string;
}

/** The state that a test expects. By default, `chain` equals `status`, and every other field is zero or empty. */
export type ExpectedState = Pick<OrderState, 'status'> & Partial<OrderState>;

export interface StageOptions {
  readonly bitcoind: string;
  readonly node?: Partial<RegtestNodeOptions>;
  /** Returns the URL at which the gateway reaches the node, if it is not the node's own. */
  readonly nodeUrl?: (node: RegtestNode) => Promise<string>;
}

export class Stage implements AsyncDisposable {
  readonly node: RegtestNode;
  readonly coins: OpenCoins;
  readonly merchant: MerchantKey = new MerchantKey(3);
  readonly #folder: string;
  /** The gateway's environment, from its next start on. */
  readonly settings: Record<string, string>;
  #gateway: Gateway | undefined;
  #client: Client | undefined;
  #now = epochMs(Date.UTC(2026, 10, 23, 12));

  private constructor(node: RegtestNode, coins: OpenCoins, folder: string, url: string) {
    this.node = node;
    this.coins = coins;
    this.#folder = folder;
    this.settings = {
      WEBPOS_PORT: '0',
      ...gatewayFiles(folder),
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
      // Orders are refused until the chain has been read with the account's addresses.
      await stage.look();
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
    const { credentials } = await createShop(this.gateway, { name: 'Shop', wallet: { xpub: this.merchant.xpub } });
    this.#client = new Client({ mode: 'sandbox', ...credentials, baseUrl: this.gateway.url });
  }

  /** Starts the gateway, or restarts it where it stopped, and lets it read the chain by default. */
  async startGateway({ looks = true }: { readonly looks?: boolean } = {}): Promise<void> {
    await this.#gateway?.stop();
    const log = createLog('fatal', { write: () => undefined });
    this.#gateway = await startGateway(readConfig(this.settings), { clock: { now: () => this.#now }, log });
    // The same port, because the shop knows the gateway by its URL.
    this.settings['WEBPOS_PORT'] = new URL(this.#gateway.url).port;
    if (looks) await this.look();
  }

  /** Stops the gateway; the node goes on. */
  async stopGateway(): Promise<void> {
    await this.#gateway?.stop();
    this.#gateway = undefined;
  }

  /** Copies the database and the key file as they are now. */
  async copyFiles(): Promise<void> {
    await this.stopGateway();
    await rm(this.#copy, { recursive: true, force: true });
    await mkdir(this.#copy);
    for (const name of (await readdir(this.#folder)).filter(isCopied))
      await copyFile(join(this.#folder, name), join(this.#copy, name));
    await this.startGateway();
  }

  /** Starts the gateway from the copy, without anything else it had. */
  async restoreFiles(): Promise<void> {
    await this.stopGateway();
    for (const name of await readdir(this.#folder)) await rm(join(this.#folder, name), { recursive: true });
    for (const name of await readdir(this.#copy)) await copyFile(join(this.#copy, name), join(this.#folder, name));
    await this.startGateway();
  }

  get #copy(): string {
    return `${this.#folder}-copy`;
  }

  /** Returns the script at an index of the merchant's wallet, without the gateway. */
  scriptAt(index: number): ScriptHex {
    return parseAccount({ xpub: this.merchant.xpub }, 'regtest').receive(index).script;
  }

  /** Moves the clock of the gateway, forward or back. */
  advance(durationMs: number): void {
    this.#now = epochMs(this.#now + durationMs);
  }

  /** Lets the gateway read the chain. */
  async look(): Promise<void> {
    await this.gateway.caughtUp(AbortSignal.timeout(60_000));
  }

  /** Creates an order of 10.00, open for {@link TTL_MS}. */
  async order(confirmations = 1): Promise<StageOrder> {
    const { uuid } = await this.client.createPaymentOrder({ amount: '10.00', required_confirmations: confirmations });
    const id = parseId<OrderId>(uuid);
    const order = await this.gateway.context.store.orders.get(id);
    if (order === undefined) throw new Error(`order ${uuid} was not stored`);
    return { id, script: order.terms.script, index: order.terms.addressIndex };
  }

  /** Sends one transaction with an output for each of these, in order. */
  async pay(...outputs: readonly (readonly [StageOrder, bigint])[]): Promise<Made> {
    const made = this.make(outputs);
    await this.coins.broadcast(made);
    return made;
  }

  /** Builds such a transaction without sending it. */
  make(outputs: readonly (readonly [StageOrder, bigint])[], coins?: readonly Coin[], feeSats?: bigint): Made {
    return this.coins.make(
      outputs.map(([{ script }, amount]) => ({ script, amount })),
      coins,
      feeSats,
    );
  }

  /** Rolls back the newest blocks, from this one on; their transactions return to the mempool. */
  async undo(block: string): Promise<void> {
    await this.node.rpc('invalidateblock', [block]);
  }

  /** Waits until the state of the order is exactly this one, after the gateway has read the chain. */
  async assertState(order: StageOrder, expected: ExpectedState): Promise<void> {
    await vi.waitFor(
      async () => {
        await this.look();
        deepStrictEqual(await this.stateOf(order), wholeState(expected));
      },
      { timeout: 60_000, interval: 20 },
    );
  }

  async stateOf({ id }: StageOrder): Promise<OrderState> {
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
    await rm(this.#copy, { recursive: true, force: true });
  }
}

/** The state of an order whose whole price is in the mempool, in one transaction. */
export function waitingFor({ txid }: Pick<Made, 'txid'>): ExpectedState {
  return { status: 'pending', chain: 'mempool_unconfirmed', confirming: PRICE, transactions: [[txid, 'mempool', PRICE]] };
}

/** The state of an order that one transaction has paid. */
export function paidBy({ txid }: Pick<Made, 'txid'>, events = 'completed', place = 'confirmed'): ExpectedState {
  return { status: 'paid', paid: PRICE, transactions: [[txid, place, PRICE]], events };
}

/** An expected state with its defaults. */
export function wholeState({ transactions = [], ...expected }: ExpectedState): OrderState {
  return {
    chain: expected.status,
    paid: 0n,
    confirming: 0n,
    unpaid: 0n,
    events: '',
    ...expected,
    transactions: sorted(transactions),
  };
}

type Row = OrderState['transactions'][number];

function rowOf({ txid, blockchain_status, outs_sum }: NonNullable<PaymentOrderRetrieval['transactions']>[number]): Row {
  return [txid as Txid, blockchain_status, BigInt(outs_sum)];
}

function sorted(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
