/** Writes the schema that migrations create as SQL text for each database, without running it on one. */
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
} from 'kysely';
import { MIGRATIONS } from '../../src/store/sql/migrate.ts';

export const DATABASES = ['sqlite', 'postgres'] as const;
export type DatabaseKind = (typeof DATABASES)[number];

const DIALECTS: Readonly<Record<DatabaseKind, Dialect>> = {
  sqlite: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
  postgres: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
};

/** Kysely's own two tables, as it creates them. */
const OWN = [
  'create table kysely_migration (name varchar(255) not null primary key, timestamp varchar(255) not null)',
  'create table kysely_migration_lock (id varchar(255) not null primary key, is_locked integer default 0 not null)',
  `insert into kysely_migration_lock (id, is_locked) values ('migration_lock', 0)`,
];

/**
 * Returns all statements that create the schema as it is after a migration.
 *
 * @param last The name of the migration.
 */
export async function schemaText(kind: DatabaseKind, last: string): Promise<string> {
  const statements: string[] = [];
  const db = new Kysely<unknown>({ dialect: DIALECTS[kind], log: ({ query }) => void statements.push(query.sql) });
  const names = Object.keys(MIGRATIONS).filter((name) => name <= last);
  for (const name of names) await MIGRATIONS[name]?.up(db);
  // Changes of rows are in the rows of the release.
  const tables = statements.filter((statement) => /^\s*(?:create|alter|drop) /i.test(statement));
  const applied = names.map(
    (name) => `insert into kysely_migration (name, timestamp) values ('${name}', '2026-11-29T12:00:00.000Z')`,
  );
  return [...OWN, ...tables, ...applied].map((statement) => `${statement.replaceAll(/\s*\n\s*/g, ' ')};\n`).join('');
}
