import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  IN_FILE,
  onEveryPlace,
  ON_POSTGRES,
  openDatabase,
  type TestDatabase,
  type TestPlace,
} from '../../../test/support/every-database.ts';
import { NOON, sampleAccount, samplePos } from '../../../test/support/samples.ts';
import type { Pos } from '../../merchants/pos.ts';
import { POS_WATCH_LAG_MS, type PosWatch } from '../../store/ports/pos-watch.ts';
import { postgresDialect } from '../../store/sql/dialects/postgres.ts';
import type { SqlStore } from '../../store/sql/sql-store.ts';
import { changePos, switchPos } from './change-pos.ts';
import { PosDirectory } from './pos-directory.ts';

const clock = { now: () => NOON };
const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0).reverse()) await open.close();
});

async function opened(place: TestPlace): Promise<SqlStore> {
  const { store } = await openDatabase(place.connect());
  closing.push(store);
  return store;
}

/** A directory that counts its reads of the store. */
async function directoryOf(store: SqlStore): Promise<{ directory: PosDirectory; reads: () => number; watch: PosWatch }> {
  const watch = await store.watchPos();
  closing.push(watch);
  let reads = 0;
  const get = (id: Pos['id']): Promise<Pos | undefined> => {
    reads += 1;
    return store.pos.get(id);
  };
  return { directory: new PosDirectory({ get }, watch), reads: () => reads, watch };
}

async function storedPos(store: SqlStore): Promise<Pos> {
  const account = sampleAccount();
  const pos = samplePos(account);
  await store.accounts.insert(account);
  await store.pos.insert(pos);
  return pos;
}

const find = async (directory: PosDirectory, { id }: Pos): Promise<Pos | undefined> =>
  directory.cached(id) ?? (await directory.read(id));

const watching = (place: () => TestPlace, name: string): void => {
  test('a POS is read once, however often it is requested', async () => {
    const store = await opened(place());
    const pos = await storedPos(store);
    const { directory, reads } = await directoryOf(store);
    for (let n = 0; n < 1000; n += 1) expect(await find(directory, pos)).toEqual(pos);
    expect(reads()).toBe(1);
  });

  test('a change by this process takes effect immediately', async () => {
    const store = await opened(place());
    const pos = await storedPos(store);
    const { directory } = await directoryOf(store);
    for (const active of [false, true, false]) {
      await find(directory, pos);
      await switchPos({ store, clock }, pos.id, active);
      expect((await find(directory, pos))?.active).toBe(active);
    }
  });

  test('a change that is rolled back has no effect', async () => {
    const store = await opened(place());
    const pos = await storedPos(store);
    const { directory } = await directoryOf(store);
    await find(directory, pos);
    const failing = changePos(store, pos.id, () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await find(directory, pos)).toEqual(pos);
  });

  test(`a change by another connection takes effect ${name === ON_POSTGRES ? 'as soon as its notification arrives' : 'immediately'}`, async () => {
    const store = await opened(place());
    const other = await opened(place());
    const pos = await storedPos(store);
    const { directory } = await directoryOf(store);
    const lags: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const active = n % 2 === 1;
      await find(directory, pos);
      await switchPos({ store: other, clock }, pos.id, active);
      const changed = performance.now();
      if (name === ON_POSTGRES) await vi.waitFor(() => expect(directory.cached(pos.id)).toBeUndefined(), { interval: 1 });
      lags.push(performance.now() - changed);
      expect((await find(directory, pos))?.active).toBe(active);
    }
    // Usually a millisecond or two. The limit allows for a busy machine, and is below the average delay of polling.
    expect(lags.sort((a, b) => a - b)[10]).toBeLessThan(100);
  });
};
await onEveryPlace('pos-directory.test.ts', watching, [IN_FILE, ON_POSTGRES]);

const onPostgres = (place: () => TestPlace): void => {
  test('a change whose notification is lost takes effect within two seconds', async () => {
    const store = await opened(place());
    const pos = await storedPos(store);
    const { directory } = await directoryOf(store);
    await find(directory, pos);
    // Without the store, so no notification is sent, as behind a pooler in transaction mode.
    await sql`update pos set active = 0, revision = revision + 1`.execute((await tables(place())).db);
    const changed = performance.now();
    while ((await find(directory, pos))?.active !== false) {
      expect(performance.now() - changed).toBeLessThan(POS_WATCH_LAG_MS);
      await sleep(5);
    }
  });

  test('the store is polled while the connection for notifications is down', async () => {
    const { address } = place();
    if (!('schema' in address)) throw new Error('expected PostgreSQL');
    const named = new URL(address.url);
    named.searchParams.set('application_name', address.schema);
    const { store } = await openDatabase(postgresDialect(named.href, address));
    closing.push(store);
    const pos = await storedPos(store);
    const { directory, watch } = await directoryOf(store);
    await find(directory, pos);
    const { db } = await tables(place());
    const cut = await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = ${address.schema} and query like 'select count(*)%'`.execute(db);
    expect(cut.rows).toHaveLength(1);
    await switchPos({ store: await opened(place()), clock }, pos.id, false);
    const changed = performance.now();
    while ((await find(directory, pos))?.active !== false) {
      expect(performance.now() - changed).toBeLessThan(POS_WATCH_LAG_MS);
      await sleep(5);
    }
    await vi.waitFor(() => expect(watch.version()).toBeTypeOf('number'), { timeout: 5_000 });
    await find(directory, pos);
    expect(directory.cached(pos.id)).toMatchObject({ active: false });
  });

  test('concurrent changes of one POS are all applied', async () => {
    const [one, two] = [await opened(place()), await opened(place())];
    const pos = await storedPos(one);
    const more = (store: SqlStore): Promise<Pos> =>
      changePos(store, pos.id, (stored) => ({ ...stored, generation: stored.generation + 1 }));
    await Promise.all(Array.from({ length: 20 }, (_, n) => more(n % 2 === 0 ? one : two)));
    expect((await one.pos.get(pos.id))?.generation).toBe(pos.generation + 20);
  });
};
await onEveryPlace('pos-directory.test.ts', onPostgres, [ON_POSTGRES]);

/** A connection that bypasses the store under test. */
async function tables(place: TestPlace): Promise<Pick<TestDatabase, 'db'>> {
  const { store, db } = await openDatabase(place.connect());
  closing.push(store);
  return { db };
}

describe('a directory of POS', () => {
  const pos = samplePos(sampleAccount());

  test('caches nothing without a guarantee of the store', async () => {
    let reads = 0;
    const get = async (): Promise<Pos> => {
      reads += 1;
      return pos;
    };
    const directory = new PosDirectory({ get }, { version: () => undefined });
    await directory.read(pos.id);
    expect(directory.cached(pos.id)).toBeUndefined();
    await directory.read(pos.id);
    expect(reads).toBe(2);
  });

  test('does not cache a POS that was read during a change', async () => {
    let version = 1;
    const get = async (): Promise<Pos> => {
      version += 1;
      return pos;
    };
    const directory = new PosDirectory({ get }, { version: () => version });
    expect(await directory.read(pos.id)).toBe(pos);
    expect(directory.cached(pos.id)).toBeUndefined();
  });

  test('drops its cache when the guarantee ends, and does not use it again', async () => {
    let version: number | undefined = 1;
    const directory = new PosDirectory({ get: async () => pos }, { version: () => version });
    await directory.read(pos.id);
    expect(directory.cached(pos.id)).toBe(pos);
    version = undefined;
    expect(directory.cached(pos.id)).toBeUndefined();
    version = 1;
    expect(directory.cached(pos.id)).toBeUndefined();
  });
});
