import { expect, test } from 'vitest';
import type { BlockHash, BlockRef } from '../../kernel/chain.ts';
import { examineChain, type ExaminedChain } from './examine-chain.ts';

const branch = (letter: string, from: number, to: number): BlockRef[] =>
  Array.from({ length: to - from + 1 }, (_, nth) => {
    const height = from + nth;
    return { height, hash: `${letter}${height}` as BlockHash };
  });

/** The finding on the position if the gateway has stored `stored` and the node has `theirs`, both from the lowest block up. */
async function positionOf(stored: BlockRef[], theirs: BlockRef[]): Promise<unknown> {
  const examined = {
    source: {
      name: 'node',
      network: 'regtest',
      check: async () => [],
      tip: async () => theirs.at(-1),
      blockAt: async (height: number) => theirs.find((block) => block.height === height),
      block: async () => undefined,
    },
    store: { chain: { tip: async () => stored.at(-1), recent: async () => stored.toReversed(), restarts: async () => [] } },
    signal: new AbortController().signal,
  } as unknown as ExaminedChain;
  return (await examineChain(examined)).find(({ what }) => what === 'position');
}

const COMMON = branch('c', 5, 10);

test('a node whose chain forks below all stored blocks is a problem, with the command that helps', async () => {
  expect(await positionOf(branch('a', 5, 10), branch('b', 0, 20))).toMatchObject({
    level: 'problem',
    says: expect.stringMatching(/below block 5, .*webpos chain restart-at/) as string,
  });
});

test('a node that is behind on the stored branch is waited for, and nothing is rolled back', async () => {
  expect(await positionOf([...COMMON, ...branch('a', 11, 12)], COMMON)).toMatchObject({
    level: 'warning',
    says: expect.stringMatching(/behind: its tip is block 10, and the gateway has read block 12/) as string,
  });
});

test('a node on another branch makes serve roll back to the fork', async () => {
  expect(await positionOf([...COMMON, ...branch('a', 11, 12)], [...COMMON, ...branch('b', 11, 13)])).toMatchObject({
    level: 'warning',
    says: 'block 12, the last one read, is no longer on the best chain: serve rolls back 2 blocks and continues from block 10',
  });
});
