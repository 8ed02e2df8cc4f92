/**
 * Starts gateways one after the other on the same database and kills each at a random moment (a "life"). Then it lets a last one finish
 * and checks the result. Some lives are the whole gateway with its HTTP server, to which shops send requests. The others are its services
 * without the server, which start faster.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findViolations, type Found } from './find-violations.ts';
import { makeShops } from './make-shops.ts';
import type { Fault } from './planted-faults.ts';
import { openReceivers } from './receivers.ts';
import { Shops } from './shops.ts';

/** Long enough for some of every operation, short enough to be killed in the middle of many. */
const MAX_LIFE_MS = 500;
/** The longest wait for the first order of a life. */
const MAX_WAIT_MS = 3_000;

export interface KillPlan {
  /** The folder of the bundled programs. */
  readonly programs: string;
  readonly kills: number;
  /** Every n-th life is a whole gateway. */
  readonly wholeEvery: number;
  readonly seed: number;
  readonly fault?: Fault;
  /** Default: a SQLite file. */
  readonly databaseUrl?: string;
}

export interface Killed extends Found {
  readonly kills: number;
  /** How many of the killed lives were whole gateways. */
  readonly wholeKills: number;
  readonly acknowledged: number;
  readonly acknowledgedOverHttp: number;
  /** How many creations were sent again because a kill had lost their answer. */
  readonly sentAgain: number;
  readonly arrivals: number;
  /** The median time from the start of a whole gateway until it serves. */
  readonly startMs: number;
}

export async function killAndCheck({ programs, kills, wholeEvery, seed, fault = 'none', ...plan }: KillPlan): Promise<Killed> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-kill-'));
  await using receivers = await openReceivers();
  const databaseUrl = plan.databaseUrl ?? `sqlite:${join(folder, 'webpos.db')}`;
  const keyFile = join(folder, 'webpos.key');
  const shops = new Shops(await makeShops(databaseUrl, keyFile, receivers.ports));
  const made = new Map<string, string>();
  const begin = (life: number, what: 'live' | 'end', whole: boolean): Life => {
    const given = [databaseUrl, keyFile, String(seed * 10_000 + life)];
    const planted = what === 'end' ? 'none' : fault;
    const words = whole
      ? [join(programs, 'server-life.js'), ...given, what, planted]
      : [join(programs, 'life.js'), ...given, planted];
    return startLife(words, made);
  };
  try {
    let [killed, wholeKills] = [0, 0];
    const starts: number[] = [];
    for (let number = 0; number < kills; number += 1) {
      const whole = number % wholeEvery === 0;
      const startedAt = performance.now();
      const life = begin(number, 'live', whole);
      const url = await urlWhenReady(life);
      if (whole) starts.push(performance.now() - startedAt);
      if (whole) shops.serves(url);
      await killLater(number, life, whole ? () => shops.nextAnswer() : () => life.firstMade);
      shops.serves(undefined);
      await life.exited;
      if (life.child.signalCode === 'SIGKILL') killed += 1;
      if (life.child.signalCode === 'SIGKILL' && whole) wholeKills += 1;
    }
    receivers.recover();
    await finish(begin(kills, 'end', true), shops);
    for (const { id, address } of shops.orders) made.set(id, address);
    const { orders, cancelled } = shops;
    const found = await findViolations(databaseUrl, { made, orders, cancelled, arrivals: receivers.arrivals });
    return {
      ...found,
      violations: [...shops.wrong, ...found.violations],
      kills: killed,
      wholeKills,
      acknowledged: made.size,
      acknowledgedOverHttp: orders.length,
      sentAgain: shops.sentAgain,
      arrivals: receivers.arrivals.length,
      startMs: starts.sort((a, b) => a - b)[Math.floor(starts.length / 2)] ?? Number.NaN,
    };
  } finally {
    shops.abandon();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Kills a life at a random moment. */
async function killLater(number: number, { child, exited }: Life, nextOrder: () => Promise<void>): Promise<void> {
  // Lets most lives create an order, even on a slow machine.
  if (Math.random() < 0.7) await Promise.race([nextOrder(), sleep(MAX_WAIT_MS)]);
  await sleep(Math.random() * MAX_LIFE_MS);
  if (child.exitCode !== null) throw new Error(`life ${number} ended by itself with ${child.exitCode}: ${await exited}`);
  child.kill('SIGKILL');
}

/** Lets the last life finish all work. */
async function finish(life: Life, shops: Shops): Promise<void> {
  shops.serves(await urlWhenReady(life));
  if (life.child.exitCode === null) await shops.close();
  life.child.stdin?.end();
  const output = await life.exited;
  if (life.child.exitCode !== 0) throw new Error(`the last life failed: ${output}`);
}

/** Undefined if it has no server, or ended before it was ready. */
function urlWhenReady({ ready, exited }: Life): Promise<string | undefined> {
  return Promise.race([ready, exited.then(() => undefined)]);
}

interface Life {
  readonly child: ChildProcess;
  /** Resolves when it is ready, with its URL if it has one. */
  readonly ready: Promise<string | undefined>;
  /** Resolves when it has created its first order. */
  readonly firstMade: Promise<void>;
  /** Resolves when it has ended, with its standard error. */
  readonly exited: Promise<string>;
}

function startLife(words: readonly string[], made: Map<string, string>): Life {
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let begun: (url: string | undefined) => void = () => {};
  const ready = new Promise<string | undefined>((resolve) => (begun = resolve));
  let hasMade: () => void = () => {};
  const firstMade = new Promise<void>((resolve) => (hasMade = resolve));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, id, address] = /^made (\S+) (\S+)$/.exec(line) ?? [];
    if (id !== undefined && address !== undefined) {
      made.set(id, address);
      hasMade();
    }
    const [isReady, url] = /^ready ?(\S*)$/.exec(line) ?? [];
    if (isReady !== undefined) begun(url);
  });
  return { child, ready, firstMade, exited: once(child, 'close').then(() => output) };
}
