import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { currentStep, enterStep, stepOf, takeSteps } from './steps.ts';

const [ONE, TWO] = [stepOf('one'), stepOf('two')];

let nowMs = 0;

function work(durationMs: number): void {
  nowMs += durationMs;
}

beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  takeSteps();
});
afterEach(() => vi.restoreAllMocks());

test('the time until the next step counts for the step before', () => {
  enterStep(ONE);
  work(2);
  enterStep(TWO);
  work(8);
  enterStep(ONE);
  work(2);
  expect(takeSteps()).toEqual([
    { step: TWO, durationMs: 8 },
    { step: ONE, durationMs: 4 },
  ]);
});

test('what was taken is not counted again, nor is time without a step', () => {
  enterStep(ONE);
  work(1);
  takeSteps();
  work(1);
  expect(currentStep()).toBeUndefined();
  expect(takeSteps()).toEqual([]);
});

test('a name has one step', () => {
  expect(stepOf('one')).toBe(ONE);
});
