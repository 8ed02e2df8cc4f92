/** The configurations in `examples/several-processes` are valid, and PostgreSQL starts with the settings. The proxy is in `proxy.test.ts`. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { findProgram } from '../../../../test/support/find-program.ts';
import { findPostgresPrograms, startPostgresCluster } from '../../../../test/support/postgres-cluster.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FILE = 'packages/gateway/test/deployment/examples.test.ts';
const EXAMPLES = new URL('../../../../examples/several-processes/', import.meta.url);
const example = (name: string): Promise<string> => readFile(new URL(name, EXAMPLES), 'utf8');

const analyze = findProgram('/usr/bin/systemd-analyze', 'SYSTEMD_ANALYZE', FILE);
const programs = findPostgresPrograms(FILE);
const run = promisify(execFile);

// skip: findProgram says what is missing
test.skipIf(analyze === undefined)('systemd accepts the unit, and refuses a damaged one', async () => {
  const folder = await temporaryFolder();
  // Node is elsewhere on some machines.
  const unit = (await example('webpos@.service')).replace('/usr/bin/node', process.execPath);
  const verify = async (text: string): Promise<string> => {
    const file = join(folder, 'webpos@8081.service');
    await writeFile(file, text);
    const { stdout, stderr } = await run(analyze ?? '', ['verify', '--man=no', file]).catch(
      (error: unknown) => error as { stdout: string; stderr: string },
    );
    // It also reports faults of the machine's own units.
    return `${stdout}${stderr}`
      .split('\n')
      .filter((line) => line.includes('webpos@8081'))
      .join('\n');
  };
  expect(await verify(unit)).toBe('');
  expect(await verify(unit.replace('TimeoutStopSec=20', 'TimeoutStopSec=soon'))).toContain('soon');
  expect(await verify(unit.replace('ProtectHome=', 'ProtectHomes='))).toContain('ProtectHomes');
});

test('the unit lets a process stop in time', async () => {
  const unit = await example('webpos@.service');
  const number = (name: string): number => Number(new RegExp(`${name}=(\\d+)`).exec(unit)?.[1]);
  const DEFAULT_STOP_TIMEOUT_S = 8;
  expect(number('TimeoutStopSec')).toBeGreaterThan(number('WEBPOS_STOP_DELAY_S') + DEFAULT_STOP_TIMEOUT_S);
});

// skip: findPostgresPrograms says what is missing
test.skipIf(programs === undefined)('PostgreSQL starts with the settings, and a commit waits for the replica', async () => {
  const settings = new Map(
    [...(await example('postgresql.conf')).matchAll(/^(\w+) = '?([^'\n]+)'?$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  expect(settings.size).toBeGreaterThan(4);
  await using cluster = await startPostgresCluster(programs ?? '', Object.fromEntries(settings));
  const { primary, replica } = cluster;
  // It must allow as many connections as its primary, before that one is started with more.
  await replica.restart();
  await primary.restart();
  await replica.configure({ synchronous_standby_names: '' });
  const wrong = await primary.query(
    `select name, setting, error from pg_file_settings where not applied and error is not null and name in (${[...settings.keys()].map((name) => `'${name}'`).join()})`,
  );
  expect(wrong).toEqual([]);
  for (const [name, value] of settings) {
    // `wal_keep_size` is on the command line of every server of a test.
    if (name === 'wal_keep_size') continue;
    const [row] = await primary.query<{ value: string }>(`select current_setting('${name}') as value`);
    expect([name, row?.value.replace(/s$/, '')]).toEqual([name, value]);
  }
  await primary.query('create table committed (n int)');
  await replica.stop();
  const inserted = primary.query('insert into committed values (1)');
  await vi.waitFor(async () => {
    const waiting = await primary.query(`select 1 from pg_stat_activity where wait_event = 'SyncRep'`);
    expect(waiting).toHaveLength(1);
  });
  await replica.start();
  expect(await inserted).toEqual([]);
});
