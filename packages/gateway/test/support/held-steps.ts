/**
 * Watches the steps that hold the JavaScript thread while a test runs, so that it can check the rule: none for more than 50 ms.
 *
 * Other work on the machine makes every step take longer, so a step counts with the CPU time of this thread.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import { expect } from 'vitest';
import { MAX_HOLD_MS, Watchdog, type Hold } from '../../src/ops/watchdog.ts';
import { threadCpuMs } from './thread-cpu.ts';

/** Runs work, and returns the steps that held the thread meanwhile, the longest first, by CPU time. */
export async function heldSteps(work: () => Promise<unknown>): Promise<readonly { step: string; cpuMs: number }[]> {
  const holds: Hold[] = [];
  const watchdog = new Watchdog({
    log: { warn: () => {} },
    nowMs: () => performance.now(),
    cpuMs: threadCpuMs,
    held: (hold) => void holds.push(hold),
  });
  watchdog.start();
  try {
    await work();
    // The last hold shows when the timer fires.
    await sleep(30);
  } finally {
    watchdog.stop();
  }
  return holds
    .map(({ step, cpuMs, durationMs }) => ({ step: step.name, cpuMs: Math.min(cpuMs, durationMs) }))
    .sort((a, b) => b.cpuMs - a.cpuMs);
}

/**
 * Fails if a step holds the thread for longer than the rule allows while the work runs. The rule is for a machine on which a known piece
 * of work takes {@link REFERENCE_MS}: a slower one may take longer in proportion.
 */
export async function assertNoLongStep(work: () => Promise<unknown>, maxMs: number = MAX_HOLD_MS): Promise<void> {
  const tooLong = (await heldSteps(work)).filter(({ cpuMs }) => cpuMs > maxMs);
  if (tooLong.length === 0) return;
  const allowedMs = Math.round(maxMs * slowness());
  expect(
    tooLong.filter(({ cpuMs }) => cpuMs > allowedMs),
    `steps that held the thread for more than ${allowedMs} ms`,
  ).toEqual([]);
}

/** The processor time that {@link slowness} measures on a machine that keeps the rule with ease. */
const REFERENCE_MS = 70;
/** More would hide a step that is far too long. */
const MAX_SLOWNESS = 5;

/** How many times longer this machine takes now. */
function slowness(): number {
  const text = Array.from({ length: 40_000 }, (_, n) => ((n * 2_654_435_761) % 2 ** 32).toString(36)).join('');
  const begunMs = threadCpuMs();
  for (let n = 0; n < 10; n += 1) deflateRawSync(text, { level: 6 });
  return Math.min(MAX_SLOWNESS, Math.max(1, (threadCpuMs() - begunMs) / REFERENCE_MS));
}
