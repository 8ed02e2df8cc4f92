/** Several hosts, and failovers of a real PostgreSQL. */
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  findPostgresPrograms,
  startPostgresCluster,
  type PostgresCluster,
} from '../../../../../../test/support/postgres-cluster.ts';
import { openDatabase, type TestDatabase } from '../../../../test/support/every-database.ts';
import { blockOf } from '../../../../test/support/samples.ts';
import { isStoreDown } from '../../store-down.ts';
import { lockServing, openStore } from '../open-store.ts';
import { PostgresHosts } from './postgres-hosts.ts';
import { postgresDialect } from './postgres.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** Accepts connections, and answers nothing. */
async function silentServer(): Promise<{ port: number; accepted(): number }> {
  let accepted = 0;
  const server: Server = createServer(() => (accepted += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => void server.close());
  return { port: (server.address() as AddressInfo).port, accepted: () => accepted };
}

const programs = findPostgresPrograms('postgres-hosts.test.ts');

// skip: PostgreSQL's programs are missing; the finder says why, and fails where CI is set
describe.skipIf(programs === undefined)('a primary and a replica', () => {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    cluster = await startPostgresCluster(programs ?? '');
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const portOf = async (hosts: PostgresHosts): Promise<number> => {
    const client = await hosts.connect();
    const { rows } = await client.query<{ port: number }>(`select inet_server_port() as port`);
    await client.end();
    return rows[0]?.port ?? 0;
  };

  it('are told apart, in any order, past hosts that refuse and hosts that do not answer', async () => {
    const { primary, replica } = cluster;
    const silent = await silentServer();
    const at = (...ports: number[]): string => ports.map((port) => `127.0.0.1:${port}`).join();
    const hosts = new PostgresHosts(
      `postgres://postgres@${at(1, replica.port, silent.port, primary.port)}/postgres?connect_timeout=1`,
    );
    expect(await portOf(hosts)).toBe(primary.port);
    // It is remembered: the others are not asked again.
    expect(await portOf(hosts)).toBe(primary.port);
    expect(silent.accepted()).toBe(1);
  });

  it('are all named, with what each has answered, when none accepts writes', async () => {
    const { replica } = cluster;
    const silent = await silentServer();
    const url = `postgres://postgres:secret@127.0.0.1:1,127.0.0.1:${replica.port},127.0.0.1:${silent.port}/postgres?connect_timeout=1`;
    const error: unknown = await openStore(url).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(
      /expected a server that accepts writes at one of 3 hosts, got none: 127\.0\.0\.1:1: connect ECONNREFUSED 127\.0\.0\.1:1; 127\.0\.0\.1:\d+: expected a server that accepts writes, got one that is in recovery or read-only; 127\.0\.0\.1:\d+: timeout expired$/,
    );
    expect(String(error)).not.toContain('secret');
    expect(isStoreDown((error as Error).cause)).toBe(true);
  });

  it('do not make a wrong password look like a store that is down', async () => {
    const { primary } = cluster;
    await primary.query('create role stranger');
    const hosts = new PostgresHosts(`postgres://stranger@127.0.0.1:${primary.port},127.0.0.1:${primary.port}/postgres`);
    const error: unknown = await hosts.connect().catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('role "stranger" is not permitted to log in');
    expect(isStoreDown(error)).toBe(false);
  });
});

// skip: PostgreSQL's programs are missing; the finder says why, and fails where CI is set
describe.skipIf(programs === undefined)('after a failover', () => {
  const log = { info: () => {}, warn: () => {} };

  const openCluster = async (): Promise<{ cluster: PostgresCluster; database: TestDatabase }> => {
    const cluster = await startPostgresCluster(programs ?? '');
    closing.push(async () => cluster[Symbol.asyncDispose]());
    const database = await openDatabase(postgresDialect(cluster.url));
    closing.push(() => database.store.close());
    return { cluster, database };
  };

  /** Writes until it succeeds. Every failure must be that of a store that is down. */
  const writeInTime = async ({ store }: TestDatabase): Promise<void> => {
    const others: unknown[] = [];
    await vi.waitFor(async () => {
      try {
        await store.transaction(({ chain }) => chain.append([blockOf(1)]));
      } catch (error) {
        if (!isStoreDown(error)) others.push(error);
        throw error;
      }
    });
    expect(others).toEqual([]);
  };

  it('the promoted replica is used by the store, by what watches POS and by the serving lock, without a restart', async () => {
    const { cluster, database } = await openCluster();
    const lock = await lockServing(cluster.url, { pid: 900_003, host: 'till' }, log);
    closing.push(() => lock.release());
    const watch = await database.store.watchPos();
    closing.push(() => watch.close());
    expect(await database.store.chain.tip()).toBeUndefined();
    await cluster.replica.caughtUp(cluster.primary);
    await cluster.primary.kill();
    await expect(database.store.accounts.list()).rejects.toSatisfy(isStoreDown);
    await cluster.replica.promote();
    await writeInTime(database);
    expect(await cluster.replica.query('select height from chain_blocks')).toEqual([{ height: '1' }]);
    await vi.waitFor(() => expect(watch.version()).toBeDefined());
    await vi.waitFor(() => expect(lock.trouble).toBeUndefined());
    await expect(lockServing(cluster.replica.url, { pid: 1, host: 'till' }, log)).rejects.toThrow('process 900003 on till');
  });

  it('a transaction under way fails as if the store were down, and is not repeated', async () => {
    const { cluster, database } = await openCluster();
    let runs = 0;
    const failing = database.store.transaction(async ({ chain }) => {
      runs += 1;
      await chain.append([blockOf(1)]);
      await cluster.replica.caughtUp(cluster.primary);
      await cluster.primary.kill();
      await cluster.replica.promote();
      await chain.append([blockOf(2)]);
    });
    await expect(failing).rejects.toSatisfy(isStoreDown);
    expect(runs).toBe(1);
    expect(await database.store.chain.tip()).toBeUndefined();
  });

  it('a server that has become read-only is left for the one that accepts writes', async () => {
    const { cluster, database } = await openCluster();
    await database.store.chain.tip();
    await cluster.replica.caughtUp(cluster.primary);
    await cluster.replica.promote();
    // Connections that are open already stay so, and their next transactions are read-only.
    await cluster.primary.query(`alter system set default_transaction_read_only = on`);
    await cluster.primary.query('select pg_reload_conf()');
    await writeInTime(database);
    expect(await cluster.replica.query('select height from chain_blocks')).toEqual([{ height: '1' }]);
    expect(await cluster.primary.query('select height from chain_blocks')).toEqual([]);
  });

  it('a server that is cut off without a word is not waited for', async () => {
    const { cluster, database } = await openCluster();
    await database.store.chain.tip();
    await cluster.replica.caughtUp(cluster.primary);
    await cluster.replica.promote();
    cluster.primary.pause();
    await expect(database.store.transaction(({ chain }) => chain.append([blockOf(1)]))).rejects.toSatisfy(isStoreDown);
    await writeInTime(database);
    expect(await cluster.replica.query('select height from chain_blocks')).toEqual([{ height: '1' }]);
  });

  it('a restart of the only server costs the work that was under way, and nothing else', async () => {
    const { cluster } = await openCluster();
    const database = await openDatabase(postgresDialect(cluster.primary.url));
    closing.push(() => database.store.close());
    const sleeping = sql`select pg_sleep(60)`.execute(database.db);
    await vi.waitFor(async () =>
      expect(
        await cluster.primary.query(
          `select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()`,
        ),
      ).toHaveLength(1),
    );
    const [failed] = await Promise.allSettled([sleeping, cluster.primary.restart()]);
    expect(failed).toMatchObject({ status: 'rejected', reason: expect.toSatisfy(isStoreDown) as unknown });
    await writeInTime(database);
  });
});
