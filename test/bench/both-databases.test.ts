/** The benchmarks of stalls and capacity measure on SQLite and on PostgreSQL, and leave nothing behind on the server. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseOf } from '../../bench/support/each-database.mjs';
import { makePlace } from '../../bench/support/stalls/database.mjs';
import { makeSituations } from '../../bench/support/stalls/situations.mjs';
import { findPostgres } from '../support/postgres.ts';

const run = promisify(execFile);
const postgres = await findPostgres('both-databases.test.ts');
const support = new URL('../../bench/support/each-database.mjs', import.meta.url).href;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-both-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a benchmark that notes its options on each database. */
async function runOnBoth(env: Record<string, string> = {}): Promise<{ readonly noted: string; readonly printed: string }> {
  const notes = join(folder, `notes-${Math.random()}`);
  const benchmark = join(folder, 'one.bench.mjs');
  await writeFile(
    benchmark,
    `import { appendFileSync } from 'node:fs';
     appendFileSync(${JSON.stringify(notes)}, process.argv.slice(2).join(' ') + '\\n');`,
  );
  const script = `import { onEachDatabase } from ${JSON.stringify(support)};
    process.exit(await onEachDatabase(${JSON.stringify(benchmark)}, ['--orders', '10']));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: process.env['PATH'], ...env },
  });
  return { noted: await readFile(notes, 'utf8'), printed: stdout };
}

test.each(['stalls', 'capacity'])('%s measures on both unless one is named', async (name) => {
  const text = await readFile(new URL(`../../bench/${name}.bench.mjs`, import.meta.url), 'utf8');
  expect(text).toContain('onEachDatabase(fileURLToPath(import.meta.url), process.argv.slice(2))');
  expect(databaseOf('both')).toBeUndefined();
  expect(databaseOf('postgres')).toBe('postgres');
  expect(() => databaseOf('mysql')).toThrow('--database: expected sqlite, postgres or both, got "mysql"');
});

test('without a PostgreSQL, the run says so and goes on', async () => {
  const { noted, printed } = await runOnBoth({ TEST_POSTGRES_URL: 'postgres://postgres@127.0.0.1:9/postgres' });
  expect(noted).toBe('--orders 10 --database sqlite\n');
  expect(printed).toContain('no PostgreSQL answers, so there are no numbers for it');
});

test('every situation exists on both databases', async () => {
  const namesOn = async (kind: 'sqlite' | 'postgres'): Promise<readonly string[]> => {
    const database = { kind, exec: async () => {}, all: async () => [{ n: 1, first: 1, name: 'id' }] };
    const seals = { ofOrder: () => 'seal' };
    const counts = { orders: 100, deadlines: 10, tenth: 10 };
    const world = { database, folder, seals, ...counts, gateway: () => ({}), settle: async () => {} };
    return (await makeSituations(world, {}, { paid: 'a', pending: 'b' })).map(({ name }) => name);
  };
  expect(await namesOn('postgres')).toEqual(await namesOn('sqlite'));
  expect(await namesOn('postgres')).toContain('a foreign lock held for 3 s');
});

// skip: no PostgreSQL answers; the finder says why, and fails where CI is set
describe.skipIf(postgres === undefined)('with a PostgreSQL', () => {
  test('a run measures on SQLite and then on PostgreSQL', async () => {
    const { noted } = await runOnBoth({ TEST_POSTGRES_URL: postgres ?? '' });
    expect(noted).toBe('--orders 10 --database sqlite\n--orders 10 --database postgres\n');
  });

  test('the database of a run is new, and is dropped while it is in use', async () => {
    const place = await makePlace('postgres', folder);
    const inUse = await place.connect();
    expect(await inUse.all(`select 1 from pg_class where relname = 'orders'`)).toEqual([]);
    await inUse.exec('create table orders (id text)');
    await place.drop();
    await expect(place.connect()).rejects.toThrow('does not exist');
  });
});
