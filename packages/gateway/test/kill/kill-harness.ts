/** Starts lives of a gateway on one database and kills each at a random moment; then lets a last one end, and judges. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findViolations, type Found } from './find-violations.ts';
import type { Fault } from './planted-faults.ts';
import { openReceivers } from './receivers.ts';

/** Long enough for some of everything, short enough to be killed in the middle of most of it. */
const LONGEST_LIFE_MS = 500;

export interface KillPlan {
  /** The bundled life. */
  readonly program: string;
  readonly kills: number;
  readonly seed: number;
  readonly fault?: Fault;
}

export interface Killed extends Found {
  readonly kills: number;
  readonly acknowledged: number;
  readonly arrivals: number;
}

export async function killAndCheck({ program, kills, seed, fault = 'none' }: KillPlan): Promise<Killed> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-kill-'));
  await using receivers = await openReceivers();
  const path = join(folder, 'webpos.db');
  const made = new Map<string, string>();
  const begin = (life: number, what: string, planted: Fault): Life =>
    startLife(program, [path, receivers.ports.join(), String(seed * 10_000 + life), what, planted], made);
  try {
    let killed = 0;
    for (let life = 0; life < kills; life += 1) {
      const { child, ready, exited } = begin(life, 'live', fault);
      await Promise.race([ready, exited]);
      await sleep(Math.random() * LONGEST_LIFE_MS);
      if (child.exitCode !== null) throw new Error(`life ${life} ended by itself with ${child.exitCode}: ${await exited}`);
      child.kill('SIGKILL');
      await exited;
      if (child.signalCode === 'SIGKILL') killed += 1;
    }
    receivers.recover();
    const last = begin(kills, 'end', 'none');
    const said = await last.exited;
    if (last.child.exitCode !== 0) throw new Error(`the last life did not come to its end: ${said}`);
    const found = await findViolations(path, { made, arrivals: receivers.arrivals });
    return { ...found, kills: killed, acknowledged: made.size, arrivals: receivers.arrivals.length };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Life {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  /** What it said on standard error. */
  readonly exited: Promise<string>;
}

function startLife(program: string, words: readonly string[], made: Map<string, string>): Life {
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  let begun: () => void = () => {};
  const ready = new Promise<void>((resolve) => (begun = resolve));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, id, address] = /^made (\S+) (\S+)$/.exec(line) ?? [];
    if (id !== undefined && address !== undefined) made.set(id, address);
    if (line === 'ready') begun();
  });
  return { child, ready, exited: once(child, 'close').then(() => said) };
}
