import { expect, it } from 'vitest';
import { Outage } from './outage.ts';

it('an outage is reported once, lets one caller ask every ten seconds, and ends with the first answer', () => {
  let nowMs = 0;
  const outage = new Outage(() => nowMs);
  expect(outage.mayAsk()).toBe(true);
  expect([outage.begin(), outage.begin()]).toEqual([true, false]);
  expect(outage.mayAsk()).toBe(false);
  nowMs = 10_000;
  // The first caller asks on behalf of all.
  expect([outage.mayAsk(), outage.mayAsk()]).toEqual([true, false]);
  expect(outage.begin()).toBe(false);
  nowMs = 20_000;
  expect(outage.mayAsk()).toBe(true);
  outage.end();
  expect([outage.mayAsk(), outage.mayAsk()]).toEqual([true, true]);
  expect(outage.begin()).toBe(true);
});
