/**
 * A PostgreSQL primary with a replica, started by a test from Debian's programs (the newest in `/usr/lib/postgresql`), or from the folder
 * `TEST_POSTGRES_PROGRAMS`. Both are removed afterwards.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import { PostgresServer } from './postgres-server.ts';
import { giveToServerUser } from './server-user.ts';

const DEBIAN = '/usr/lib/postgresql';

export interface PostgresCluster extends AsyncDisposable {
  /** The server that began as the primary. It keeps its name when the other one is promoted. */
  readonly primary: PostgresServer;
  /** The server that began as its replica: asynchronous, until the primary's `synchronous_standby_names` names it (`'*'`). */
  readonly replica: PostgresServer;
  /** A database URL with both hosts, of which the one that accepts writes is wanted. */
  readonly url: string;
}

/**
 * Returns the folder of PostgreSQL's programs; undefined after a notice that names the tests and the reason.
 *
 * @throws Error if they are missing and CI=true.
 * @example const programs = findPostgresPrograms('failover.test.ts'); describe.skipIf(programs === undefined)(...)
 */
export function findPostgresPrograms(forTests: string): string | undefined {
  const given = process.env['TEST_POSTGRES_PROGRAMS'];
  const folders = given ? [given] : debianFolders();
  const found = folders.find((folder) => ['initdb', 'pg_basebackup', 'pg_ctl'].every((name) => existsSync(join(folder, name))));
  if (found !== undefined) return found;
  const line = `NO POSTGRESQL PROGRAMS: cannot run ${forTests}: no initdb and pg_basebackup in ${folders.join(' or ') || DEBIAN}`;
  if (process.env['CI'] === 'true') throw new Error(line);
  process.stderr.write(`\n*** ${line}\n*** SKIPPED. Install Debian's postgresql, or set TEST_POSTGRES_PROGRAMS.\n\n`);
  return undefined;
}

/** The newest first. */
function debianFolders(): string[] {
  if (!existsSync(DEBIAN)) return [];
  return readdirSync(DEBIAN)
    .toSorted((one, other) => Number(other) - Number(one))
    .map((version) => join(DEBIAN, version, 'bin'));
}

/** Starts both servers, with an empty database. The settings are the primary's. */
export async function startPostgresCluster(
  programs: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'webpos-postgres-'));
  giveToServerUser(folder);
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', removeFolder);
  const [primary, replica] = (await freePorts(2)).map(
    (port) => new PostgresServer({ programs, folder: join(folder, String(port)), port }),
  ) as [PostgresServer, PostgresServer];
  const dispose = async (): Promise<void> => {
    await Promise.all([primary.kill(), replica.kill()]);
    removeFolder();
    process.off('exit', removeFolder);
  };
  try {
    await primary.create();
    await primary.start(settings);
    await replica.follow(primary);
  } catch (error) {
    await dispose();
    throw error;
  }
  const hosts = [primary, replica].map(({ port }) => `127.0.0.1:${port}`).join();
  return {
    primary,
    replica,
    url: `postgres://postgres@${hosts}/postgres?target_session_attrs=read-write`,
    [Symbol.asyncDispose]: dispose,
  };
}
