/**
 * Everything that a run needs: a PostgreSQL primary and its replica, PgBouncer, a real node, gateways that reach all of these over lines
 * of their own, shops with their endpoints, buyers and miners.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenCoins } from '../../../../test/support/open-coins.ts';
import { startRegtestNode, type RegtestNode } from '../../../../test/support/regtest-node.ts';
import { giveToServerUser } from '../../../../test/support/server-user.ts';
import { openStore } from '../../src/store/sql/open-store.ts';
import { makeShops, type ShopAccess } from '../kill/make-shops.ts';
import { Buyers } from './buyers.ts';
import { ChainReader } from './chain-truth.ts';
import { DatabasePair } from './database-pair.ts';
import { Endpoints } from './endpoints.ts';
import { mayBeLost, type Observed } from './find-violations.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { Ledger } from './ledger.ts';
import { Miners } from './miners.ts';
import { openGateways } from './open-gateways.ts';
import { readStored } from './read-stored.ts';
import { Shops } from './shops.ts';
import type { Programs } from './programs.ts';
import { logTerms } from './term-log.ts';
import { Wallet } from './wallet.ts';

export interface ClusterOptions {
  readonly programs: Programs;
  readonly gateways: number;
  readonly random: () => number;
  /** Added to the environment of every gateway. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether one of the gateways reaches PostgreSQL through PgBouncer. Default: yes. */
  readonly isPooled?: boolean;
  /** Whether PostgreSQL waits until commits are on the disk. Default: no. */
  readonly isDurable?: boolean;
}

export interface Cluster extends AsyncDisposable {
  readonly random: () => number;
  readonly database: DatabasePair;
  readonly node: RegtestNode;
  readonly gateways: readonly GatewayProcess[];
  readonly endpoints: Endpoints;
  readonly ledger: Ledger;
  readonly shops: Shops;
  readonly buyers: Buyers;
  readonly miners: Miners;
  /** Reads everything that must agree. */
  observe(): Promise<Observed>;
}

/** Starts all of it. The gateways are not started yet. */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const closing: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  try {
    return await open(options, closing, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  { programs, gateways: count, random, environment, isPooled = true, isDurable = false }: ClusterOptions,
  closing: (() => unknown)[],
  close: () => Promise<void>,
): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-cluster-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  giveToServerUser(folder);
  const endpoints = await Endpoints.open(random);
  closing.push(() => endpoints[Symbol.asyncDispose]());
  const node = await startRegtestNode({ bitcoind: programs.bitcoind, zmq: true, args: OpenCoins.NODE_ARGS });
  closing.push(() => node.stop());
  const coins = await OpenCoins.mint(node);
  // Reorganisations reach these blocks, and then the payments are in others of the same height, but never the coins themselves.
  const firstHeight = await node.rpc<number>('getblockcount');
  await coins.mine(10);
  const database = await DatabasePair.start(programs.postgres, folder, isDurable);
  closing.push(() => database[Symbol.asyncDispose]());
  const keyFile = join(folder, 'webpos.key');
  const { access, descriptor } = await prepare(database, keyFile, endpoints.ports);
  endpoints.expect(access.map(({ secret }) => secret));
  const opened = await openGateways({ programs, folder, keyFile, database, node, count, environment, isPooled });
  closing.push(() => opened.close());

  const ledger = new Ledger();
  const wallet = new Wallet(descriptor);
  const shops = new Shops({
    access,
    targets: opened.gateways,
    ledger,
    random,
    mayBeLost: (order) => mayBeLost(database.lost, order),
  });
  closing.push(() => shops.close(0));
  const lostOrders = (): Ledger['orders'] =>
    database.lost.length === 0 ? [] : ledger.orders.filter((order) => mayBeLost(database.lost, order));
  const buyers = new Buyers({ coins, wallet, ledger, random, lostOrders });
  closing.push(() => buyers.close());
  const miners = new Miners({ node, coins, buyers, random });
  closing.push(() => miners.close());
  const chain = new ChainReader(node, firstHeight);
  const observe = async (): Promise<Observed> => ({
    stored: await readStored(database.primary.url),
    truth: await chain.read(),
    ledger,
    arrivals: endpoints.arrivals,
    lost: database.lost,
    wallet,
    reigns: opened.gateways.flatMap((gateway) => gateway.reigns.all),
    nowMs: performance.now(),
    now: Date.now(),
  });
  return {
    random,
    database,
    node,
    gateways: opened.gateways,
    endpoints,
    ledger,
    shops,
    buyers,
    miners,
    observe,
    [Symbol.asyncDispose]: close,
  };
}

/** Creates the tables, the shops, and the log of terms. */
async function prepare(
  { primary }: DatabasePair,
  keyFile: string,
  ports: readonly number[],
): Promise<{ readonly access: readonly ShopAccess[]; readonly descriptor: string }> {
  const access = await makeShops(primary.url, keyFile, ports);
  await logTerms(primary);
  const store = await openStore(primary.url);
  try {
    const [account] = await store.accounts.list();
    if (account === undefined) throw new Error('the shops have no account');
    return { access, descriptor: account.descriptor };
  } finally {
    await store.close();
  }
}
