/** The store through a real PgBouncer in transaction mode. */
import { sql, type Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findPgBouncer, startPgBouncer, translatesNames, type PgBouncer } from '../../../../../../test/support/pgbouncer.ts';
import { findPostgresPrograms, startPostgresCluster } from '../../../../../../test/support/postgres-cluster.ts';
import { findPostgres, freshSchema, type FreshSchema } from '../../../../../../test/support/postgres.ts';
import { openDatabase, type TestDatabase } from '../../../../test/support/every-database.ts';
import { blockOf } from '../../../../test/support/samples.ts';
import type { PostgresHost } from '../../../kernel/database/postgres-url.ts';
import { isStoreDown } from '../../store-down.ts';
import { openStore } from '../open-store.ts';
import type { Tables } from '../tables.ts';
import { destroyClient } from './close-client.ts';
import { PostgresHosts } from './postgres-hosts.ts';
import { postgresDialect } from './postgres.ts';
import { StatementNames } from './statement-names.ts';

const postgres = await findPostgres('pooler.test.ts');
const pgBouncer = findPgBouncer('pooler.test.ts');
const isAvailable = postgres !== undefined && pgBouncer !== undefined;

let schema: FreshSchema;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  schema = await freshSchema(postgres ?? '');
});
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0).toReversed()) await close();
  await schema[Symbol.asyncDispose]();
});

async function startPooler(...settings: string[]): Promise<PgBouncer> {
  const pooler = await startPgBouncer(pgBouncer ?? '', postgres ?? '', schema.name, settings);
  closing.push(async () => pooler[Symbol.asyncDispose]());
  return pooler;
}

async function open(url: string): Promise<TestDatabase> {
  const database = await openDatabase(postgresDialect(url));
  closing.push(() => database.store.close());
  return database;
}

const withAndWithoutNames =
  pgBouncer !== undefined && translatesNames(pgBouncer)
    ? ['max_prepared_statements = 0', 'max_prepared_statements = 100']
    : ['default_pool_size = 20'];

// skip: no PostgreSQL or PgBouncer is available; the finders say why, and fail where CI is set
describe.skipIf(!isAvailable).each(withAndWithoutNames)('through PgBouncer with %s', (setting) => {
  it('transactions and single statements, named and repeated, run at once on few connections', async () => {
    const { url } = await startPooler(setting, 'max_db_connections = 3');
    const [one, other] = [await open(url), await open(url)];
    await one.store.chain.append([blockOf(0)]);
    const work = Array.from({ length: 60 }, async (_, n) => {
      const { store, db } = n % 2 === 0 ? one : other;
      await store.transaction(async ({ chain }) => {
        await chain.append([blockOf(3 * n + 1), blockOf(3 * n + 2), blockOf(3 * n + 3)]);
        expect(await chain.recent(1)).toHaveLength(1);
      });
      expect(await store.chain.tip()).toBeDefined();
      await sql`select ${n}::int`.execute(db);
    });
    await Promise.all(work);
    expect(await one.store.chain.recent(1_000)).toHaveLength(181);
  });

  it('a connection discards its plans before a transaction, and within a pipeline', async () => {
    // Migrating takes two connections.
    await (await openDatabase(postgresDialect(postgres ?? '', { schema: schema.name }))).store.close();
    vi.useFakeTimers({ toFake: ['performance'] });
    const { url } = await startPooler(setting, 'max_db_connections = 1');
    const { store, db } = await open(url);
    for (let n = 1; n <= 5; n += 1) {
      vi.advanceTimersByTime(5_000);
      await store.transaction(({ chain }) => chain.append([blockOf(n)]));
      vi.advanceTimersByTime(5_000);
      await insertTogether(db, [100 + 2 * n, 101 + 2 * n]);
    }
    expect(await store.chain.recent(100)).toHaveLength(15);
  });

  it('a statement that fails in a pipeline leaves connections that work', async () => {
    const { url } = await startPooler(setting, 'max_db_connections = 2');
    const { store, db } = await open(url);
    await expect(db.transaction().execute((tx) => insertTogether(tx, [1, 2, 1, 3]))).rejects.toThrow(/duplicate key/);
    for (let n = 1; n <= 5; n += 1) await store.transaction(({ chain }) => chain.append([blockOf(n)]));
    expect(await store.chain.recent(100)).toHaveLength(5);
  });

  it('a schema in the URL is refused in words that say what to do', async () => {
    const { url } = await startPooler(setting);
    await expect(openStore(`${url}?options=-c%20search_path%3D${schema.name}`)).rejects.toThrow(
      /cannot be opened: unsupported startup parameter.*: a pooler does not pass options on; set the schema of the role instead \(alter role NAME set search_path = SCHEMA\)/,
    );
  });

  it('a schema in the URL that the pooler ignores is noticed before anything is created elsewhere', async () => {
    const { url } = await startPooler(setting, 'ignore_startup_parameters = options');
    await expect(openStore(`${url}?options=-c%20search_path%3Delsewhere`)).rejects.toThrow(
      `cannot be opened: expected search_path to be elsewhere, as the options of the URL say, got ${schema.name}: a pooler does not pass options on`,
    );
  });
});

const programs = findPostgresPrograms('pooler.test.ts');

// skip: a program is missing; the finders say why, and fail where CI is set
describe.skipIf(programs === undefined || !isAvailable)('a pooler whose server is gone lets statements wait for minutes', () => {
  const startStranded = async (): Promise<{ readonly hosts: PostgresHosts; readonly host: PostgresHost; strand(): void }> => {
    const cluster = await startPostgresCluster(programs ?? '');
    closing.push(async () => cluster[Symbol.asyncDispose]());
    const pooler = await startPgBouncer(pgBouncer ?? '', cluster.primary.url, 'public');
    closing.push(async () => pooler[Symbol.asyncDispose]());
    const hosts = new PostgresHosts(pooler.url);
    const [host] = hosts.url.hosts;
    return { hosts, host: host as PostgresHost, strand: () => cluster.primary.pause() };
  };

  it('and does not count as a host that answers, although it accepts connections', async () => {
    const { hosts, host, strand } = await startStranded();
    expect(await hosts.answers(host, 10_000)).toBe(true);
    strand();
    await (await hosts.connect()).end();
    expect(await hosts.answers(host, 500)).toBe(false);
  });

  it('and a new connection is given up after a time, as if the store were down', async () => {
    const { hosts, strand } = await startStranded();
    const client = await hosts.connect();
    closing.push(async () => destroyClient(client));
    strand();
    await expect(new StatementNames().check(client, 500)).rejects.toSatisfy(isStoreDown);
  });
});

/** Sends a statement for each block, before the first is answered. */
async function insertTogether(db: Kysely<Tables>, heights: readonly number[]): Promise<void> {
  await db.executeQuery({
    ...db.insertInto('chain_blocks').values({ height: 0, hash: '' }).compile(),
    repeats: heights.map((height) => [height, blockOf(height).hash]),
  } as never);
}
