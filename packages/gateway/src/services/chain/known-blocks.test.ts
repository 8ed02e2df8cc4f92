import { expect, test } from 'vitest';
import { ON_POSTGRES, onEveryDatabase, onEveryPlace, openDatabase, IN_FILE } from '../../../test/support/every-database.ts';
import { blockOf } from '../../../test/support/samples.ts';
import { World } from '../../../test/support/world.ts';
import type { BlockRef } from '../../kernel/chain.ts';
import type { ChainStore } from '../../store/ports/chain-store.ts';
import type { Store } from '../../store/ports/store.ts';
import { KnownBlocks } from './known-blocks.ts';

const blocks = (from: number, to: number, branch = ''): BlockRef[] =>
  Array.from({ length: to - from + 1 }, (_, n) => blockOf(from + n, branch));

/** The chain of a store, with some methods replaced. */
function replaced(chain: ChainStore, changes: Partial<ChainStore>): ChainStore {
  return {
    recent: (limit) => chain.recent(limit),
    tip: () => chain.tip(),
    ends: () => chain.ends(),
    append: (added) => chain.append(added),
    rollBackFrom: (height) => chain.rollBackFrom(height),
    prune: (below) => chain.prune(below),
    recordRestart: (restart) => chain.recordRestart(restart),
    restarts: () => chain.restarts(),
    ...changes,
  };
}

/** Counts how often all blocks are read. */
function counted(chain: ChainStore): { readonly chain: ChainStore; reads: number } {
  const count = {
    reads: 0,
    chain: replaced(chain, {
      recent: (limit) => {
        count.reads += 1;
        return chain.recent(limit);
      },
    }),
  };
  return count;
}

await onEveryDatabase('known-blocks.test.ts', (database) => {
  test('are read once, and follow the stored changes without being read again', async () => {
    const { store } = database;
    const count = counted(store.chain);
    const known = new KnownBlocks(4);
    expect(await known.read(count.chain)).toEqual([]);
    const change = async (undo: BlockRef[], apply: BlockRef[]): Promise<void> => {
      const [lowest] = undo.toReversed();
      if (lowest !== undefined) await store.chain.rollBackFrom(lowest.height);
      await store.chain.append(apply);
      await store.chain.prune((apply.at(-1)?.height ?? 0) - 3);
      known.changed(undo, apply);
      expect(await known.read(count.chain)).toEqual(await store.chain.recent(4));
    };
    await change([], blocks(1, 3));
    await change([], blocks(4, 6));
    await change([], []);
    await change(blocks(5, 6).toReversed(), blocks(5, 7, 'other'));
    await change(blocks(7, 7, 'other'), []);
    expect(count.reads).toBe(0);
  });

  test.each<[string, (store: Store) => Promise<unknown>]>([
    ['appends a block', ({ chain }) => chain.append([blockOf(6)])],
    ['rolls a block back', ({ chain }) => chain.rollBackFrom(5)],
    ['replaces the tip', (store) => replace(store, 5, blocks(5, 5, 'other'))],
    ['restarts at the same tip, with fewer blocks', (store) => replace(store, 0, blocks(4, 5))],
    ['restarts elsewhere', (store) => replace(store, 0, [blockOf(900)])],
    ['empties the chain', ({ chain }) => chain.rollBackFrom(0)],
  ])('are read again when another process %s', async (_, change) => {
    const { store } = database;
    const count = counted(store.chain);
    const known = new KnownBlocks(10);
    await store.chain.append(blocks(1, 5));
    expect(await known.read(count.chain)).toHaveLength(5);
    await change(store);
    expect(await known.read(count.chain)).toEqual(await store.chain.recent(10));
    expect(count.reads).toBe(2);
  });
});

async function replace({ chain }: Store, from: number, by: BlockRef[]): Promise<void> {
  await chain.rollBackFrom(from);
  await chain.append(by);
}

await onEveryPlace(
  'known-blocks.test.ts',
  (place) => {
    test('rounds without a new block do not read all blocks, and a move by another process is noticed', async () => {
      const here = await openDatabase(place().connect());
      const there = await openDatabase(place().connect());
      const count = counted(here.store.chain);
      const watched: Store = { ...here.store, chain: count.chain };
      {
        await using world = await World.open({ sql: here.store, store: watched });
        await world.mine(3);
        await world.round();
        const before = count.reads;
        for (let n = 0; n < 5; n += 1) await world.round();
        await world.mine();
        await world.round();
        expect(count.reads).toBe(before);
        const [tip] = (await there.store.chain.recent(1)) as [BlockRef];
        await there.store.chain.rollBackFrom(tip.height);
        await world.round();
        expect((await there.store.chain.tip())?.hash).toBe(tip.hash);
      }
      await here.store.close();
      await there.store.close();
    });

    test('a step is refused if another process has moved the chain since it was read, and the next round continues there', async () => {
      const here = await openDatabase(place().connect());
      const there = await openDatabase(place().connect());
      let move: (() => Promise<void>) | undefined;
      const chain = replaced(here.store.chain, {
        ends: async () => {
          const ends = await here.store.chain.ends();
          await move?.();
          return ends;
        },
      });
      {
        await using world = await World.open({ sql: here.store, store: { ...here.store, chain }, retryMs: 1 });
        await world.mine(2);
        await world.round();
        // Another process moves the chain while the new block is being read.
        move = async () => {
          const [tip, stored] = [await world.source.tip(), await there.store.chain.tip()];
          if (stored === undefined || tip.height === stored.height) return;
          move = undefined;
          await there.store.chain.rollBackFrom(stored.height);
        };
        await world.mine();
        await world.round();
        expect(world.warnings).toEqual(['watcher: failed']);
        const tip = await world.source.tip();
        const stored = await there.store.chain.recent(10);
        expect(stored[0]?.hash).toBe(tip.hash);
        expect(stored.map(({ height }) => height)).toEqual(stored.map((_, n) => tip.height - n));
      }
      await here.store.close();
      await there.store.close();
    });
  },
  [IN_FILE, ON_POSTGRES],
);
