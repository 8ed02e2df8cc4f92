/**
 * `npm run freeze:migrations`: freezes the migrations at a release, so that they never change afterwards. Records the hash of every
 * migration that has not been released, and writes the schema of this release for each database, with rows, into a new folder, from
 * which the tests migrate it from then on. Frozen migrations and folders are left unchanged.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { Kysely } from 'kysely';
import { sqliteDialect } from '../../src/store/sql/dialects/sqlite/sqlite.ts';
import { migrate, MIGRATIONS } from '../../src/store/sql/migrate.ts';
import type { Tables } from '../../src/store/sql/tables.ts';
import { DATABASES, schemaText } from './schema-text.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../src/store/sql/migrations/', import.meta.url));
const LIST = join(MIGRATIONS_FOLDER, 'released.json');

const last = Object.keys(MIGRATIONS).at(-1) ?? '';
const folder = join(HERE, last);
const frozen = (await readdir(HERE, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);

await recordHashes();
if (frozen.includes(last)) console.log(`${last} has been released already: its tables and rows are left unchanged.`);
else await writeFolder(frozen.sort().at(-1));

async function recordHashes(): Promise<void> {
  const released = JSON.parse(await readFile(LIST, 'utf8').catch(() => '{}')) as Record<string, string>;
  for (const name of Object.keys(MIGRATIONS)) {
    const file = `${name}.ts`;
    released[file] ??= createHash('sha256')
      .update(await readFile(join(MIGRATIONS_FOLDER, file)))
      .digest('hex');
  }
  await writeFile(LIST, `${JSON.stringify(released, null, 2)}\n`);
  console.log(`${Object.keys(released).length} migrations are released.`);
}

async function writeFolder(before: string | undefined): Promise<void> {
  await mkdir(folder);
  for (const kind of DATABASES) await writeFile(join(folder, `${kind}.sql`), await schemaText(kind, last));
  if (before === undefined) return;
  await copyFile(join(HERE, before, 'webpos.key'), join(folder, 'webpos.key'));
  await writeFile(join(folder, 'rows.sql'), await migratedRows(before));
  console.log(`Wrote ${folder}. Now add rows for the new tables to its rows.sql: the tests require rows in every table.`);
}

/** Returns the rows of the previous release, migrated to this one. */
async function migratedRows(before: string): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'webpos-freeze-'));
  const path = join(scratch, 'webpos.db');
  try {
    const database = new DatabaseSync(path);
    for (const file of ['sqlite.sql', 'rows.sql']) database.exec(await readFile(join(HERE, before, file), 'utf8'));
    database.close();
    const dialect = sqliteDialect(path);
    const db = new Kysely<Tables>({ dialect: dialect.kysely });
    await migrate(db, dialect);
    await db.destroy();
    return dump(new DatabaseSync(path));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function dump(database: InstanceType<typeof DatabaseSync>): string {
  // In the order of their creation, so that referenced tables come first.
  const tables = database
    .prepare(`select name from sqlite_master where type = 'table' and name not like 'kysely%' order by rowid`)
    .all() as { name: string }[];
  return tables
    .flatMap(({ name }) => (database.prepare(`select * from ${name}`).all() as Row[]).map((row) => insertion(name, row)))
    .join('');
}

type Row = Readonly<Record<string, string | number | bigint | null>>;

function insertion(table: string, row: Row): string {
  const values = Object.values(row).map((value) =>
    typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value),
  );
  return `insert into ${table} (${Object.keys(row).join(', ')}) values (${values.join(', ')});\n`;
}
