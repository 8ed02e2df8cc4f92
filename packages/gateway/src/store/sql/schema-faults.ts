/** Compares the tables, columns and indexes of a database with those that the migrations create. */
import { Kysely, sql } from 'kysely';
import type { SqlDialect } from './dialects/dialect.ts';
import { sqliteDialect } from './dialects/sqlite/sqlite.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';

interface Shape {
  /** Types by `table.column`. A table is also listed by its own name, with an empty type. */
  readonly columns: ReadonlyMap<string, string>;
  readonly indexes: ReadonlyMap<string, string>;
}

/** PostgreSQL's names of types, mapped to the names that migrations use and SQLite returns. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  varchar: 'varchar(255)',
  int8: 'bigint',
  int4: 'integer',
  bytea: 'blob',
  bool: 'boolean',
};

/** Returns a phrase for each missing or different table, column or index. Additional ones are ignored. */
export async function schemaFaults(db: Kysely<Tables>, dialect: SqlDialect): Promise<readonly string[]> {
  const [expected, actual] = [await expectedShape(), await shapeOf(db, dialect)];
  const faults: string[] = [];
  for (const [name, type] of expected.columns) {
    const found = actual.columns.get(name);
    const kind = type === '' ? 'table' : 'column';
    if (found === undefined) {
      const [table = ''] = name.split('.');
      if (kind === 'table' || actual.columns.has(table)) faults.push(`${kind} ${name} is missing`);
    } else if (found !== type) faults.push(`column ${name} is ${found}, expected ${type}`);
  }
  for (const [name, text] of expected.indexes) {
    const found = actual.indexes.get(name);
    if (found === undefined) faults.push(`index ${name} is missing`);
    else if (dialect.name === 'sqlite' && found !== text) faults.push(`index ${name} differs from the expected one`);
  }
  return faults;
}

async function expectedShape(): Promise<Shape> {
  const dialect = sqliteDialect(':memory:');
  const db = new Kysely<Tables>({ dialect: dialect.kysely });
  try {
    await migrate(db, dialect);
    return await shapeOf(db, dialect);
  } finally {
    await db.destroy();
  }
}

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

async function shapeOf(db: Kysely<Tables>, dialect: SqlDialect): Promise<Shape> {
  const isSqlite = dialect.name === 'sqlite';
  const columnQuery = isSqlite
    ? sql<ColumnRow>`select m.name as "table", c.name, c.type from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'`
    : sql<ColumnRow>`select table_name as "table", column_name as name, udt_name as type from information_schema.columns
        where table_schema = current_schema()`;
  const columns = new Map<string, string>();
  for (const { table, name, type } of (await columnQuery.execute(db)).rows) {
    const lower = type.toLowerCase();
    columns.set(table, '');
    columns.set(`${table}.${name}`, TYPE_NAMES[lower] ?? lower);
  }
  const indexQuery = isSqlite
    ? sql<{ name: string; text: string }>`select name, sql as text from sqlite_master where type = 'index' and sql is not null`
    : sql<{
        name: string;
        text: string;
      }>`select indexname as name, indexdef as text from pg_indexes where schemaname = current_schema()`;
  const { rows } = await indexQuery.execute(db);
  return { columns, indexes: new Map(rows.map(({ name, text }) => [name, text.replaceAll(/\s+/g, ' ')])) };
}
