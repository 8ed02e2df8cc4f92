import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockHash, BlockRef } from '../../kernel/chain.ts';
import { findFork, type BlockAt } from './path.ts';

/** `'0a 1b'` is block `a` at height 0 and block `b` on top of it at height 1; newest last. */
function chain(drawing: string): BlockRef[] {
  return drawing
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => ({ height: Number.parseInt(word, 10), hash: word.replace(/^\d+/, '') as BlockHash }));
}
const newestFirst = (blocks: readonly BlockRef[]): BlockRef[] => [...blocks].reverse();
const sourceOf =
  (blocks: readonly BlockRef[]): BlockAt =>
  async (height) =>
    blocks.find((block) => block.height === height);

describe('the path from our chain to the source’s', () => {
  it.each([
    // ours              the source's      base   to roll back, newest first
    ['0a 1b 2c', '0a 1b 2c', '2c', '', 'the same chain'],
    ['0a 1b 2c', '0a 1b 2c 3d 4e', '2c', '', 'new blocks on ours'],
    ['0a 1b 2c', '0a 1b 2x', '1b', '2c', 'another tip'],
    ['0a 1b 2c', '0a 1x 2y 3z', '0a', '2c 1b', 'a longer branch'],
    ['0a 1b 2c', '0a 1b', '1b', '2c', 'a source that is behind, as after invalidateblock'],
    ['0a 1b 2c', '0a', '0a', '2c 1b', 'a source that is far behind'],
    ['5f 6g 7h', '0a 1b 2c 3d 4e 5f 6g 7x', '6g', '7h', 'we remember the newest blocks only'],
  ])('from %s to %s goes over %s', async (ours, theirs, base, undo) => {
    const known = newestFirst(chain(ours));
    expect(await findFork(known, sourceOf(chain(theirs)))).toEqual({ kind: 'found', base: chain(base)[0], undo: chain(undo) });
  });

  it.each([
    ['5f 6g', '0a 1b 2c 3d 4e 5x 6y 7z', '5f', 'the fork lies below all that we remember'],
    ['5f', '0a 1b', '5f', 'the source is shorter than all that we remember'],
    ['5f 6g', '', '5f', 'the source has no block at all'],
  ])('from %s to %s is too long', async (ours, theirs, oldest) => {
    const known = newestFirst(chain(ours));
    expect(await findFork(known, sourceOf(chain(theirs)))).toEqual({ kind: 'too_deep', oldestKnown: chain(oldest)[0] });
  });

  it('cannot start from nowhere', async () => {
    await expect(findFork([], sourceOf(chain('0a')))).rejects.toThrow(RangeError);
  });

  it('rolls back exactly our blocks above the last common one, whatever the chains', async () => {
    const shape = fc.record({
      common: fc.integer({ min: 1, max: 20 }),
      ours: fc.nat({ max: 10 }),
      theirs: fc.nat({ max: 10 }),
      start: fc.nat({ max: 1_000_000 }),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ common, ours, theirs, start }) => {
        const block = (branch: string) => (_: unknown, index: number) => ({
          height: start + index,
          hash: `${index < common ? 'common' : branch}-${index}` as BlockHash,
        });
        const our = Array.from({ length: common + ours }, block('ours'));
        const their = Array.from({ length: common + theirs }, block('theirs'));
        expect(await findFork(newestFirst(our), sourceOf(their))).toEqual({
          kind: 'found',
          base: our[common - 1],
          undo: newestFirst(our.slice(common)),
        });
      }),
    );
  });
});
