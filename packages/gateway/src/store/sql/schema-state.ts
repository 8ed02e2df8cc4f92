/** Reads which migrations a database has had, and which versions of the gateway have written to it. */
import { sql, type Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export interface SchemaState {
  /** Applied migrations that this version knows. */
  readonly applied: readonly string[];
  /** Migrations that have not been applied. */
  readonly pending: readonly string[];
  /** Applied migrations that this version does not know. */
  readonly unknown: readonly string[];
  readonly writers: readonly string[];
}

/**
 * @param known The names of all migrations of this version, in order.
 * @param schema The schema of the tables, if the database has schemas.
 */
export async function readSchemaState(
  db: Kysely<Tables>,
  known: readonly string[],
  schema: string | undefined,
): Promise<SchemaState> {
  const tables = await tableNames(db, schema);
  const has = (name: string): boolean => tables.includes(name);
  const had = has('kysely_migration') ? await column(db, 'kysely_migration', 'name') : [];
  return {
    applied: known.filter((name) => had.includes(name)),
    pending: known.filter((name) => !had.includes(name)),
    unknown: had.filter((name) => !known.includes(name)),
    writers: has('gateway_versions') ? await column(db, 'gateway_versions', 'version') : [],
  };
}

/** Kysely's introspection is not used: it reads all schemas, and fails if one of them is being dropped. */
async function tableNames(db: Kysely<Tables>, schema: string | undefined): Promise<string[]> {
  const query =
    schema === undefined
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table'`
      : sql<{ name: string }>`select tablename as name from pg_tables where schemaname = ${schema}`;
  return (await query.execute(db)).rows.map(({ name }) => name);
}

/** Records that a version has written to the database, unless that is recorded already. */
export async function noteVersion(db: Kysely<Tables>, version: string): Promise<void> {
  const known = await db.selectFrom('gateway_versions').select('version').where('version', '=', version).executeTakeFirst();
  if (known !== undefined) return;
  await db
    .insertInto('gateway_versions')
    .values({ version, first_at: Date.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function column(db: Kysely<Tables>, table: string, name: string): Promise<string[]> {
  const { rows } = await sql<{ value: string }>`select ${sql.ref(name)} as value from ${sql.table(table)} order by 1`.execute(db);
  return rows.map(({ value }) => value);
}
