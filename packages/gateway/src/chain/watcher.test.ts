import { describe, expect, test } from 'vitest';
import {
  heights,
  matched,
  OTHER_STRANGERS,
  OTHERS,
  OURS,
  pay,
  Recorder,
  setting,
  started,
  STRANGERS,
} from '../../test/support/watched-chain.ts';
import type { ScriptHex, Txid } from '../kernel/chain.ts';
import { epochMs } from '../kernel/clock.ts';
import type { ChainChange } from './chain-change.ts';
import type { SandboxChain } from './sandbox/sandbox-chain.ts';
import { BlockMissingError, type ChainSource } from './source.ts';

describe('the very first start', () => {
  test('begins some blocks below the tip, and reads the mempool only there', async () => {
    const { follower, chain, watcher } = await started({ blocks: 100 });
    expect(follower.blocks.map(({ height }) => height)).toEqual(Array.from({ length: 33 }, (_, n) => 68 + n));
    const steps = follower.changes.slice(0, 3);
    expect(steps.map(({ mempool }) => mempool === undefined)).toEqual([true, true, false]);
    expect(steps.map(heights).map((step) => step.length)).toEqual([1, 16, 16]);
    expect(watcher.status).toEqual({ syncedAt: Date.UTC(2026, 10, 23), tip: await chain.tip(), concerns: [] });
  });

  test('begins at the first block of a shorter chain', async () => {
    const { follower } = await started({ blocks: 3 });
    expect(follower.blocks.map(({ height }) => height)).toEqual([0, 1, 2, 3]);
  });

  test('on a tip that turns out to be stale does not stop the gateway forever', async () => {
    const { follower, chain, round, warnings } = await started({ blocks: 50 });
    await chain.reorganize({ depth: 5, others: 'mined' });
    await round();
    expect(follower.blocks.at(-1)).toEqual(await chain.tip());
    expect(follower.changes.at(-1)?.undo.map(({ height }) => height)).toEqual([50, 49, 48, 47, 46]);
    expect(warnings).toEqual([]);
  });
});

describe('a round', () => {
  test('applies new blocks in steps of 16, with the payments to us in them', async () => {
    const { follower, chain, round } = await started();
    const ours = await pay(chain);
    await pay(chain, STRANGERS);
    await chain.mine();
    for (let block = 0; block < 34; block += 1) await chain.mine();
    follower.changes.length = 0;
    await round();
    expect(follower.changes.map(heights).map((step) => step.length)).toEqual([16, 16, 3]);
    expect(follower.changes.flatMap(({ apply }) => apply.flatMap(({ matches }) => matches))).toMatchObject([
      { outPoint: { txid: ours, vout: 0 }, amount: 1000n, script: OURS },
    ]);
    expect(follower.changes.map(({ mempool }) => mempool === undefined)).toEqual([true, true, false]);
  });

  test('recovers blocks that the source has pruned, with the payments to us in them', async () => {
    const gotBack: number[] = [];
    let isPruned = false;
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      block: async (hash) => {
        if (isPruned) throw new BlockMissingError('pruned');
        return chain.block(hash);
      },
      pruned: {
        peers: async () => 1,
        fetch: async ({ height, hash }) => {
          gotBack.push(height);
          return chain.block(hash);
        },
      },
    });
    const { follower, chain, watcher, round } = await started({ source });
    const txid = await pay(chain);
    for (let block = 0; block < 20; block += 1) await chain.mine();
    isPruned = true;
    follower.changes.length = 0;
    await round();
    expect(gotBack.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(follower.blocks.at(-1)).toEqual(await chain.tip());
    expect(follower.changes.flatMap(({ apply }) => apply.flatMap(({ matches }) => matches))).toMatchObject([
      { outPoint: { txid } },
    ]);
    expect(watcher.status.trouble).toBeUndefined();
  });

  test('reports the mempool even when nothing else has changed, and each transaction in it once', async () => {
    const { follower, chain, round } = await started();
    const [ours, strange] = [await pay(chain), await pay(chain, STRANGERS)];
    await round();
    expect(matched(follower.changes.at(-1))).toEqual([ours]);
    await round();
    const last = follower.changes.at(-1);
    expect(matched(last)).toEqual([]);
    expect([ours, strange].map((txid) => last?.mempool?.placeOf(txid))).toEqual(['waiting', 'waiting']);
    expect(last).toMatchObject({ undo: [], apply: [] });
  });

  test('fetches a transaction of the mempool once, and again when it comes back', async () => {
    const { chain, round, asked } = await started();
    const txid = await pay(chain, STRANGERS);
    const raw = (await chain.mempoolTransactions([txid])).get(txid)!;
    const fetched = (): number => asked.filter((call) => call === `mempoolTransactions ${txid}`).length;
    await round();
    await round();
    expect(fetched()).toBe(1);
    await chain.evict([txid]);
    await round();
    await chain.broadcast(raw);
    await round();
    expect(fetched()).toBe(2);
  });

  test('prefetches some blocks at a time, and no more', async () => {
    let underWay = 0;
    let most = 0;
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      block: async (hash) => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setTimeout(resolve, 1));
        underWay -= 1;
        return chain.block(hash);
      },
    });
    const { follower } = await started({ source, blocks: 40 });
    expect(follower.blocks.at(-1)?.height).toBe(40);
    expect(most).toBe(4);
  });

  test('examines only transactions again that have left and come back', async () => {
    const changes = { added: [] as Txid[], removed: [] as Txid[] };
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      mempool: async () => Object.assign(await chain.mempool(), { changesSince: () => changes }),
    });
    const { chain, round, asked, follower } = await started({ source });
    const [known, quiet] = [await pay(chain), await pay(chain)];
    changes.added.push(known);
    await round();
    expect(matched(follower.changes.at(-1))).toEqual([known]);
    changes.removed.push(known);
    await round();
    expect(matched(follower.changes.at(-1))).toEqual([known]);
    expect(asked.filter((call) => call.startsWith('mempoolTransactions'))).toEqual([
      `mempoolTransactions ${known}`,
      `mempoolTransactions ${known}`,
    ]);
    expect(asked.join(' ')).not.toContain(quiet);
  });

  test('starts again when a block arrives while it reads the mempool, so its transactions are not missing', async () => {
    let between: () => Promise<unknown> = async () => {};
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      mempool: async () => {
        await between();
        between = async () => {};
        return chain.mempool();
      },
    });
    const { follower, chain, round } = await started({ source });
    const txid = await pay(chain);
    await round();
    between = () => chain.mine();
    follower.changes.length = 0;
    await round();
    expect(follower.changes).toHaveLength(1);
    expect(heights(follower.changes[0])).toEqual([1]);
    expect(follower.changes[0]?.apply[0]?.matches).toMatchObject([{ outPoint: { txid } }]);
  });

  test('that finds other blocks than at its start stores none of them, and the next one succeeds', async () => {
    let between: () => Promise<unknown> = async () => {};
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      blockAt: async (height) => {
        if (height < 5) return chain.blockAt(height);
        await between();
        between = async () => {};
        return chain.blockAt(height);
      },
    });
    const { follower, chain, round, warnings } = await started({ source, blocks: 3 });
    await chain.mine();
    await chain.mine();
    between = () => chain.reorganize({ depth: 2, others: 'mined' });
    await round();
    expect(follower.blocks.at(-1)).toEqual(await chain.tip());
    expect(warnings).toEqual(['watcher: failed']);
    expect(follower.misfits).toBe(0);
  });

  test('follows a shorter branch', async () => {
    let cut = false;
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      tip: async () => (cut ? (await chain.blockAt(4))! : chain.tip()),
      blockAt: async (height) => (cut && height > 4 ? undefined : chain.blockAt(height)),
    });
    const { follower, chain, round } = await started({ source, blocks: 5 });
    await chain.reorganize({ depth: 3, others: 'mined' });
    cut = true;
    await round();
    expect(follower.blocks.at(-1)).toEqual(await chain.blockAt(4));
    expect(follower.changes.at(-1)).toMatchObject({
      apply: [{ height: 3 }, { height: 4 }],
      undo: [{ height: 5 }, { height: 4 }, { height: 3 }],
    });
  });
});

describe('scripts that are added during a round', () => {
  test('are searched in the same blocks and the whole mempool before anything is stored', async () => {
    const { follower, chain, round, watcher, scripts } = await setting();
    watcher.start();
    await round();
    const [waiting, mined] = [await pay(chain, STRANGERS), await pay(chain, STRANGERS)];
    await round();
    await chain.mine();
    await pay(chain);
    await chain.mine();
    const late = await pay(chain, STRANGERS);
    follower.changes.length = 0;
    let widened = false;
    follower.widening = (matches) => {
      if (widened || matches.length === 0) return false;
      widened = true;
      scripts.add(STRANGERS);
      return true;
    };
    await round();
    expect(follower.changes).toHaveLength(1);
    const found = follower.changes[0]?.apply.flatMap(({ matches }) => matches).map(({ outPoint }) => outPoint.txid);
    expect(found).toEqual(expect.arrayContaining([waiting, mined]));
    expect(found).toHaveLength(3);
    expect(matched(follower.changes[0])).toEqual([late]);
  });

  test('are looked up in earlier transactions before a round, and only matching ones are examined again', async () => {
    const { follower, chain, round, watcher, asked } = await started();
    const txid = await pay(chain, STRANGERS);
    await pay(chain, OTHERS);
    await round();
    expect([...watcher.watch([OTHER_STRANGERS])]).toEqual([]);
    asked.length = 0;
    expect([...watcher.watch([STRANGERS])]).toEqual([STRANGERS]);
    await round();
    expect(matched(follower.changes.at(-1))).toEqual([txid]);
    expect(asked.filter((call) => call.startsWith('mempoolTransactions'))).toEqual([`mempoolTransactions ${txid}`]);
    await round();
    expect(matched(follower.changes.at(-1))).toEqual([]);
  });

  test('are looked up in earlier blocks, and only matching ones are read again', async () => {
    const { follower, chain, round, watcher, asked } = await started();
    const txid = await pay(chain, STRANGERS);
    await chain.mine();
    const paid = await chain.tip();
    for (let block = 0; block < 20; block += 1) await chain.mine();
    await round();
    expect([...watcher.watch([OTHER_STRANGERS])]).toEqual([]);
    asked.length = 0;
    expect([...watcher.watch([STRANGERS])]).toEqual([STRANGERS]);
    await round();
    const [change] = follower.changes.slice(-1);
    expect(change?.again.map(({ height, hash }) => ({ height, hash }))).toEqual([paid]);
    expect(change?.again[0]?.matches.map(({ outPoint }) => outPoint.txid)).toEqual([txid]);
    expect(asked.filter((call) => call === 'block')).toHaveLength(1);
    await round();
    expect(follower.changes.at(-1)?.again).toEqual([]);
  });

  test.each([
    ['the mempool is listed', 'mempool'],
    ['a transaction is being fetched', 'mempoolTransactions'],
    ['the tip is read again', 'tip'],
  ] as const)('are found even while %s', async (_, during) => {
    let meanwhile: (() => void) | undefined;
    const all = await started({
      source: (chain) => ({
        [during]: async (...parameters: readonly never[]) => {
          const answer: unknown = await Reflect.apply(chain[during] as () => Promise<unknown>, chain, parameters);
          meanwhile?.();
          return answer;
        },
      }),
    });
    const { follower, chain, round, watcher } = all;
    const old = await pay(chain, STRANGERS);
    await round();
    const fresh = await pay(chain, STRANGERS);
    await pay(chain);
    const [before, doubtful] = [follower.changes.length, new Set<ScriptHex>()];
    meanwhile = () => {
      for (const script of watcher.watch([STRANGERS])) doubtful.add(script);
      meanwhile = undefined;
    };
    await round();
    await round();
    const found = follower.changes.slice(before).flatMap(matched as (change: ChainChange) => Txid[]);
    expect([...doubtful]).toEqual([STRANGERS]);
    expect(found).toEqual(expect.arrayContaining([old, fresh]));
  });

  test('are found in a transaction that is mined before it is examined again', async () => {
    const { follower, chain, round, watcher } = await started();
    const txid = await pay(chain, STRANGERS);
    await round();
    await chain.mine();
    await round();
    expect([...watcher.watch([STRANGERS])]).toEqual([STRANGERS]);
    await round();
    const again = follower.changes.at(-1)?.again.flatMap(({ matches }) => matches);
    expect(again?.map(({ outPoint }) => outPoint.txid)).toEqual([txid]);
  });

  test('are found in a transaction that is mined while the mempool is read', async () => {
    let [willMine, willWatch] = [false, false];
    const doubtful: ScriptHex[] = [];
    const all = await started({
      source: (chain) => ({
        mempool: async () => {
          if (willMine) await chain.mine();
          [willMine, willWatch] = [false, willMine];
          return chain.mempool();
        },
        tip: async () => {
          if (willWatch) doubtful.push(...all.watcher.watch([STRANGERS]));
          willWatch = false;
          return chain.tip();
        },
      }),
    });
    await pay(all.chain, STRANGERS);
    await all.round();
    willMine = true;
    await all.round();
    expect(doubtful).toEqual([STRANGERS]);
  });

  test.each(['before', 'after'] as const)('are found even if storing failed: %s', async (fails) => {
    const { follower, chain, round, watcher } = await started();
    const txid = await pay(chain, STRANGERS);
    await round();
    watcher.watch([STRANGERS]);
    follower.fails = fails;
    await round();
    expect(matched(follower.changes.at(-1))).toEqual([txid]);
    // Whatever was lost, it can be found.
    await pay(chain, OTHERS);
    follower.fails = fails;
    await round();
    expect([...watcher.watch([OTHERS])]).toEqual([OTHERS]);
  });
});

describe('waking', () => {
  test('a change of the source starts a round', async () => {
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      onChange: (wake, signal) => chain.onChange(wake, signal),
    });
    const { follower, chain } = await started({ source });
    const tip = await chain.mine();
    while (follower.blocks.at(-1)?.hash !== tip.hash) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(follower.blocks).toHaveLength(2);
  });

  test('a deadline starts a round without any change', async () => {
    const follower = new Recorder();
    const { round } = await started({ follower });
    follower.deadline = epochMs(Date.UTC(2026, 10, 23) + 5);
    await round();
    const seen = follower.changes.length;
    while (follower.changes.length === seen) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(follower.changes.length).toBeGreaterThan(seen);
    follower.deadline = undefined;
  });

  test('catching up waits for a round that began after the call', async () => {
    let release: () => void = () => {};
    let held: Promise<void> | undefined;
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      tip: async () => {
        const tip = await chain.tip();
        await held;
        return tip;
      },
    });
    const { follower, chain, watcher, round } = await started({ source });
    held = new Promise((resolve) => {
      release = resolve;
    });
    // This round has already read the tip when the block arrives.
    watcher.wake();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const tip = await chain.mine();
    const caughtUp = round();
    held = undefined;
    release();
    await caughtUp;
    expect(follower.blocks.at(-1)).toEqual(tip);
  });

  test('catching up ends when the signal of the caller is aborted', async () => {
    const { watcher } = await setting();
    await expect(watcher.caughtUp(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    const waiting = new AbortController();
    const caughtUp = watcher.caughtUp(waiting.signal);
    waiting.abort(new Error('enough'));
    await expect(caughtUp).rejects.toThrow('enough');
  });

  test('a stop lets the current step be stored, and no other begin', async () => {
    const all = await setting({ blocks: 60 });
    const { follower, watcher } = all;
    const apply = follower.apply.bind(follower);
    const stopped = new Promise<void>((resolve, reject) => {
      follower.apply = (change) => {
        watcher.stop().then(resolve, reject);
        return apply(change);
      };
    });
    watcher.start();
    await stopped;
    expect(follower.changes).toHaveLength(1);
  });
});
