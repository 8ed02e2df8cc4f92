/**
 * A gateway without its rim: the real services on a real store, a sandbox chain and a watcher, with a clock that the test turns.
 * The watcher looks when the test says so, and everything that is random otherwise is counted, so that two runs are alike.
 */
import { createHash } from 'node:crypto';
import { HDKey } from '@scure/bip32';
import type { BlockchainStatus } from '@webpos/sdk/wire';
import { SandboxChain } from '../../src/chain/sandbox/sandbox-chain.ts';
import type { SandboxStore } from '../../src/chain/sandbox/store.ts';
import { ScriptIndex } from '../../src/chain/script-index.ts';
import { SourceUnavailableError, type ChainSource } from '../../src/chain/source.ts';
import { Watcher } from '../../src/chain/watcher.ts';
import type { Txid } from '../../src/kernel/chain.ts';
import { plusMs, type Clock, type EpochMs } from '../../src/kernel/clock.ts';
import { parseId } from '../../src/kernel/ids.ts';
import { sats } from '../../src/kernel/sats.ts';
import type { LoopLog } from '../../src/kernel/task-loop.ts';
import { blockchainStatus } from '../../src/orders/blockchain-status.ts';
import { parseCurrency } from '../../src/orders/currency.ts';
import { parseFiatAmount } from '../../src/orders/fiat.ts';
import type { Order } from '../../src/orders/order.ts';
import type { Pos } from '../../src/orders/pos.ts';
import { fixedRates } from '../../src/rates/fixed.ts';
import { seal } from '../../src/security/seal.ts';
import { createOrder, type OrderRequest } from '../../src/services/create-order.ts';
import type { ServiceContext } from '../../src/services/context.ts';
import { ChainFollowing } from '../../src/services/follow-chain.ts';
import type { Store } from '../../src/store/ports.ts';
import type { SqlStore } from '../../src/store/sql/sql-store.ts';
import { parseAccount } from '../../src/wallet/parse-account.ts';
import { MINUTE_MS, NOON, sampleAccount, samplePos } from './samples.ts';

export const HOUR_MS: number = 60 * MINUTE_MS;
export const TTL_MS: number = 15 * MINUTE_MS;
export const SETTLEMENT_MS: number = 72 * HOUR_MS;
export const CHARGEBACK_MS: number = 24 * HOUR_MS;
const SEAL_KEY = new Uint8Array(32).fill(7);
/** An order of 10 euro, by the rate of the world. */
export const TEN_EUROS = 100_000n;

/** A wallet of a test network whose keys nobody keeps. */
const DESCRIPTOR = parseAccount(
  {
    xpub: HDKey.fromMasterSeed(new Uint8Array(32).fill(9), { private: 0x04358394, public: 0x043587cf }).derive("m/84'/1'/0'")
      .publicExtendedKey,
  },
  'regtest',
).descriptor;

export interface TestClock extends Clock {
  advance(durationMs: number): void;
}

export interface WorldOptions {
  /** The store past which nothing goes wrong. */
  readonly sql: SqlStore;
  /** The store as the services have it. Default: the same. */
  readonly store?: Store;
  /** After how long a round that failed is tried again. Default: at once. */
  readonly retryMs?: number;
  readonly finalDepth?: number;
  /** Whether the sandbox chain is stored as well. Default: it is in memory alone, and outlives every crash. */
  readonly storesChain?: boolean;
}

const NOTHING_STORED: SandboxStore = {
  load: async () => ({ blocks: [], coins: [], transactions: [] }),
  save: async () => {},
};

/** The store, but that nothing of the sandbox chain is kept in it. */
function withoutChain(store: Store): Store {
  return { ...store, transaction: (work) => store.transaction((tx) => work({ ...tx, sandbox: NOTHING_STORED })) };
}

export class World implements AsyncDisposable {
  readonly clock: TestClock = testClock();
  readonly context: ServiceContext;
  /** What loops have warned of. */
  readonly warnings: string[] = [];
  /** Whether the chain source can be reached. */
  away = false;
  /** How often callbacks were said to have been stored. */
  wakes = 0;
  readonly #options: WorldOptions;
  #chain: SandboxChain | undefined;
  readonly #random = counting((n) => createHash('sha256').update(`random ${n}`).digest());
  #pos: Pos | undefined;
  #scripts = new ScriptIndex([1, 2]);
  #watcher: Watcher | undefined;

  private constructor(options: WorldOptions) {
    this.#options = options;
    const { clock } = this;
    const store = options.store ?? options.sql;
    this.context = {
      store: options.storesChain === true ? store : withoutChain(store),
      clock,
      newUuid: counting((n) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`),
      rates: fixedRates(new Map([['EUR', '10000']]), clock),
      network: 'regtest',
      publicUrl: 'https://pay.example',
      orderTtlMs: TTL_MS,
      settlementTimeoutMs: SETTLEMENT_MS,
      chargebackTimeoutMs: CHARGEBACK_MS,
      finalDepth: options.finalDepth ?? 100,
      addressAhead: () => undefined,
      watchScript: (script) => this.#scripts.add(script),
      ordersChanged: () => undefined,
      callbacksStored: () => {
        this.wakes += 1;
      },
    };
  }

  /** A shop with a wallet and a POS that wants to be told, on a chain of one block, at noon; its watcher has seen the tip. */
  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options);
    const account = sampleAccount({ id: parseId(world.context.newUuid()), descriptor: DESCRIPTOR });
    const pos = samplePos(account, { id: parseId(world.context.newUuid()) });
    await options.sql.accounts.insert(account);
    const secret = seal('the secret', pos.id, SEAL_KEY);
    const defaults = { ...pos.defaults, callbackUrl: 'https://shop.example/callback' };
    world.#pos = { ...pos, sealedSecret: secret, defaults };
    await options.sql.pos.insert(world.#pos);
    await world.restart();
    await world.round();
    return world;
  }

  get chain(): SandboxChain {
    return present(this.#chain);
  }
  get pos(): Pos {
    return present(this.#pos);
  }
  get watcher(): Watcher {
    return present(this.#watcher);
  }
  get log(): LoopLog {
    return { info: () => {}, warn: (_, message) => void this.warnings.push(message) };
  }

  /** Ends the watcher and starts another, which like a chain that is stored knows nothing but what is stored. */
  async restart(): Promise<void> {
    await this.#watcher?.stop();
    if (this.#chain === undefined || this.#options.storesChain === true) this.#chain = await this.#openChain();
    this.#scripts = new ScriptIndex([1, 2]);
    for await (const script of this.#options.sql.orders.scripts()) this.#scripts.add(script);
    this.#watcher = new Watcher({
      source: this.#source(),
      follower: new ChainFollowing(this.context),
      scripts: this.#scripts,
      clock: this.clock,
      log: this.log,
      idleMs: HOUR_MS,
      retryMs: this.#options.retryMs ?? 1,
    });
    this.#watcher.start();
  }

  #openChain(): Promise<SandboxChain> {
    return SandboxChain.open({
      store: this.#options.storesChain === true ? this.#options.sql.sandbox : NOTHING_STORED,
      clock: this.clock,
      network: 'regtest',
      random: (bytes) => this.#random().subarray(0, bytes),
    });
  }

  /** Lets the watcher look, until it has reached the tip. */
  async round(): Promise<void> {
    await this.watcher.caughtUp(AbortSignal.timeout(10_000));
  }

  /** An order of so many euros. */
  async order(euros = '10.00', request: Partial<OrderRequest> = {}): Promise<Order> {
    return createOrder(this.context, this.pos, {
      fiat: parseFiatAmount(euros, parseCurrency('EUR')),
      callbackUrl: null,
      continueUrl: null,
      cancelUrl: null,
      details: null,
      reference: null,
      requiredConfirmations: null,
      ...request,
    });
  }

  /** Sends bitcoin to an order, in a transaction of its own. */
  async pay({ terms }: Order, amount: bigint = terms.amount): Promise<Txid> {
    return this.chain.pay(terms.script, sats(amount));
  }

  /** Mines blocks, the first of them with the whole mempool. */
  async mine(blocks = 1): Promise<void> {
    for (let block = 0; block < blocks; block += 1) await this.chain.mine();
  }

  async read({ terms }: Order): Promise<Order> {
    return present(await this.#options.sql.orders.get(terms.id));
  }

  /** Where an order stands, as its own data say and as lists find it. @throws Error when these are two. */
  async status(order: Order): Promise<BlockchainStatus> {
    const tip = present(await this.#options.sql.chain.tip());
    const status = blockchainStatus(await this.read(order), tip.height);
    const query = { sortBy: 'created_at', sortOrder: 'asc', page: 0, pageSize: 40 } as const;
    const found = await this.#options.sql.orders.list({ ...query, posId: this.pos.id, blockchainStatus: status });
    if (!found.orders.some(({ terms }) => terms.id === order.terms.id))
      throw new Error(`order ${order.terms.id} is ${status}, and no list of these has it`);
    return status;
  }

  /** The events that were stored to be told of, in their order. */
  async events({ terms }: Order): Promise<string[]> {
    return (await this.#options.sql.callbacks.ofOrder(terms.id)).map(({ event }) => event.replace('payment.', ''));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watcher?.stop();
  }

  /** The chain as the watcher has it: it wakes nobody, and can be away. */
  #source(): ChainSource {
    const chain = (): SandboxChain => {
      if (this.away) throw new SourceUnavailableError('the source is away');
      return this.chain;
    };
    return {
      name: 'sandbox',
      network: 'regtest',
      check: async () => chain().check(),
      tip: async () => chain().tip(),
      blockAt: async (height) => chain().blockAt(height),
      block: async (hash) => chain().block(hash),
      mempool: async () => chain().mempool(),
      mempoolTransactions: async (txids) => chain().mempoolTransactions(txids),
      onChange: () => {},
    };
  }
}

function testClock(): TestClock {
  let time: EpochMs = NOON;
  return {
    now: () => time,
    advance: (durationMs) => {
      time = plusMs(time, durationMs);
    },
  };
}

function counting<T>(make: (n: number) => T): () => T {
  let n = 0;
  return () => {
    n += 1;
    return make(n);
  };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is none');
  return value;
}
