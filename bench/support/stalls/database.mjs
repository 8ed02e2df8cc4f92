/** Direct access to the database of a gateway, SQLite or PostgreSQL, to fill it by SQL and to hold locks. */
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

/** The gateway's own dependencies. */
export const fromGateway = createRequire(new URL('../../../packages/gateway/package.json', import.meta.url));
/** The server on which databases are made. */
export const POSTGRES = process.env.TEST_POSTGRES_URL || 'postgres://postgres@127.0.0.1:5432/postgres';

/** Makes the place of a new database. `connect` opens a connection of its own. */
export async function makePlace(kind, folder) {
  return kind === 'sqlite' ? sqlitePlace(join(folder, 'webpos.db')) : postgresPlace();
}

function sqlitePlace(path) {
  const { DatabaseSync } = fromGateway('@photostructure/sqlite');
  return {
    url: `sqlite:${path}`,
    connect: async () => {
      const database = new DatabaseSync(path, { timeout: 10_000 });
      return {
        kind: 'sqlite',
        exec: async (text) => database.exec(text),
        all: async (text) => database.prepare(text).all(),
        close: async () => database.close(),
      };
    },
    bytes: async () => (await stat(path)).size,
    drop: async () => rm(path, { force: true }),
  };
}

async function postgresPlace() {
  const pg = fromGateway('pg');
  const name = `webpos_stalls_${process.pid}`;
  const admin = async (text) => {
    const client = new pg.Client({ connectionString: POSTGRES });
    await client.connect();
    try {
      return await client.query(text);
    } finally {
      await client.end();
    }
  };
  await admin(`drop database if exists ${name}`);
  await admin(`create database ${name}`);
  const url = new URL(POSTGRES);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    connect: async () => {
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      // The server ends it when the database is dropped.
      client.on('error', () => {});
      return {
        kind: 'postgres',
        exec: async (text) => void (await client.query(text)),
        all: async (text) => (await client.query(text)).rows,
        close: () => client.end(),
      };
    },
    bytes: async () => Number((await admin(`select pg_database_size('${name}') as n`)).rows[0].n),
    drop: () => admin(`drop database if exists ${name} with (force)`),
  };
}
