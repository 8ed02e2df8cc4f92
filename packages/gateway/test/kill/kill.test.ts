/**
 * The gateway is killed by SIGKILL at random moments, at least 200 times (KILLS=1000 for more), under a mixed load of creates, reads and
 * cancellations over HTTP, payments, blocks, reorganisations, double spends and failing endpoints, on SQLite; afterwards nothing may be
 * lost, doubled, changed or out of order. Faults that are planted are found by the same harness. KILLS_ON_POSTGRES=50 does the same on
 * PostgreSQL as well.
 */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPostgres, freshSchema } from '../../../../test/support/postgres.ts';
import { killAndCheck, type Killed, type KillPlan } from './kill-harness.ts';

const KILLS = Math.max(200, Number(process.env['KILLS'] ?? 200));
const KILLS_ON_POSTGRES = Number(process.env['KILLS_ON_POSTGRES'] ?? 0);
/** The others are its services alone: a whole gateway takes longer to start than to be killed. */
const WHOLE_EACH = Number(process.env['WHOLE_EACH'] ?? 3);
/** Below the package, so that it finds what the package depends on. */
const outDir = fileURLToPath(new URL(`../../node_modules/.cache/webpos-kill-${process.pid}`, import.meta.url));
const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

beforeAll(async () => {
  // Bundled once: a start from source takes longer than the life that it begins.
  await build({
    config: false,
    entry: {
      life: source('life.ts'),
      'server-life': source('server-life.ts'),
      'derivation-worker': source('../../src/services/derivation-worker.ts'),
    },
    outDir,
    format: 'esm',
    platform: 'node',
    dts: false,
    fixedExtension: false,
    hash: false,
    logLevel: 'silent',
    deps: { neverBundle: [/^@photostructure\//, /^pg$/], onlyBundle: false },
    inputOptions: { resolve: { conditionNames: ['webpos-source', 'import', 'node', 'default'] } },
  });
});
afterAll(() => rm(outDir, { recursive: true, force: true }));

test(
  `${KILLS} kills lose nothing, double nothing and bring nothing out of order`,
  { timeout: 2_500 * KILLS + 60_000 },
  async () => {
    const half = { programs: outDir, kills: Math.ceil(KILLS / 2), wholeEach: WHOLE_EACH };
    const both = await Promise.all([1, 2].map((seed) => killAndCheck({ ...half, seed })));
    judge('SQLite', both, KILLS);
  },
);

if (KILLS_ON_POSTGRES > 0)
  test(
    `${KILLS_ON_POSTGRES} kills do no harm on PostgreSQL either`,
    { timeout: 3_000 * KILLS_ON_POSTGRES + 120_000 },
    async () => {
      const url = await findPostgres('kill.test.ts');
      if (url === undefined) throw new Error('KILLS_ON_POSTGRES asks for a PostgreSQL, and none answers');
      await using schema = await freshSchema(url);
      const there = new URL(url);
      there.searchParams.set('options', `-c search_path=${schema.name}`);
      const plan: KillPlan = {
        programs: outDir,
        kills: KILLS_ON_POSTGRES,
        wholeEach: WHOLE_EACH,
        seed: 3,
        databaseUrl: there.href,
      };
      judge('PostgreSQL', [await killAndCheck(plan)], KILLS_ON_POSTGRES);
    },
  );

function judge(database: string, runs: readonly Killed[], kills: number): void {
  const states = new Set(runs.flatMap((one) => [...one.states.keys()]));
  const sum = (of: (one: Killed) => number): number => runs.reduce((total, one) => total + of(one), 0);
  console.log(
    `${database}: ${sum((one) => one.kills)} kills, ${sum((one) => one.wholeKills)} of them of a whole gateway that took ` +
      `${runs.map(({ startMs }) => startMs.toFixed(0)).join(' and ')} ms to start; ${sum((one) => one.acknowledged)} orders ` +
      `acknowledged, ${sum((one) => one.acknowledgedOverHttp)} of them over HTTP, ${sum((one) => one.askedAgain)} asked for again; ` +
      `${sum((one) => one.events)} events stored, ${sum((one) => one.arrivals)} arrivals, states ${[...states].sort().join(', ')}`,
  );
  expect(runs.flatMap(({ violations }) => violations)).toEqual([]);
  expect(sum((one) => one.kills)).toBeGreaterThanOrEqual(kills);
  expect(sum((one) => one.wholeKills)).toBeGreaterThanOrEqual(kills / 4);
  // There was something to lose.
  expect(sum((one) => one.acknowledged)).toBeGreaterThan(kills / 2);
  expect(sum((one) => one.acknowledgedOverHttp)).toBeGreaterThan(kills / 4);
  expect(sum((one) => one.askedAgain)).toBeGreaterThan(0);
  expect(sum((one) => one.events)).toBeGreaterThan(kills / 2);
  // A charge-back is rare, and does not come about in a short run.
  const ends = ['cancelled', ...(kills >= 200 ? ['charged_back'] : []), 'expired', 'paid'];
  expect([...states].sort()).toEqual(expect.arrayContaining(ends));
}

test.each([
  ['send before commit', /arrived and was never stored/],
  ['commit without outbox', /and was told of as: /],
] as const)('the planted fault "%s" is found', { timeout: 240_000 }, async (fault, saying) => {
  for (let seed = 11; seed < 17; seed += 1) {
    const { violations } = await killAndCheck({ programs: outDir, kills: 12, wholeEach: WHOLE_EACH, seed, fault });
    if (violations.some((violation) => saying.test(violation))) return;
  }
  expect.unreachable('72 kills have not shown the fault');
});
