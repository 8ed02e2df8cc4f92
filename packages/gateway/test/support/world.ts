/**
 * A gateway without servers: the real services on a real store, a sandbox chain and a watcher, with a clock that the test controls. The
 * watcher reads the chain when the test says so, and ids and random bytes are counted, so that runs are reproducible.
 */
import { createHash } from 'node:crypto';
import { HDKey } from '@scure/bip32';
import type { BlockchainStatus } from '@webpos/sdk/wire';
import { SandboxChain } from '../../src/chain/sandbox/sandbox-chain.ts';
import type { SandboxStore } from '../../src/chain/sandbox/store.ts';
import { OutPointIndex } from '../../src/chain/out-point-index.ts';
import { ScriptIndex } from '../../src/chain/script-index.ts';
import { Watcher } from '../../src/chain/watcher.ts';
import type { ScriptHex, Txid } from '../../src/kernel/chain.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/durations.ts';
import { parseId, type AccountId } from '../../src/kernel/ids.ts';
import { sats } from '../../src/kernel/sats.ts';
import type { LoopLog } from '../../src/kernel/task-loop.ts';
import { blockchainStatus } from '../../src/orders/rules.ts';
import { parseCurrency } from '../../src/orders/currency.ts';
import { parseFiatAmount } from '../../src/orders/fiat.ts';
import type { Order } from '../../src/orders/order.ts';
import type { UnassignedPayment } from '../../src/orders/unassigned-payment.ts';
import { NO_TOLERANCE, type ToleranceSetting } from '../../src/merchants/tolerance.ts';
import type { Pos } from '../../src/merchants/pos.ts';
import { fixedRates } from '../../src/rates/fixed.ts';
import { seal } from '../../src/security/seal.ts';
import { createOrder, type IdempotencyKey } from '../../src/services/orders/create-order.ts';
import type { OrderRequest } from '../../src/services/orders/new-order.ts';
import { ClearedIndexAllocator } from '../../src/services/addresses/cleared-index-allocator.ts';
import type { IndexAllocator } from '../../src/services/addresses/index-allocator.ts';
import type { OrderCreationContext } from '../../src/services/orders/create-order.ts';
import type { SandboxContext } from '../../src/services/sandbox/sandbox.ts';
import { deriveInSlices } from '../../src/services/addresses/derive-in-slices.ts';
import { NewOrderGate } from '../../src/services/orders/new-order-gate.ts';
import { WatchedRefunds } from '../../src/services/refunds/watched-refunds.ts';
import { WatchedAddresses } from '../../src/services/addresses/watched-addresses.ts';
import { ChainFollowing, type FollowingOptions } from '../../src/services/chain/follow-chain.ts';
import type { Store } from '../../src/store/ports/store.ts';
import type { SqlStore } from '../../src/store/sql/sql-store.ts';
import type { AccountWallet } from '../../src/wallet/account-wallet.ts';
import { parseAccount } from '../../src/wallet/descriptor/parse-account.ts';
import { FaultySource } from './faulty-source.ts';
import { NOON, sampleAccount, samplePos } from './samples.ts';
import { testClock, type TestClock } from './test-clock.ts';
import { boundPos, sealedAccount, testGuard } from './test-seals.ts';

export { HOUR_MS };

export const TTL_MS: number = 15 * MINUTE_MS;
export const SETTLEMENT_MS: number = 72 * HOUR_MS;
export const MISSING_MS: number = 14 * 24 * HOUR_MS;
export const CHARGEBACK_MS: number = 24 * HOUR_MS;
const SEAL_KEY = new Uint8Array(32).fill(7);
/** The amount of an order of 10 euro, in satoshi. */
export const TEN_EUROS = 100_000n;

/** Allocates indexes from the database alone, without marks. */
const ALLOCATE_BY_DATABASE: IndexAllocator = {
  take: (id, _count, work) => work((tx, count) => tx.accounts.takeIndexes(id, count)),
};

/** A throw-away test network wallet. */
const WALLET = walletOfSeed(9);
const SCRIPTS: ScriptHex[] = [];

function walletOfSeed(byte: number): AccountWallet {
  const seed = new Uint8Array(32).fill(byte);
  const key = HDKey.fromMasterSeed(seed, { private: 0x04358394, public: 0x043587cf }).derive("m/84'/1'/0'");
  return parseAccount({ xpub: key.publicExtendedKey }, 'regtest');
}

export interface WorldOptions {
  /** The real store, which does not fail. */
  readonly sql: SqlStore;
  /** The store that the services use, which may fail. Default: `sql`. */
  readonly store?: Store;
  /** Delay after which a failed round is retried. Default: none. */
  readonly retryMs?: number;
  readonly finalDepth?: number;
  /** Number of look-ahead addresses. Default: 3. */
  readonly lookAhead?: number;
  /** How long a new order waits for the chain to be read. Default: that of the gateway. */
  readonly patienceMs?: number;
  /** Allocates the indexes of orders. Default: from the database alone. */
  readonly indexes?: IndexAllocator;
  readonly unassignedSeen?: FollowingOptions['unassignedSeen'];
  /** Whether new orders are refused while the chain is not read, as in a gateway. Default: false. */
  readonly refusesUnread?: boolean;
  /** Default: 14 days. */
  readonly missingTimeoutMs?: number;
  /** Which steps of the chain record their payments ahead. Default: those of a gateway. */
  readonly recordPages?: FollowingOptions['recordPages'];
  /** Whether the sandbox chain is stored. Default: false; it is in memory only and survives every crash. */
  readonly storesChain?: boolean;
}

const NOTHING_STORED: SandboxStore = {
  load: async () => ({ blocks: [], coins: [], transactions: [] }),
  save: async () => {},
};

/** Wraps a store so that it does not store the sandbox chain. */
function withoutChain(store: Store): Store {
  return { ...store, transaction: (work) => store.transaction((tx) => work({ ...tx, sandbox: NOTHING_STORED })) };
}

export class World implements AsyncDisposable {
  readonly clock: TestClock = testClock(NOON);
  /** The chain as the watcher sees it. */
  readonly source: FaultySource = new FaultySource(() => this.chain);
  readonly context: OrderCreationContext & SandboxContext;
  /** Warnings that were logged. */
  readonly warnings: string[] = [];
  /** Unassigned payments that were reported. */
  readonly unassigned: UnassignedPayment[] = [];
  /** How often payments were reported as missing. */
  timesMissing = 0;
  /** How often stored callbacks were reported. */
  wakes = 0;
  readonly #options: WorldOptions;
  #chain: SandboxChain | undefined;
  readonly #random = counting((n) => createHash('sha256').update(`random ${n}`).digest());
  #pos: Pos | undefined;
  #scripts = new ScriptIndex([1, 2]);
  #outPoints = new OutPointIndex([3, 4]);
  #watcher: Watcher | undefined;
  #refunds: WatchedRefunds | undefined;
  #watched: WatchedAddresses | undefined;

  private constructor(options: WorldOptions) {
    this.#options = options;
    const { clock } = this;
    const store = options.store ?? options.sql;
    this.context = {
      store: options.storesChain === true ? store : withoutChain(store),
      clock,
      guard: testGuard(clock),
      newUuid: counting((n) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`),
      rates: fixedRates(new Map([['EUR', '10000']]), clock),
      network: 'regtest',
      publicUrl: 'https://pay.example',
      orderTtlMs: TTL_MS,
      settlementTimeoutMs: SETTLEMENT_MS,
      chargebackTimeoutMs: CHARGEBACK_MS,
      finalDepth: options.finalDepth ?? 100,
      addresses: {
        indexes: new ClearedIndexAllocator({
          inner: options.indexes ?? ALLOCATE_BY_DATABASE,
          watched: {
            clearTo: (id) => this.watched.clearTo(id),
            watchTo: (id, to, signal) => this.watched.watchTo(id, to, signal),
          },
          caughtUp: (signal) => this.watcher.caughtUp(signal),
          ...(options.patienceMs !== undefined && { patienceMs: options.patienceMs }),
        }),
        refusal: async (id) => this.#refusal(id),
        pooled: () => undefined,
        watch: (script) => this.#scripts.add(script),
      },
      ordersChanged: () => undefined,
      ordersCreated: () => undefined,
      callbacksStored: () => {
        this.wakes += 1;
      },
    };
  }

  /** Opens a world with a wallet and a POS with a callback URL, on a chain of one block, at noon. Its watcher has read the tip. */
  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options);
    const account = sealedAccount(sampleAccount({ id: parseId(world.context.newUuid()), descriptor: WALLET.descriptor }));
    const pos = samplePos(account, { id: parseId(world.context.newUuid()) });
    await options.sql.accounts.insert(account);
    const secret = seal('the secret', pos.id, SEAL_KEY);
    const defaults = { ...pos.defaults, callbackUrl: 'https://shop.example/callback' };
    world.#pos = boundPos({ ...pos, sealedSecret: secret, defaults });
    await options.sql.pos.insert(world.#pos);
    await world.restart();
    await world.round();
    return world;
  }

  get missingTimeoutMs(): number {
    return this.#options.missingTimeoutMs ?? MISSING_MS;
  }
  get outPoints(): OutPointIndex {
    return this.#outPoints;
  }
  get chain(): SandboxChain {
    return present(this.#chain);
  }
  get pos(): Pos {
    return present(this.#pos);
  }
  get watched(): WatchedAddresses {
    return present(this.#watched);
  }
  get refunds(): WatchedRefunds {
    return present(this.#refunds);
  }
  get watcher(): Watcher {
    return present(this.#watcher);
  }
  get log(): LoopLog {
    return { info: () => {}, warn: (_, message) => void this.warnings.push(message) };
  }

  /** Replaces the watcher by a new one that knows only what is stored, as after a restart of the gateway. */
  async restart(): Promise<void> {
    await this.#watcher?.stop();
    if (this.#chain === undefined || this.#options.storesChain === true) this.#chain = await this.#openChain();
    this.#scripts = new ScriptIndex([1, 2]);
    await this.#scripts.load(this.#options.sql.orders.scripts());
    const watched = new WatchedAddresses({
      store: this.context.store,
      derive: deriveInSlices,
      watch: (scripts) => this.watcher.watch(scripts),
      lookAhead: this.#options.lookAhead ?? 3,
      guard: this.context.guard,
    });
    this.#watched = watched;
    const refunds = new WatchedRefunds({
      store: this.context.store,
      clock: this.clock,
      watch: (scripts) => this.watcher.watch(scripts),
    });
    this.#refunds = refunds;
    this.#outPoints = new OutPointIndex([3, 4]);
    await this.#outPoints.load(this.#options.sql.transactions.outPoints());
    this.#watcher = new Watcher({
      source: this.source,
      follower: new ChainFollowing(this.context, watched, refunds, {
        outPoints: this.#outPoints,
        missingTimeoutMs: this.missingTimeoutMs,
        recordPages: this.#options.recordPages,
        log: this.log,
        unassignedSeen: async (seen) => {
          this.unassigned.push(...seen.newlyUnassigned);
          await this.#options.unassignedSeen?.(seen);
        },
        paymentsMissing: () => {
          this.timesMissing += 1;
        },
      }),
      scripts: this.#scripts,
      outPoints: this.#outPoints,
      clock: this.clock,
      log: this.log,
      idleMs: HOUR_MS,
      retryMs: this.#options.retryMs ?? 1,
    });
    this.#watcher.start();
  }

  async #refusal(id: AccountId): Promise<Error | undefined> {
    const { watcher, clock } = this;
    if (this.#options.refusesUnread !== true) return undefined;
    const hasRead = (): boolean => this.watched.hasRead(id);
    const caughtUp = (signal: AbortSignal): Promise<void> => watcher.caughtUp(signal);
    return new NewOrderGate({
      status: () => watcher.status,
      hasRead,
      caughtUp,
      clock,
      orderTtlMs: TTL_MS,
      patienceMs: 0,
    }).refusal(id);
  }

  #openChain(): Promise<SandboxChain> {
    return SandboxChain.open({
      store: this.#options.storesChain === true ? this.#options.sql.sandbox : NOTHING_STORED,
      clock: this.clock,
      network: 'regtest',
      random: (bytes) => this.#random().subarray(0, bytes),
    });
  }

  /** Lets the watcher read the chain until it has reached the tip. */
  async round(): Promise<void> {
    await this.watcher.caughtUp(AbortSignal.timeout(60_000));
  }

  /** Creates an order in euro. */
  async order(
    euros = '10.00',
    request: Partial<OrderRequest> = {},
    key?: IdempotencyKey,
    tolerance: ToleranceSetting = NO_TOLERANCE,
  ): Promise<Order> {
    const wanted: OrderRequest = {
      fiat: parseFiatAmount(euros, parseCurrency('EUR')),
      callbackUrl: null,
      continueUrl: null,
      cancelUrl: null,
      details: null,
      reference: null,
      requiredConfirmations: null,
      ...request,
    };
    return createOrder(this.context, { ...this.pos, tolerance }, wanted, key);
  }

  /** Returns a wallet that belongs to no account. */
  static secondWallet(): AccountWallet {
    return walletOfSeed(10);
  }

  newId(): AccountId {
    return parseId(this.context.newUuid());
  }

  /** Returns the script at an index of the shop's wallet. */
  scriptAt(index: number): ScriptHex {
    SCRIPTS[index] ??= WALLET.receive(index).script;
    return SCRIPTS[index];
  }

  /** Sends bitcoin to indexes of the shop's wallet, in one transaction. */
  async payIndexes(indexes: readonly number[], amount: bigint = TEN_EUROS): Promise<Txid> {
    return this.chain.send(indexes.map((index) => ({ script: this.scriptAt(index), amount: sats(amount) })));
  }

  /** Returns the stored unassigned payments, as text with the index and the kind of place. */
  async unassignedPlaces(): Promise<string[]> {
    const query = { accountId: undefined, open: false, limit: 1000 };
    const all = await this.#options.sql.unassigned.list(query);
    return all.map(({ addressIndex, place }) => `${addressIndex} ${place.kind}`).sort();
  }

  /** Pays an order with a transaction of its own. */
  async pay({ terms }: Order, amount: bigint = terms.amount): Promise<Txid> {
    return this.chain.pay(terms.script, sats(amount));
  }

  /** Mines blocks. The first contains the whole mempool. */
  async mine(blocks = 1): Promise<void> {
    for (let block = 0; block < blocks; block += 1) await this.chain.mine();
  }

  async read({ terms }: Order): Promise<Order> {
    return present(await this.#options.sql.orders.get(terms.id));
  }

  /**
   * Returns the `blockchain_status` of an order.
   *
   * @throws Error if the order is not in the list of that status.
   */
  async status(order: Order): Promise<BlockchainStatus> {
    const tip = present(await this.#options.sql.chain.tip());
    const status = blockchainStatus(await this.read(order), tip.height);
    const query = { sortBy: 'created_at', sortOrder: 'asc', page: 0, pageSize: 40 } as const;
    const found = await this.#options.sql.orders.list({ ...query, posId: this.pos.id, blockchainStatus: status });
    if (!found.orders.some(({ terms }) => terms.id === order.terms.id))
      throw new Error(`order ${order.terms.id} is ${status}, but not in the list of that status`);
    return status;
  }

  /** Returns the stored events of an order, in order. */
  async events({ terms }: Order): Promise<string[]> {
    return (await this.#options.sql.callbacks.ofOrder(terms.id)).map(({ event }) => event.replace('payment.', ''));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watcher?.stop();
  }
}

function counting<T>(make: (n: number) => T): () => T {
  let n = 0;
  return () => {
    n += 1;
    return make(n);
  };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value, got undefined');
  return value;
}
