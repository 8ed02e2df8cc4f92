import { expect, it } from 'vitest';
import { unusedInARow } from './gap.ts';

it.each([
  ['no address was handed out', 0, undefined, 0],
  ['none was paid', 7, undefined, 7],
  ['the last was paid', 7, 6, 0],
  ['only the first was paid', 21, 0, 20],
])('when %s, next index %d and last paid %s give %d unused in a row', (_, nextIndex, lastPaid, unused) => {
  expect(unusedInARow(nextIndex, lastPaid)).toBe(unused);
});
