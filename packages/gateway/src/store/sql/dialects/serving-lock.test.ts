import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findPostgres, freshSchema, type FreshSchema } from '../../../../../../test/support/postgres.ts';
import { runSql } from '../../../../test/support/run-sql.ts';
import { lockServing } from '../open-store.ts';

const LOCKING_PROCESS = fileURLToPath(new URL('../../../../test/support/locking-process.ts', import.meta.url));
const log = { info: () => {}, warn: () => {} };
/** As the lock has it. */
const KEY = 0x77656270;
const us = { pid: 4711, host: 'till' };

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Another process that takes the lock; answers what it says of that. */
async function lockElsewhere(url: string): Promise<{ child: ChildProcess; output: string }> {
  const child = spawn(process.execPath, ['--conditions=webpos-source', '--import', 'tsx', LOCKING_PROCESS, url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, output: String((await lines.next()).value) };
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

describe('the lock on a SQLite file', () => {
  let folder: string;
  let url: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webpos-lock-'));
    url = `sqlite:${join(folder, 'webpos.db')}`;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is refused to a second one in this process, names the first, and is free once released', async () => {
    const first = await lockServing(url, us, log);
    await expect(lockServing(url, us, log)).rejects.toThrow(
      /another gateway serves .*webpos\.db: process 4711 on till, since 20/,
    );
    // The refused one has not given up the lock of the first.
    expect((await lockElsewhere(url)).output).toMatch(/process 4711 on till/);
    await first.release();
    await (await lockServing(url, us, log)).release();
    expect((await stat(join(folder, 'webpos.db.lock'))).mode & 0o777).toBe(0o600);
  });

  it('is held against other processes, by every path to the file, and a killed holder leaves nothing behind', async () => {
    const { child, output } = await lockElsewhere(url);
    expect(output).toBe('locked');
    const pid = String(child.pid);
    await expect(lockServing(url, us, log)).rejects.toThrow(`process ${pid} on`);
    await symlink(folder, `${folder}-link`);
    try {
      await expect(lockServing(`sqlite:${folder}-link/webpos.db`, us, log)).rejects.toThrow(`process ${pid} on`);
    } finally {
      await rm(`${folder}-link`);
    }
    await killed(child);
    await (await lockServing(url, us, log)).release();
  });

  it('goes to one of many who want it at once', async () => {
    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => lockServing(url, us, log)));
    const locks = taken.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(locks).toHaveLength(1);
    await locks[0]?.release();
  });
});

const postgres = await findPostgres('serving-lock.test.ts');
// skip: no PostgreSQL answers; the finder says why, and fails where CI is set
describe.skipIf(postgres === undefined)('the lock on a schema of a PostgreSQL', () => {
  let schema: FreshSchema;
  let url: string;
  beforeEach(async () => {
    schema = await freshSchema(postgres ?? '');
    url = `${postgres}?options=${encodeURIComponent(`-c search_path=${schema.name}`)}`;
  });
  afterEach(() => schema[Symbol.asyncDispose]());

  /** Ends the sessions that hold a lock, as an administrator or a restart would. */
  const cut = (pid: number): Promise<void> =>
    runSql(
      postgres ?? '',
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'webpos ${pid}@%'`,
    );

  it('is refused to a second one, which is told who has it; other schemas have locks of their own', async () => {
    const { child, output } = await lockElsewhere(url);
    expect(output).toBe('locked');
    await expect(lockServing(url, us, log)).rejects.toThrow(`another gateway serves postgres://127.0.0.1:5432/`);
    await expect(lockServing(url, us, log)).rejects.toThrow(`process ${child.pid} on`);
    await using other = await freshSchema(postgres ?? '');
    const elsewhere = `${postgres}?options=${encodeURIComponent(`-c search_path=${other.name}`)}`;
    await (await lockServing(elsewhere, us, log)).release();
    await killed(child);
    await (await lockServing(url, us, log)).release();
  });

  it('is taken again when its connection breaks, and doubted until then', async () => {
    const lock = await lockServing(url, { pid: 900_001, host: 'till' }, log);
    expect(lock.trouble).toBeUndefined();
    const doubts: string[] = [];
    const watching = setInterval(() => lock.trouble !== undefined && doubts.push(lock.trouble), 1);
    await cut(900_001);
    await vi.waitFor(() => expect(doubts[0]).toContain('has broken'), { timeout: 20_000 });
    await vi.waitFor(() => expect(lock.trouble).toBeUndefined(), { timeout: 20_000 });
    clearInterval(watching);
    await expect(lockServing(url, us, log)).rejects.toThrow('process 900001 on till');
    await lock.release();
  });

  it('is lost to another that has taken it meanwhile, for good', async () => {
    const lock = await lockServing(url, { pid: 900_002, host: 'till' }, log);
    const thief = new pg.Client({ connectionString: url, application_name: 'webpos 77@other 0123456789ab' });
    await thief.connect();
    // Waits for the lock, and gets it the moment that the first session ends.
    const stealing = thief.query(`select pg_advisory_lock(${KEY}, hashtext(current_schema()))`);
    await cut(900_002);
    await stealing;
    expect(await lock.lost).toMatch(/another gateway serves .*: process 77 on other/);
    expect(lock.trouble).toContain('process 77 on other');
    await thief.end();
    await lock.release();
  });
});
