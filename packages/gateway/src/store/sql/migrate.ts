/** Brings a database up to the newest tables, and refuses one that a newer version has written. */
import { Migrator, type Kysely } from 'kysely';
import type { SqlDialect } from './dialects/dialect.ts';
import { first } from './migrations/0001-first.ts';
import type { Tables } from './tables.ts';

const MIGRATIONS = { '0001-first': first };

/** @throws Error when a migration fails; the database is then as it was before that migration. */
export async function migrate(db: Kysely<Tables>, dialect: SqlDialect): Promise<void> {
  const schema = await dialect.schema(db);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => MIGRATIONS },
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new Error('The database could not be brought to the newest version.', { cause: error });
}
