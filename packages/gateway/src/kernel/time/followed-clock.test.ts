import { expect, it, onTestFinished, vi } from 'vitest';
import { epochMs } from '../clock.ts';
import { FollowedClock } from './followed-clock.ts';

const OTHER = 1_795_455_600_000;

/** A machine, and another clock that takes `there` and `back` to answer. */
async function follow(other = { aheadMs: OTHER, there: 0, back: 0 }) {
  const machine = { nowMs: 1_000, readings: 0, fails: false };
  const clock = await FollowedClock.open({
    read: async () => {
      machine.readings += 1;
      if (machine.fails) throw new Error('gone');
      machine.nowMs += other.there;
      const time = epochMs(machine.nowMs + other.aheadMs);
      machine.nowMs += other.back;
      return time;
    },
    nowMs: () => machine.nowMs,
    intervalMs: 1,
  });
  onTestFinished(() => clock.close());
  const readAgain = async (): Promise<void> => {
    const before = machine.readings;
    await vi.waitFor(() => expect(machine.readings).toBeGreaterThan(before + 1));
  };
  return { machine, other, clock, readAgain };
}

it('has the time of the other clock, and goes on by itself', async () => {
  const { machine, clock } = await follow();
  expect(clock.now()).toBe(OTHER + 1_000);
  machine.nowMs += 2_500;
  expect(clock.now()).toBe(OTHER + 3_500);
});

it('goes on while the other clock does not answer', async () => {
  const { machine, clock, readAgain } = await follow();
  machine.fails = true;
  await readAgain();
  machine.nowMs += 60_000;
  expect(clock.now()).toBe(OTHER + 61_000);
});

it('is not misled by a slow answer', async () => {
  const { machine, other, clock, readAgain } = await follow();
  Object.assign(other, { there: 0, back: 900 });
  await readAgain();
  Object.assign(other, { there: 900, back: 0 });
  await readAgain();
  const now = clock.now();
  expect(now - machine.nowMs).toBe(OTHER);
});

it('follows a clock that is set, forwards and backwards', async () => {
  const { machine, other, clock, readAgain } = await follow();
  for (const aheadMs of [OTHER + 300_000, OTHER - 300_000]) {
    other.aheadMs = aheadMs;
    await readAgain();
    expect(clock.now() - machine.nowMs).toBe(aheadMs);
  }
});
