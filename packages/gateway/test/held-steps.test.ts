import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { enterStep, stepOf } from '../src/kernel/thread/steps.ts';
import { assertNoLongStep, heldSteps } from './support/held-steps.ts';

const STEP = stepOf('a long step');

/** Uses the thread for a span of its CPU time, whatever else the machine does. */
function work(cpuMs: number): void {
  const end = process.cpuUsage().user + process.cpuUsage().system + cpuMs * 1000;
  while (process.cpuUsage().user + process.cpuUsage().system < end);
}

test('a step that holds the thread is reported by its CPU time', async () => {
  const [longest] = await heldSteps(async () => {
    enterStep(STEP);
    work(150);
  });
  expect(longest).toMatchObject({ step: 'a long step' });
  expect(longest!.cpuMs).toBeGreaterThan(100);
  await expect(assertNoLongStep(async () => work(150))).rejects.toThrow('steps that held the thread for more than 50 ms');
});

test('work with turns of the event loop in between passes', async () => {
  await assertNoLongStep(async () => {
    enterStep(STEP);
    for (let page = 0; page < 20; page += 1) {
      work(10);
      await nextTurn();
    }
  });
});
