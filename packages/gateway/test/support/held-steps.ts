/**
 * Watches the steps that hold the JavaScript thread while a test runs, so that it can check the rule: none for more than 50 ms.
 *
 * Other work on the machine makes every step take longer, so a step counts with the CPU time of this thread.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { MAX_HOLD_MS, Watchdog, type Hold } from '../../src/ops/watchdog.ts';
import { collectGarbage } from './collect-garbage.ts';
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
  collectGarbage();
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

/** Fails if a step holds the thread for longer than the rule allows while the work runs. */
export async function assertNoLongStep(work: () => Promise<unknown>, maxMs: number = MAX_HOLD_MS): Promise<void> {
  const held = await heldSteps(work);
  expect(
    held.filter(({ cpuMs }) => cpuMs > maxMs),
    `steps that held the thread for more than ${maxMs} ms`,
  ).toEqual([]);
}
