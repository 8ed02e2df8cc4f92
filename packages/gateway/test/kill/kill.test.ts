/**
 * Kills the gateway with SIGKILL at random moments, at least 200 times (or KILLS=1000), under a mixed load of creations, reads and
 * cancellations over HTTP, payments, blocks, reorganisations, double spends and failing endpoints, on SQLite. Afterwards nothing may be
 * lost, duplicated, changed or out of order. The same harness must find planted faults. KILLS_ON_POSTGRES=50 also kills gateways on
 * PostgreSQL.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPostgres, freshSchema } from '../../../../test/support/postgres.ts';
import { bundlePrograms, type BundledPrograms } from '../support/bundle-programs.ts';
import { killAndCheck, type Killed, type KillPlan } from './kill-harness.ts';

const KILLS = Math.max(200, Number(process.env['KILLS'] ?? 200));
const KILLS_ON_POSTGRES = Number(process.env['KILLS_ON_POSTGRES'] ?? 0);
/** Every n-th life is a whole gateway; these take longer to start than the others. */
const WHOLE_EVERY = Number(process.env['WHOLE_EVERY'] ?? 3);
let programs: BundledPrograms;

beforeAll(async () => {
  programs = await bundlePrograms('kill', {
    life: new URL('life.ts', import.meta.url),
    'server-life': new URL('server-life.ts', import.meta.url),
  });
});
afterAll(() => programs[Symbol.asyncDispose]());

const RUNS: readonly [kills: number, database: string, run: () => Promise<readonly Killed[]>][] = [
  [KILLS, 'SQLite', () => Promise.all([1, 2].map((seed) => killAndCheck(plan(Math.ceil(KILLS / 2), seed))))],
  ...(KILLS_ON_POSTGRES > 0 ? [[KILLS_ON_POSTGRES, 'PostgreSQL', onPostgres] as [number, string, typeof onPostgres]] : []),
];

test.each(RUNS)(
  '%i kills on %s lose, duplicate and reorder nothing',
  { timeout: 3_000 * Math.max(KILLS, KILLS_ON_POSTGRES) + 120_000 },
  async (kills, database, run) => {
    const runs = await run();
    const states = new Set(runs.flatMap((one) => [...one.states.keys()]));
    const sum = (of: (one: Killed) => number): number => runs.reduce((total, one) => total + of(one), 0);
    console.log(
      `${database}: ${sum((one) => one.kills)} kills, ${sum((one) => one.wholeKills)} of them of whole gateways that took ` +
        `${runs.map(({ startMs }) => startMs.toFixed(0)).join(' and ')} ms to start; ${sum((one) => one.acknowledged)} orders ` +
        `acknowledged, ${sum((one) => one.acknowledgedOverHttp)} of them over HTTP, ${sum((one) => one.sentAgain)} sent again; ` +
        `${sum((one) => one.events)} events stored, ${sum((one) => one.arrivals)} arrivals, states ${[...states].sort().join(', ')}`,
    );
    expect(runs.flatMap(({ violations }) => violations)).toEqual([]);
    expect(sum((one) => one.kills)).toBeGreaterThanOrEqual(kills);
    expect(sum((one) => one.wholeKills)).toBeGreaterThanOrEqual(kills / 4);
    // The runs have done enough to be conclusive.
    expect(sum((one) => one.acknowledged)).toBeGreaterThan(kills / 2);
    expect(sum((one) => one.acknowledgedOverHttp)).toBeGreaterThan(kills / 4);
    expect(sum((one) => one.sentAgain)).toBeGreaterThan(0);
    expect(sum((one) => one.events)).toBeGreaterThan(kills / 2);
    expect([...states].sort()).toEqual(expect.arrayContaining(['cancelled', 'charged_back', 'expired', 'paid']));
  },
);

async function onPostgres(): Promise<readonly Killed[]> {
  const url = await findPostgres('kill.test.ts');
  if (url === undefined) throw new Error('KILLS_ON_POSTGRES is set, but no PostgreSQL is available');
  await using schema = await freshSchema(url);
  const there = new URL(url);
  there.searchParams.set('options', `-c search_path=${schema.name}`);
  return [await killAndCheck({ ...plan(KILLS_ON_POSTGRES, 3), databaseUrl: there.href })];
}

function plan(kills: number, seed: number): KillPlan {
  return { programs: programs.folder, kills, wholeEvery: WHOLE_EVERY, seed };
}

test.each([
  ['send before commit', /arrived and was never stored/],
  ['commit without outbox', /and was reported as: /],
] as const)('the planted fault "%s" is found', { timeout: 240_000 }, async (fault, saying) => {
  for (let seed = 11; seed < 17; seed += 1) {
    const { violations } = await killAndCheck({ ...plan(12, seed), fault });
    if (violations.some((violation) => saying.test(violation))) return;
  }
  expect.unreachable('72 kills have not shown the fault');
});
