/** Commits that should wait for a synchronous replica, on a real primary whose replica is away. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  findPostgresPrograms,
  startPostgresCluster,
  type PostgresCluster,
} from '../../../../../../test/support/postgres-cluster.ts';
import { openDatabase, type TestDatabase } from '../../../../test/support/every-database.ts';
import { blockOf } from '../../../../test/support/samples.ts';
import { isStoreDown } from '../../store-down.ts';
import { postgresDialect } from './postgres.ts';

const programs = findPostgresPrograms('synchronous-replica.test.ts');

// skip: PostgreSQL's programs are missing; the finder says why, and fails where CI is set
describe.skipIf(programs === undefined)('a commit whose wait for a synchronous replica ends without it', () => {
  let cluster: PostgresCluster;
  let database: TestDatabase;
  let height = 0;
  beforeAll(async () => {
    cluster = await startPostgresCluster(programs ?? '');
    database = await openDatabase(postgresDialect(cluster.primary.url));
    await cluster.replica.kill();
  });
  beforeEach(async () => {
    await cluster.primary.configure({ synchronous_standby_names: '*' });
    // The server loads the setting a moment later.
    while ((await endOf(insert, 'pg_cancel_backend')) === 'stored');
    // What is in doubt is known to the store that has seen the warning.
    await database.store.close();
    database = await openDatabase(postgresDialect(cluster.primary.url));
  });
  afterAll(async () => {
    await database?.store.close();
    await cluster?.[Symbol.asyncDispose]();
  });

  const insert = (): Promise<unknown> => sql`insert into chain_blocks values (${(height += 1)}, 'x')`.execute(database.db);
  const inTransaction = (): Promise<unknown> => database.store.transaction(({ chain }) => chain.append([blockOf((height += 1))]));
  const repeated = (): Promise<unknown> =>
    database.db.executeQuery({
      ...database.db.insertInto('chain_blocks').values({ height: 0, hash: '' }).compile(),
      repeats: [[(height += 1), 'x']],
    } as never);

  /** Runs a write, ends its wait for the replica with a function of PostgreSQL, and returns how it ended. */
  async function endOf(write: () => Promise<unknown>, end: string): Promise<unknown> {
    let ended: unknown;
    const writing = write().then(
      () => (ended = 'stored'),
      (error: unknown) => (ended = error),
    );
    await vi.waitFor(async () => {
      if (ended !== undefined) return;
      expect(await cluster.primary.query(`select ${end}(pid) from pg_stat_activity where wait_event = 'SyncRep'`)).toHaveLength(
        1,
      );
    });
    return writing;
  }

  it.each([
    ['in a transaction', 'pg_cancel_backend', inTransaction],
    ['in a transaction', 'pg_terminate_backend', inTransaction],
    ['of a single statement', 'pg_cancel_backend', insert],
    ['of a single statement', 'pg_terminate_backend', insert],
    ['of a repeated statement', 'pg_cancel_backend', repeated],
  ])('%s, by %s, fails as if the store were down, and is not repeated', async (_, end, write) => {
    const error = await endOf(write, end);
    expect(isStoreDown(error)).toBe(true);
    if (end === 'pg_cancel_backend') expect(String(error)).toContain('its wait for a synchronous replica was cancelled');
    // It is stored all the same, once.
    expect(await cluster.primary.query('select max(height) as height from chain_blocks')).toEqual([{ height: String(height) }]);
  });

  it('hides what is in doubt, until a later commit has been waited for', async () => {
    await endOf(insert, 'pg_cancel_backend');
    await expect(database.store.chain.tip()).rejects.toSatisfy(isStoreDown);
    await expect(inTransaction()).rejects.toSatisfy(isStoreDown);
    await cluster.primary.configure({ synchronous_standby_names: '' });
    await vi.waitFor(async () => expect(await database.store.chain.tip()).toBeDefined());
    await inTransaction();
    expect(await database.store.chain.tip()).toMatchObject({ height });
  });
});

// skip: PostgreSQL's programs are missing; the finder says why, and fails where CI is set
describe.skipIf(programs === undefined)('a synchronous replica', () => {
  it('that is promoted while a commit is in doubt ends the doubt, though the former primary is cut off without a word', async () => {
    await using cluster = await startPostgresCluster(programs ?? '', { synchronous_standby_names: '*' });
    const { primary, replica } = cluster;
    const { store } = await openDatabase(postgresDialect(cluster.url));
    await replica.caughtUp(primary);
    replica.pause();
    const failed = store.transaction(({ chain }) => chain.append([blockOf(1)])).catch((error: unknown) => error);
    await vi.waitFor(async () =>
      expect(
        await primary.query(`select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`),
      ).toHaveLength(1),
    );
    expect(isStoreDown(await failed)).toBe(true);
    await expect(store.chain.tip()).rejects.toSatisfy(isStoreDown);
    primary.pause();
    replica.resume();
    await replica.promote();
    await vi.waitFor(() => store.chain.tip());
    await store.close();
  });

  it('is waited for', async () => {
    await using cluster = await startPostgresCluster(programs ?? '', { synchronous_standby_names: '*' });
    const { store } = await openDatabase(postgresDialect(cluster.primary.url));
    await store.transaction(({ chain }) => chain.append([blockOf(1)]));
    await store.close();
    await cluster.primary.kill();
    // It has been received, and is applied a moment later.
    await vi.waitFor(async () =>
      expect(await cluster.replica.query('select height from chain_blocks')).toEqual([{ height: '1' }]),
    );
  });
});
