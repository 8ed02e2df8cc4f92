/** What a watcher does while its source, its chain or its store is in trouble. */
import { describe, expect, test } from 'vitest';
import { matched, NOON, pay, Recorder, type Setting, setting, started } from '../../test/support/watched-chain.ts';
import { epochMs } from '../kernel/clock.ts';
import type { SandboxChain } from './sandbox/sandbox-chain.ts';
import type { ChainSource } from './source.ts';
import { mineChain, mineOn } from '../../test/support/mined-chain.ts';
import { WORK_RULES } from './view/work-rules.ts';

describe('trouble', () => {
  async function troubled({ watcher }: Setting): Promise<string> {
    while (watcher.status.trouble === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
    return watcher.status.trouble;
  }

  test('is reported until a round succeeds, and the source is checked again afterwards', async () => {
    let away = false;
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      tip: async () => {
        if (away) throw new Error('nobody answers');
        return chain.tip();
      },
    });
    const all = await started({ source });
    const checks = (): number => all.asked.filter((call) => call === 'check').length;
    await all.round();
    expect(checks()).toBe(1);
    away = true;
    const looking = all.round();
    expect(await troubled(all)).toBe('nobody answers');
    expect(all.watcher.status.syncedAt).toBeDefined();
    away = false;
    await looking;
    expect(all.watcher.status.trouble).toBeUndefined();
    expect(checks()).toBeGreaterThan(1);
  });

  test('of a source on another chain is never ignored', async () => {
    let wrong = true;
    const source = (): Partial<ChainSource> => ({
      check: async () => {
        if (wrong) throw new Error('this is another chain');
        return [];
      },
    });
    const all = await setting({ source });
    all.watcher.start();
    expect(await troubled(all)).toBe('this is another chain');
    expect(all.follower.changes).toEqual([]);
    expect(all.asked).not.toContain('tip');
    wrong = false;
    await all.round();
  });

  test('of a chain that forks below all stored blocks changes nothing', async () => {
    const follower = new Recorder();
    follower.blocks = [{ height: 1, hash: 'ab'.repeat(32) as never }];
    const all = await setting({ follower, blocks: 3 });
    all.watcher.start();
    expect(await troubled(all)).toContain('below block 1');
    expect(follower.changes).toEqual([]);
  });

  test('of a source behind us on our own branch changes nothing until it has caught up', async () => {
    let behind = false;
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      tip: async () => (behind ? (await chain.blockAt(2))! : chain.tip()),
      blockAt: async (height) => (behind && height > 2 ? undefined : chain.blockAt(height)),
    });
    const all = await started({ source, blocks: 5 });
    const { follower, chain, watcher, round } = all;
    const stored = follower.changes.length;
    behind = true;
    watcher.wake();
    expect(await troubled(all)).toBe(
      'the source is behind: its tip is block 2, and we have seen block 5; nothing is rolled back until another branch is the longest',
    );
    expect(follower.changes).toHaveLength(stored);
    behind = false;
    await chain.mine();
    await round();
    expect(follower.blocks.at(-1)?.height).toBe(6);
    expect(follower.changes.flatMap(({ undo }) => undo)).toEqual([]);
  });

  test.each<[string, (chain: SandboxChain) => Partial<ChainSource>, RegExp]>([
    [
      'that its own chain does not have',
      (chain) => ({ tip: async () => ({ height: (await chain.tip()).height + 1, hash: 'cd'.repeat(32) as never }) }),
      /tip is block 1 \(cdcd.*, and its chain does not lead there/,
    ],
    [
      'that moves whenever its mempool is read',
      (chain) => {
        let asked = 0;
        return { tip: async () => ({ ...(await chain.tip()), ...(++asked % 2 === 0 && { hash: 'cd'.repeat(32) as never }) }) };
      },
      /tip moves whenever/,
    ],
  ])('of a tip %s ends the round with an error, without a busy loop', async (_, source, words) => {
    const all = await setting({ source, retryMs: 3_600_000 });
    all.follower.blocks = [(await all.chain.blockAt(0))!];
    all.watcher.start();
    expect(await troubled(all)).toMatch(words);
    expect(all.follower.changes).toEqual([]);
    expect(all.asked.length).toBeLessThan(60);
  });

  test('of a tip that keeps moving ends the round with an error, and what was read stays', async () => {
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      tip: async () => {
        for (let block = 0; block < 17; block += 1) await chain.mine();
        return chain.tip();
      },
    });
    const all = await setting({ source, blocks: 3, retryMs: 3_600_000 });
    all.watcher.start();
    expect(await troubled(all)).toContain('tip moves faster than it is read');
    expect(all.asked.length).toBeLessThan(2000);
    expect(all.follower.blocks.length).toBeGreaterThan(5);
  });

  test('of a tip outside its own chain ends the round after some pauses, and nothing is stored', async () => {
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      tip: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return { height: (await chain.tip()).height + 1, hash: 'ab'.repeat(32) as never };
      },
    });
    const all = await setting({ source, blocks: 3, retryMs: 3_600_000 });
    all.follower.blocks = [await all.chain.tip()];
    all.watcher.start();
    expect(await troubled(all)).toMatch(/no progress after 5 passes: .*its chain does not lead there/);
    expect(all.asked.filter((call) => call === 'tip').length).toBeLessThan(20);
    expect(all.follower.changes).toEqual([]);
  });

  test('of a blind source does not prevent blocks and payments from being stored, but no time counts as read', async () => {
    let blind = false;
    const source = (): Partial<ChainSource> => ({
      check: async () => (blind ? [{ kind: 'blocks_only', blind, says: 'it takes no transactions' }] : []),
    });
    const all = await started({ source });
    const { follower, watcher, chain, round } = all;
    expect(follower.changes.at(-1)).toMatchObject({ readAt: NOON, knownUntil: NOON });
    blind = true;
    all.now = NOON + 60_000;
    const txid = await pay(chain);
    await chain.mine();
    await round();
    expect(follower.changes.at(-1)).toMatchObject({ readAt: NOON + 60_000, knownUntil: NOON });
    expect(follower.changes.at(-1)?.apply[0]?.matches).toMatchObject([{ outPoint: { txid } }]);
    expect(watcher.status).toMatchObject({ syncedAt: NOON, trouble: 'it takes no transactions', tip: await chain.tip() });
    blind = false;
    all.now += 60_000;
    await round();
    expect(follower.changes.at(-1)).toMatchObject({ knownUntil: NOON + 120_000 });
    expect(watcher.status).toMatchObject({ syncedAt: NOON + 120_000, trouble: undefined, concerns: [] });
  });

  test('of a source that was blind from the start leaves the time of the chain undefined', async () => {
    const source = (): Partial<ChainSource> => ({
      check: async () => [{ kind: 'no_peers', blind: true, says: 'alone' }],
    });
    const { follower, watcher, round } = await started({ source });
    follower.deadline = epochMs(NOON - 1);
    const stored = follower.changes.length;
    await round();
    expect(follower.changes).toHaveLength(stored + 1);
    expect(follower.changes.every(({ knownUntil }) => knownUntil === undefined)).toBe(true);
    expect(watcher.status).toMatchObject({ syncedAt: undefined, trouble: 'alone' });
    // A deadline that cannot be judged yet does not cause a busy loop.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(follower.changes).toHaveLength(stored + 1);
  });

  test('of a forged header prevents every block of its branch from being read', async () => {
    const blocks = mineChain(40, WORK_RULES.regtest);
    blocks.push(mineOn(blocks, WORK_RULES.regtest, { works: false }));
    const source = (): Partial<ChainSource> => ({
      tip: async () => blocks.at(-1)!,
      blockAt: async (height) => blocks[height],
      block: async (hash) => blocks.find((block) => block.hash === hash)!.raw,
      headers: async (from, count) => blocks.slice(from, from + count).map(({ header }) => header),
    });
    const follower = new Recorder();
    follower.blocks = blocks.slice(0, 3).map(({ height, hash }) => ({ height, hash }));
    const all = await setting({ source, follower });
    all.watcher.start();
    expect(await troubled(all)).toMatch(/header of block 40 is forged: expected a proof of work/);
    expect(follower.changes).toEqual([]);
    blocks.pop();
    await all.round();
    expect(follower.blocks.at(-1)?.height).toBe(39);
  });

  test('of bytes that are another block changes nothing', async () => {
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      block: async () => chain.block((await chain.blockAt(0))!.hash),
    });
    const follower = new Recorder();
    const all = await setting({ follower, source, blocks: 1 });
    follower.blocks = [(await all.chain.blockAt(0))!];
    all.watcher.start();
    expect(await troubled(all)).toMatch(/expected block/);
    expect(follower.changes).toEqual([]);
  });

  test.each(['before', 'after'] as const)(
    'of a follower that fails %s storing a step is over in the next round',
    async (when) => {
      const { follower, chain, round, warnings } = await started();
      await pay(chain);
      await chain.mine();
      follower.fails = when;
      await round();
      expect(follower.blocks.at(-1)).toEqual(await chain.tip());
      const stored = follower.changes.flatMap(({ apply }) => apply.flatMap(({ matches }) => matches));
      expect(stored).toHaveLength(1);
      expect(warnings).toEqual(['watcher: failed']);
    },
  );

  test('of a follower that failed after storing a payment as missing does not hide its return', async () => {
    const all = await started({ retryMs: 3_600_000 });
    const { follower, chain, round } = all;
    const txid = await pay(chain);
    const raw = (await chain.mempoolTransactions([txid])).get(txid)!;
    await round();
    await chain.evict([txid]);
    follower.fails = 'after';
    all.watcher.wake();
    await troubled(all);
    expect(follower.changes.at(-1)?.mempool?.placeOf(txid)).toBe('gone');
    await chain.broadcast(raw);
    await round();
    expect(matched(follower.changes.at(-1))).toEqual([txid]);
  });
});
