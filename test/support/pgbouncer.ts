/**
 * A PgBouncer in transaction mode, started by a test: each transaction gets another connection to the server, so what belongs to a
 * session (LISTEN, session-level locks, names of statements) does not last.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runSql } from '../../packages/gateway/test/support/run-sql.ts';
import { freePorts } from './free-ports.ts';
import { asServerUser, giveToServerUser } from './server-user.ts';
import { startTiedProcess } from './tied-process.ts';

/** Debian's, which is not on every user's path. */
const PROGRAM = '/usr/sbin/pgbouncer';
const START_MS = 60_000;

export interface PgBouncer extends AsyncDisposable {
  /** A URL through the pooler. */
  readonly url: string;
}

/**
 * Returns the program; undefined after a notice that names the tests.
 *
 * @throws Error if it is missing and CI=true.
 * @example const pgBouncer = findPgBouncer('notifications.test.ts'); describe.skipIf(pgBouncer === undefined)(...)
 */
export function findPgBouncer(forTests: string): string | undefined {
  const program = process.env['PGBOUNCER'] || PROGRAM;
  if (existsSync(program)) return program;
  const line = `NO PGBOUNCER: cannot run ${forTests}: there is no ${program}`;
  if (process.env['CI'] === 'true') throw new Error(line);
  process.stderr.write(`\n*** ${line}\n*** SKIPPED. Install Debian's pgbouncer, or set PGBOUNCER.\n\n`);
  return undefined;
}

/** Whether a program translates names of statements, as version 1.21 and later do if `max_prepared_statements` is set. */
export function translatesNames(program: string): boolean {
  const [, major = '0', minor = '0'] =
    /PgBouncer (\d+)\.(\d+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' })) ?? [];
  return Number(major) > 1 || Number(minor) >= 21;
}

/**
 * Starts a pooler in front of a PostgreSQL.
 *
 * @param to The URL of the server. Its options do not pass through the pooler.
 * @param schema What all connections use.
 * @param more Further lines of its settings.
 */
export async function startPgBouncer(
  program: string,
  to: string,
  schema: string,
  more: readonly string[] = [],
): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-pgbouncer-'));
  const { hostname, port, username, password, pathname } = new URL(to);
  const [ownPort] = await freePorts(1);
  const secret = password === '' ? '' : ` password=${decodeURIComponent(password)}`;
  const settings = join(folder, 'pgbouncer.ini');
  await writeFile(
    settings,
    `[databases]
pooled = host=${hostname} port=${port || 5432} dbname=${pathname.slice(1)} user=${username}${secret} connect_query='set search_path = ${schema}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${ownPort}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 20
max_client_conn = 200
server_login_retry = 1
${more.join('\n')}
`,
    { mode: 0o600 },
  );
  giveToServerUser(folder);
  giveToServerUser(settings);
  const command = asServerUser(program, [settings]);
  const pooler = startTiedProcess(command.program, command.args);
  const url = `postgres://${username}@127.0.0.1:${ownPort}/pooled`;
  const dispose = async (): Promise<void> => {
    await pooler.end(0);
    await rm(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + START_MS; ; await sleep(30)) {
    try {
      await runSql(url, 'select 1');
      return { url, [Symbol.asyncDispose]: dispose };
    } catch (error) {
      if (!pooler.hasExited() && Date.now() < deadline) continue;
      const output = pooler.lastOutput();
      await dispose();
      throw new Error(`PgBouncer does not answer: ${output}`, { cause: error });
    }
  }
}
