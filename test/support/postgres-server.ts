/**
 * A PostgreSQL server of a test, in a folder of its own on a loopback port, which it keeps over restarts. It ends with this process,
 * however that ends. Anybody on this machine may connect as the user `postgres`, without a password.
 */
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { querySql } from '../../packages/gateway/test/support/query-sql.ts';
import { asServerUser } from './server-user.ts';
import { startTiedProcess, type TiedProcess } from './tied-process.ts';

const START_MS = 60_000;
const STOP_MS = 30_000;
/** The same for every run. What a test changes is in `postgresql.auto.conf` instead, and may not be one of these. */
const FIXED = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // A killed server leaves nothing outside its folder, and the system survives, so nothing needs to reach the disk.
  dynamic_shared_memory_type: 'mmap',
  fsync: 'off',
  // A replica that was held back catches up.
  wal_keep_size: '512MB',
  wal_retrieve_retry_interval: '100ms',
};

export interface PostgresServerOptions {
  /** The folder of `initdb`, `pg_ctl` and the others. */
  readonly programs: string;
  /** Created by {@link PostgresServer.create} or {@link PostgresServer.follow}. */
  readonly folder: string;
  readonly port: number;
  /** Whether commits are on the disk when they are answered, which only a benchmark needs. Default: no. */
  readonly isDurable?: boolean;
}

export class PostgresServer {
  readonly port: number;
  /** The database `postgres`, as its superuser. */
  readonly url: string;
  readonly #options: PostgresServerOptions;
  #process: TiedProcess | undefined;

  constructor(options: PostgresServerOptions) {
    this.#options = options;
    this.port = options.port;
    this.url = `postgres://postgres@127.0.0.1:${options.port}/postgres`;
  }

  /** Creates an empty server, which is not started yet. */
  async create(): Promise<void> {
    const { folder } = this.#options;
    await this.#run('initdb', [
      '-D',
      folder,
      '--username=postgres',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ]);
  }

  /**
   * Makes this server a replica of another one, which runs, and starts it. What it held before is lost, as when the former primary is
   * set up anew after a failover.
   */
  async follow(primary: PostgresServer): Promise<void> {
    const { folder } = this.#options;
    await this.kill();
    rmSync(folder, { recursive: true, force: true });
    const from = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'postgres'];
    await this.#run('pg_basebackup', [...from, '-D', folder, '-R', '--checkpoint=fast', '--no-sync']);
    // `pg_basebackup` copies what the test has changed on the primary.
    await this.start({ recovery_min_apply_delay: '0', synchronous_standby_names: '' });
    await this.attach(primary);
  }

  get isRunning(): boolean {
    return this.#process !== undefined && !this.#process.hasExited();
  }

  /**
   * Starts it and waits until it answers. @throws Error with its last output if it does not start.
   *
   * @param settings Valid from now on, also after further restarts.
   */
  async start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const { folder, port, isDurable = false } = this.#options;
    const fixed = Object.entries({ ...FIXED, ...(isDurable && { fsync: 'on' }), port: String(port) }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const { program, args } = asServerUser(join(this.#options.programs, 'postgres'), ['-D', folder, ...fixed]);
    this.#process = startTiedProcess(program, args);
    for (const deadline = Date.now() + START_MS; ; await sleep(30)) {
      if (this.#process.hasExited()) throw new Error(`PostgreSQL ended during its start: ${this.#process.lastOutput()}`);
      try {
        await this.query('select 1');
        break;
      } catch (error) {
        if (Date.now() > deadline) throw new Error(`PostgreSQL does not answer: ${this.#process.lastOutput()}`, { cause: error });
      }
    }
    await this.configure(settings);
  }

  /** Stops it as an operator does: connections are ended, and what was committed is written. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    process.kill(this.#postmaster(), 'SIGINT');
    await this.#process?.end(STOP_MS);
    this.#process = undefined;
  }

  /** Ends all its processes at once with SIGKILL. {@link start} recovers. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    const [, , , , , , memory = ''] = this.#pidFile();
    // Stopped first, so that the main process starts no other one meanwhile.
    process.kill(this.#postmaster(), 'SIGSTOP');
    this.#signal('SIGKILL');
    await this.#process?.end(0);
    this.#process = undefined;
    // A small segment of shared memory guards the folder. The next start would remove it, but there may be none.
    spawnSync('ipcrm', ['-m', memory.trim().split(/\s+/)[1] ?? '']);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Stops all its processes with SIGSTOP: connections stay open, and nothing answers. */
  pause(): void {
    this.#signal('SIGSTOP');
  }

  resume(): void {
    this.#signal('SIGCONT');
  }

  /** Makes a replica the primary of a new timeline. It returns when the server accepts writes. */
  async promote(): Promise<void> {
    await this.#run('pg_ctl', ['promote', '-D', this.#options.folder, '-w', '-t', '60']);
  }

  /** Cuts a replica off from its primary: it serves reads of what it has, and what is committed from now on is lost if it is promoted. */
  async detach(): Promise<void> {
    await this.configure({ primary_conninfo: '' });
    await this.#until('select count(*) = 0 as yes from pg_stat_wal_receiver', 'it still receives from its primary');
  }

  /** Connects a replica to its primary again. */
  async attach(primary: PostgresServer): Promise<void> {
    await this.configure({
      primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres application_name=port${this.port}`,
    });
    await this.#until(
      `select count(*) = 1 as yes from pg_stat_wal_receiver where status = 'streaming' and sender_port = ${primary.port}`,
      'it does not receive from its primary',
    );
  }

  /** Waits until a replica has applied everything that a primary has committed. */
  async caughtUp(primary: PostgresServer): Promise<void> {
    const [row] = await primary.query<{ at: string }>('select pg_current_wal_flush_lsn()::text as at');
    await this.#until(`select pg_last_wal_replay_lsn() >= '${row?.at}'::pg_lsn as yes`, 'it has not caught up with its primary');
  }

  /** Lets a replica show commits later than it has received them; 0 ends that. A promotion loses none of them. */
  delay(ms: number): Promise<void> {
    return this.configure({ recovery_min_apply_delay: `${ms}ms` });
  }

  /**
   * Changes settings of the running server that need no restart. They survive restarts, and apply to connections opened from now on. The
   * processes of the server itself load them a moment later: whether a commit waits for `synchronous_standby_names` is known when one does.
   */
  async configure(settings: Readonly<Record<string, string>>): Promise<void> {
    if (Object.keys(settings).length === 0) return;
    for (const [name, value] of Object.entries(settings))
      await this.query(`alter system set ${name} = '${value.replaceAll("'", "''")}'`);
    const loaded = `pg_conf_load_time()::text`;
    const [before] = await this.query<{ at: string }>(`select ${loaded} as at`);
    await this.query('select pg_reload_conf()');
    await this.#until(`select ${loaded} <> '${before?.at}' as yes`, 'it does not load its configuration');
  }

  /** Runs a statement over a connection of its own. */
  query<Row extends object = Record<string, unknown>>(statement: string): Promise<Row[]> {
    return querySql(this.url, statement);
  }

  /** The last two thousand characters of its log. */
  lastOutput(): string {
    return this.#process?.lastOutput() ?? '';
  }

  async #until(statement: string, otherwise: string): Promise<void> {
    for (const deadline = Date.now() + START_MS; ; await sleep(20)) {
      const [row] = await this.query<{ yes: boolean | null }>(statement);
      if (row?.yes === true) return;
      if (Date.now() > deadline) throw new Error(`PostgreSQL on port ${this.port}: ${otherwise}; ${this.lastOutput()}`);
    }
  }

  async #run(name: string, options: readonly string[]): Promise<void> {
    const { program, args } = asServerUser(join(this.#options.programs, name), options);
    await promisify(execFile)(program, args, { cwd: '/', timeout: START_MS });
  }

  #pidFile(): string[] {
    return readFileSync(join(this.#options.folder, 'postmaster.pid'), 'utf8').split('\n');
  }

  #postmaster(): number {
    return Number(this.#pidFile()[0]);
  }

  /** Sends a signal to the main process and its children. */
  #signal(signal: NodeJS.Signals): void {
    const postmaster = this.#postmaster();
    for (const pid of [postmaster, ...childrenOf(postmaster)]) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended.
      }
    }
  }
}

/** Returns the direct children of a process. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // `pid (name) state parent ...`; the name may contain spaces and parentheses.
      const [, ppid] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return Number(ppid) === parent ? [Number(name)] : [];
    } catch {
      return []; // it has ended
    }
  });
}
