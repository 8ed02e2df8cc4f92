import { epochMs, type Clock } from '../../src/kernel/clock.ts';

/** A clock that stands still until the test advances it. */
export interface TestClock extends Clock {
  advance(durationMs: number): void;
}

/** @param startMs Milliseconds since 1970. */
export function testClock(startMs: number): TestClock {
  let nowMs = startMs;
  return { now: () => epochMs(nowMs), advance: (durationMs) => void (nowMs += durationMs) };
}
