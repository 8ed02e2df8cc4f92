/** Named statements, repeated statements and plans on connections to a real PostgreSQL. */
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { sql, type Kysely } from 'kysely';
import { afterEach, expect, test, vi } from 'vitest';
import { ON_POSTGRES, onEveryPlace, openDatabase, type TestDatabase } from '../../../../test/support/every-database.ts';
import { blockOf } from '../../../../test/support/samples.ts';
import { isStoreDown } from '../../store-down.ts';
import type { Tables } from '../tables.ts';
import { postgresDialect } from './postgres.ts';

type Db = Kysely<Tables>;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0).toReversed()) await close();
});

/** The names of the statements that a connection of the pool has prepared. One query at a time uses the same connection. */
async function preparedNames(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from pg_prepared_statements`.execute(db);
  return rows.map(({ name }) => name);
}

await onEveryPlace(
  import.meta.url,
  (place) => {
    const open = async (dialect = place().connect()): Promise<TestDatabase> => {
      const database = await openDatabase(dialect);
      closing.push(() => database.store.close());
      return database;
    };

    test('a hot statement is parsed once on each connection', async () => {
      const { store, db } = await open();
      for (let n = 0; n < 3; n += 1) await store.chain.tip();
      expect(await preparedNames(db)).toEqual([expect.stringMatching(/^webpos_\d+$/)]);
    });

    test('names that are lost end the use of names, and the statement is repeated without one', async () => {
      const { store, db } = await open();
      await store.chain.append([blockOf(1)]);
      await store.chain.tip();
      await sql`deallocate all`.execute(db);
      expect(await store.chain.tip()).toEqual(blockOf(1));
      expect(await store.chain.tip()).toEqual(blockOf(1));
      expect(await preparedNames(db)).toEqual([]);
    });

    test('a name that is taken ends the use of names, and the statement is repeated without one', async () => {
      const { store, db } = await open();
      await store.chain.append([blockOf(1)]);
      await store.chain.tip();
      const [name = ''] = await preparedNames(db);
      const other = await open();
      await sql.raw(`prepare ${name} as select 1`).execute(other.db);
      expect(await other.store.chain.tip()).toEqual(blockOf(1));
      expect(await preparedNames(other.db)).toEqual([name]);
    });

    test('a transaction that loses a name fails as if the store were down, and the next one works', async () => {
      const { store, db } = await open();
      await store.chain.append([blockOf(1)]);
      await store.chain.tip();
      await sql`deallocate all`.execute(db);
      const error: unknown = await store.transaction(({ chain }) => chain.tip()).catch((thrown: unknown) => thrown);
      expect(isStoreDown(error)).toBe(true);
      expect(await store.transaction(({ chain }) => chain.tip())).toEqual(blockOf(1));
    });

    test('no statement has a name behind a pooler, which announces a process of its own', async () => {
      const { address } = place();
      if (!('schema' in address)) throw new Error('expected PostgreSQL');
      await open();
      const pooled = await open(postgresDialect(await throughPooler(address.url), address));
      for (let n = 0; n < 3; n += 1) await pooled.store.chain.tip();
      expect(await preparedNames(pooled.db)).toEqual([]);
    });

    test('a repeated statement reports its first fault, and leaves a connection that works', async () => {
      const { store, db } = await open();
      const twice = [1, 2, 1, 3].map((height) => blockOf(height));
      const inserting = db.transaction().execute((tx) =>
        tx.executeQuery({
          ...tx.insertInto('chain_blocks').values({ height: 0, hash: '' }).compile(),
          repeats: twice.map(({ height, hash }) => [height, hash]),
        } as never),
      );
      await expect(inserting).rejects.toThrow(/duplicate key/);
      expect(await store.chain.recent(9)).toEqual([]);
    });

    test('a commit that rolls back, because an error was ignored, is an error', async () => {
      const { store, db } = await open();
      const committing = db.transaction().execute(async (tx) => {
        await tx.insertInto('chain_blocks').values({ height: 1, hash: '' }).execute();
        await sql`select 1 / 0`.execute(tx).catch(() => {});
      });
      await expect(committing).rejects.toThrow('the transaction was rolled back');
      expect(await store.chain.recent(9)).toEqual([]);
    });

    test('a check of a foreign key does not keep the plan of an empty table', async () => {
      vi.useFakeTimers({ toFake: ['performance'] });
      const { db } = await open();
      await sql`create table parents (id text primary key) with (autovacuum_enabled = false)`.execute(db);
      await sql`create table children (parent_id text references parents (id))`.execute(db);
      await sql`vacuum analyze parents`.execute(db);
      await sql`insert into parents values ('first')`.execute(db);
      const child = (): Promise<unknown> => sql`insert into children values ('first')`.execute(db);
      for (let n = 0; n < 10; n += 1) await child();
      await sql`insert into parents select n::text from generate_series(1, 20000) as n`.execute(db);
      const scans = async (tx: Db): Promise<number> => {
        const { rows } = await sql<{ n: string }>`select pg_stat_get_xact_numscans('parents'::regclass) as n`.execute(tx);
        return Number(rows[0]?.n);
      };
      /** How often the check of one more child reads all parents. */
      const wholeReads = (): Promise<number> =>
        db.transaction().execute(async (tx) => {
          const before = await scans(tx);
          await sql`insert into children values ('first')`.execute(tx);
          return (await scans(tx)) - before;
        });
      expect(await wholeReads()).toBe(1);
      vi.advanceTimersByTime(5_000);
      expect(await wholeReads()).toBe(0);
    });
  },
  [ON_POSTGRES],
);

/** Starts a proxy that announces another server process, as a pooler does. @returns the URL through it. */
async function throughPooler(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port) || 5432, hostname);
    client.pipe(upstream);
    upstream.on('data', (bytes) => client.write(withOtherPid(bytes)));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => void server.close());
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  return through.href;
}

/** BackendKeyData: `K`, a length of 12, the process, a secret. */
const KEY_DATA = Buffer.from([0x4b, 0, 0, 0, 12]);

function withOtherPid(bytes: Buffer): Buffer {
  const at = bytes.indexOf(KEY_DATA);
  if (at !== -1) bytes.writeInt32BE(bytes.readInt32BE(at + 5) + 1, at + 5);
  return bytes;
}
