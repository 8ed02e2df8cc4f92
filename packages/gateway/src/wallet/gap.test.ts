import { expect, it } from 'vitest';
import { unusedInARow } from './gap.ts';

it.each([
  ['none was given out', 0, undefined, 0],
  ['none was paid', 7, undefined, 7],
  ['the last was paid', 7, 6, 0],
  ['the first alone was paid', 21, 0, 20],
])('where %s, next index %d and last paid %s leave %d unused', (_, nextIndex, lastPaid, unused) => {
  expect(unusedInARow(nextIndex, lastPaid)).toBe(unused);
});
