/**
 * Gateways on one PostgreSQL under load while processes are killed, stopped and cut off, the database fails over, and clocks differ: ten
 * rounds, or ROUNDS=200. SEED=7 repeats the draws of a run, DECK=failOver,killLeader plays only these events, and VERBOSE=1 prints them. What the model checks is in `find-violations.ts`.
 */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundlePrograms, type BundledPrograms } from '../support/bundle-programs.ts';
import type { Programs } from './programs.ts';
import * as events from './events.ts';
import type { EventKind } from './events.ts';
import { findPrograms } from './find-programs.ts';
import { play, type Played } from './play.ts';
import { PROGRAM_SOURCES } from './program-sources.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 10);
const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1_000_000));
const GATEWAYS = Number(process.env['GATEWAYS'] ?? 3);
const DECK = process.env['DECK']?.split(',').map((name) => (events as unknown as Readonly<Record<string, EventKind>>)[name]!);

let bundle: BundledPrograms | undefined;
let programs: Programs | undefined;
beforeAll(async () => {
  const found = await findPrograms('packages/gateway/test/cluster/cluster.test.ts');
  if (found === undefined) return;
  bundle = await bundlePrograms('cluster', PROGRAM_SOURCES);
  programs = { ...found, bundle: bundle.folder };
});
afterAll(() => bundle?.[Symbol.asyncDispose]());

test('nothing is lost, doubled or decided by the wrong process', { timeout: 120_000 + ROUNDS * 120_000 }, async (context) => {
  if (programs === undefined) return context.skip('PostgreSQL, PgBouncer or a Bitcoin node is missing');
  const lines: string[] = [];
  const print = (line: string): void => {
    lines.push(line);
    if (process.env['VERBOSE'] !== undefined) console.log(line);
  };
  print(`seed ${SEED}`);
  const played = await play({ programs, gateways: GATEWAYS, seed: SEED, rounds: ROUNDS, print, ...(DECK && { deck: DECK }) });
  console.log(textOf(played));
  if (played.violations.length > 0) console.log(`seed ${SEED}, ${await keepRecord(lines, played)}\n${lines.join('\n')}`);
  expect(played.violations, `seed ${SEED}`).toEqual([]);
  expect(played.orders).toBeGreaterThan(ROUNDS * 5);
  expect(played.arrivals).toBeGreaterThan(ROUNDS * 3);
});

function textOf({ states, ...played }: Played): string {
  const counts = [...states].map(([state, count]) => `${count} ${state}`).join(', ');
  return (
    `seed ${SEED}: ${played.orders} orders acknowledged (${played.sentAgain} of them sent again, ${played.lostOrders} lost by failovers; ` +
    `${counts}), ${played.payments} payments, ${played.reorganisations} reorganisations, ${played.doubleSpends} double spends, ` +
    `${played.arrivals} callbacks, ${played.terms} terms, ${played.refusals} answers 503, at most ${played.maxUnderWay} callbacks at once to an endpoint`
  );
}

/** Writes what happened into a folder, to look for the cause. */
async function keepRecord(lines: readonly string[], { logs, violations }: Played): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-cluster-failed-'));
  await writeFile(join(folder, 'record.txt'), [...lines, ...violations].join('\n'));
  for (const [nth, log] of logs.entries()) await writeFile(join(folder, `gw${nth}.log`), log);
  return `logs in ${folder}`;
}
