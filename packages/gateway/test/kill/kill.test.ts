/**
 * The gateway is killed by SIGKILL at random moments, at least 200 times (KILLS=1000 for more), under a mixed load of creates,
 * payments, blocks, reorganisations, cancellations and failing endpoints, on SQLite; afterwards nothing may be lost, doubled, changed
 * or out of order. Faults that are planted are found by the same harness.
 */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killAndCheck } from './kill-harness.ts';

const KILLS = Math.max(200, Number(process.env['KILLS'] ?? 200));
/** Below the package, so that it finds what the package depends on. */
const outDir = fileURLToPath(new URL(`../../node_modules/.cache/webpos-kill-${process.pid}`, import.meta.url));
const program = `${outDir}/life.js`;

beforeAll(async () => {
  // Bundled once: a start from source takes longer than the life that it begins.
  await build({
    config: false,
    entry: { life: fileURLToPath(new URL('life.ts', import.meta.url)) },
    outDir,
    format: 'esm',
    platform: 'node',
    dts: false,
    fixedExtension: false,
    hash: false,
    logLevel: 'silent',
    deps: { neverBundle: [/^@photostructure\//], onlyBundle: false },
    inputOptions: { resolve: { conditionNames: ['webpos-source', 'import', 'node', 'default'] } },
  });
});
afterAll(() => rm(outDir, { recursive: true, force: true }));

test(
  `${KILLS} kills lose nothing, double nothing and bring nothing out of order`,
  { timeout: 1_500 * KILLS + 60_000 },
  async () => {
    const half = Math.ceil(KILLS / 2);
    const both = await Promise.all([1, 2].map((seed) => killAndCheck({ program, kills: half, seed })));
    const states = new Set(both.flatMap((one) => [...one.states.keys()]));
    const sum = (of: (one: (typeof both)[number]) => number): number => both.reduce((total, one) => total + of(one), 0);
    console.log(
      `${sum(({ kills }) => kills)} kills: ${sum(({ acknowledged }) => acknowledged)} orders acknowledged, ` +
        `${sum(({ events }) => events)} events stored, ${sum(({ arrivals }) => arrivals)} arrivals, states ${[...states].join(', ')}`,
    );
    expect(both.flatMap(({ violations }) => violations)).toEqual([]);
    expect(sum(({ kills }) => kills)).toBeGreaterThanOrEqual(KILLS);
    // There was something to lose.
    expect(sum(({ acknowledged }) => acknowledged)).toBeGreaterThan(KILLS / 2);
    expect(sum(({ events }) => events)).toBeGreaterThan(KILLS / 2);
    expect([...states].sort()).toEqual(expect.arrayContaining(['cancelled', 'charged_back', 'expired', 'paid']));
  },
);

test.each([
  ['send before commit', /arrived and was never stored/],
  ['commit without outbox', /and was told of as: /],
] as const)('the planted fault "%s" is found', { timeout: 240_000 }, async (fault, saying) => {
  for (let seed = 11; seed < 17; seed += 1) {
    const { violations } = await killAndCheck({ program, kills: 12, seed, fault });
    if (violations.some((violation) => saying.test(violation))) return;
  }
  expect.unreachable('72 kills have not shown the fault');
});
