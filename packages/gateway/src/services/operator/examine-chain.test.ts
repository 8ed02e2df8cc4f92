import { expect, test } from 'vitest';
import type { BlockHash, BlockRef } from '../../kernel/chain.ts';
import { examineChain, type ExaminedChain } from './examine-chain.ts';

const branch = (letter: string, from: number, to: number): BlockRef[] =>
  Array.from({ length: to - from + 1 }, (_, nth) => {
    const height = from + nth;
    return { height, hash: `${letter}${height}` as BlockHash };
  });

/** What is said of the position where `ours` was read and the node has `theirs`, both from the lowest block up. */
async function positionOf(ours: BlockRef[], theirs: BlockRef[]): Promise<unknown> {
  const examined = {
    source: {
      name: 'node',
      network: 'regtest',
      check: async () => [],
      tip: async () => theirs.at(-1),
      blockAt: async (height: number) => theirs.find((block) => block.height === height),
      block: async () => undefined,
    },
    store: { chain: { tip: async () => ours.at(-1), recent: async () => ours.toReversed(), restarts: async () => [] } },
    signal: new AbortController().signal,
  } as unknown as ExaminedChain;
  return (await examineChain(examined)).find(({ what }) => what === 'position');
}

const COMMON = branch('c', 5, 10);

test('a node whose chain forks from ours below all that is remembered is a problem that names the way out', async () => {
  expect(await positionOf(branch('a', 5, 10), branch('b', 0, 20))).toMatchObject({
    level: 'problem',
    says: expect.stringMatching(/below block 5, .*webpos chain restart-at/) as string,
  });
});

test('a node that is behind on our own branch is waited for, and nothing is undone', async () => {
  expect(await positionOf([...COMMON, ...branch('a', 11, 12)], COMMON)).toMatchObject({
    level: 'warning',
    says: expect.stringMatching(/behind: it ends at block 10, and block 12 was read/) as string,
  });
});

test('a node on another branch has what was read since undone', async () => {
  expect(await positionOf([...COMMON, ...branch('a', 11, 12)], [...COMMON, ...branch('b', 11, 13)])).toMatchObject({
    level: 'warning',
    says: 'block 12 that was read last is no longer on the best chain: serve undoes 2 blocks and goes on from block 10',
  });
});
