/** Migrates the schemas of all releases, with rows in every table, on each database. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Kysely, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { schemaText } from '../../../test/schemas/schema-text.ts';
import { IN_FILE, ON_POSTGRES, onEveryPlace, openDatabase, type TestPlace } from '../../../test/support/every-database.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { openSecret } from '../../services/merchants/pos-secret.ts';
import { MIGRATIONS } from './migrate.ts';

const SCHEMAS = fileURLToPath(new URL('../../../test/schemas/', import.meta.url));
const releases = (await readdir(SCHEMAS, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const read = (release: string, file: string): Promise<string> => readFile(`${SCHEMAS}${release}/${file}`, 'utf8');

/** Runs SQL with one statement per line. */
async function run(db: Kysely<unknown>, text: string): Promise<void> {
  for (const line of text.split('\n')) if (line !== '') await sql.raw(line.replace(/;$/, '')).execute(db);
}

/** Counts the rows of each table in a release's file. */
function rowsOf(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, table = ''] of text.matchAll(/^insert into (\w+)/gm)) counts.set(table, (counts.get(table) ?? 0) + 1);
  return counts;
}

const body = (place: () => TestPlace): void => {
  test.each(releases)('a database of the release %s is migrated and keeps its rows', async (release) => {
    const dialect = place().connect();
    const old = new Kysely<unknown>({ dialect: dialect.kysely });
    const rows = await read(release, 'rows.sql');
    await run(old, await read(release, `${dialect.name}.sql`));
    await run(old, rows);
    await old.destroy();

    const { store, db } = await openDatabase(place().connect());
    try {
      expect(await store.schemaFaults()).toEqual([]);
      for (const [table, count] of rowsOf(rows)) {
        const { rows: found } = await sql<{ n: number | string }>`select count(*) as n from ${sql.table(table)}`.execute(db);
        expect([table, Number(found[0]?.n)]).toEqual([table, count]);
      }
      const keys = deriveKeys(Buffer.from((await read(release, 'webpos.key')).trim(), 'hex'));
      const all = await store.pos.list();
      for (const pos of all) expect(openSecret(pos, pos, keys)).toMatch(/^[\da-f]{64}$/);
      const { orders, total } = await store.orders.list({
        posId: all[0]!.id,
        blockchainStatus: undefined,
        sortBy: 'created_at',
        sortOrder: 'asc',
        page: 0,
        pageSize: 10,
      });
      expect(orders).toHaveLength(total);
      expect(orders[0]).toMatchObject({ state: { status: 'paid' }, terms: { reference: 'invoice 0', addressIndex: 0 } });
      expect(orders[0]?.payments).toHaveLength(1);
      expect((await store.callbacks.ofOrder(orders[0]!.terms.id)).map(({ event }) => event)).toEqual(['payment.completed']);
      expect(await store.accounts.takeIndexes(orders[0]!.terms.accountId, 1)).toBe(4);
    } finally {
      await store.close();
    }
  });
};
await onEveryPlace('released-schemas.test.ts', body, [IN_FILE, ON_POSTGRES]);

describe('the files of releases', () => {
  test('include the first release', () => expect(releases).toContain('0001-first'));

  test.each(releases)('have for %s the tables that its migrations create, and rows in each', async (release) => {
    expect(Object.keys(MIGRATIONS)).toContain(release);
    for (const kind of ['sqlite', 'postgres'] as const)
      expect(await read(release, `${kind}.sql`)).toBe(await schemaText(kind, release));
    const tables = [...(await read(release, 'sqlite.sql')).matchAll(/^create table "(\w+)"/gm)].map(([, name]) => name);
    expect([...rowsOf(await read(release, 'rows.sql')).keys()]).toEqual(expect.arrayContaining(tables));
  });
});
