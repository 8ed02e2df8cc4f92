import { expect, it } from 'vitest';
import { GONE, IN_MEMPOOL, inBlock } from '../../test/support/an-order.ts';
import { confirmationsOf } from './rules.ts';

it.each([
  ['in the mempool', IN_MEMPOOL, 100, 0],
  ['in the best block', inBlock(100), 100, 1],
  ['in the block below', inBlock(99), 100, 2],
  ['in the first block', inBlock(0), 100, 101],
  // A block can be above the tip while the tip is read again.
  ['above the tip', inBlock(102), 100, 0],
  ['reverted', GONE, 100, undefined],
])('the confirmations of a payment are right %s', (_, place, tipHeight, confirmations) => {
  expect(confirmationsOf(place, tipHeight)).toBe(confirmations);
});
