/** Compares the tables of a PostgreSQL schema before and after a migration: what would break or block a process that does not know it. */
import { sql, type Kysely } from 'kysely';

interface Column {
  readonly type: string;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
}

export interface TableFacts {
  /** By `table.column`. */
  readonly columns: ReadonlyMap<string, Column>;
  /** The file of each table, which changes when the table is rewritten. */
  readonly files: ReadonlyMap<string, string>;
  /** Indexes, and constraints of other kinds, by `table`. */
  readonly indexes: readonly { readonly table: string; readonly name: string }[];
  readonly constraints: readonly { readonly table: string; readonly name: string }[];
}

export async function tableFacts(db: Kysely<unknown>): Promise<TableFacts> {
  const columns = await sql<Column & { key: string }>`
    select table_name || '.' || column_name as key, data_type as type, is_nullable = 'YES' as "isNullable",
      column_default is not null as "hasDefault"
    from information_schema.columns where table_schema = current_schema()`.execute(db);
  const files = await sql<{ name: string; file: string }>`
    select relname as name, relfilenode::text as file from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'r'`.execute(db);
  const indexes = await sql<{ table: string; name: string }>`
    select tablename as table, indexname as name from pg_indexes where schemaname = current_schema()`.execute(db);
  const constraints = await sql<{ table: string; name: string }>`
    select conrelid::regclass::text as table, conname as name from pg_constraint
    where connamespace = current_schema()::regnamespace and conrelid <> 0`.execute(db);
  return {
    columns: new Map(columns.rows.map(({ key, ...column }) => [key, column])),
    files: new Map(files.rows.map(({ name, file }) => [name, file])),
    indexes: indexes.rows,
    constraints: constraints.rows,
  };
}

/** Returns a phrase for each change that is not an expansion. */
export function contractionsBetween(before: TableFacts, after: TableFacts): readonly string[] {
  return [...ofColumns(before, after), ...ofTables(before, after)];
}

function ofColumns(before: TableFacts, after: TableFacts): string[] {
  const gone = [...before.columns].flatMap(([key, was]) => {
    const is = after.columns.get(key);
    if (is === undefined) return [`${key} is gone`];
    if (is.type !== was.type) return [`${key} has another type`];
    if (was.isNullable && !is.isNullable) return [`${key} must not be null any more`];
    return was.hasDefault && !is.hasDefault && !is.isNullable ? [`${key} has lost its default`] : [];
  });
  const required = [...after.columns].flatMap(([key, { isNullable, hasDefault }]) =>
    before.columns.has(key) || !before.files.has(key.split('.')[0] ?? '') || isNullable || hasDefault
      ? []
      : [`${key} is new, and must be given`],
  );
  return [...gone, ...required];
}

function ofTables(before: TableFacts, after: TableFacts): string[] {
  const added = (kind: 'indexes' | 'constraints'): string[] =>
    after[kind]
      .filter(({ table, name }) => before.files.has(table) && !before[kind].some((one) => one.name === name))
      .map(({ table, name }) => `${name} is new on ${table}, which others write`);
  const rewritten = [...before.files]
    .filter(([name, file]) => after.files.has(name) && after.files.get(name) !== file)
    .map(([name]) => `${name} is rewritten`);
  return [...added('indexes'), ...added('constraints'), ...rewritten];
}
