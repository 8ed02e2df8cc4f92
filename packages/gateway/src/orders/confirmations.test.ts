import { expect, it } from 'vitest';
import { GONE, IN_MEMPOOL, inBlock } from '../../test/support/an-order.ts';
import { confirmationsOf } from './rules.ts';

it.each([
  ['in the mempool', IN_MEMPOOL, 100, 0],
  ['in the best block', inBlock(100), 100, 1],
  ['in the block below', inBlock(99), 100, 2],
  ['in the first block', inBlock(0), 100, 101],
  // While the tip is read anew, a block can lie above it.
  ['above the tip', inBlock(102), 100, 0],
  ['gone', GONE, 100, undefined],
])('a payment %s has its confirmations', (_, place, tipHeight, depth) => {
  expect(confirmationsOf(place, tipHeight)).toBe(depth);
});
