import { afterEach, describe, expect, test } from 'vitest';
import type { BlockRef, OutPoint, ScriptHex, Txid } from '../kernel/chain.ts';
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { sats } from '../kernel/sats.ts';
import type { ChainChange } from './chain-change.ts';
import { SandboxChain } from './sandbox/sandbox-chain.ts';
import { OutPointIndex } from './out-point-index.ts';
import { ScriptIndex } from './script-index.ts';
import { BlockMissingError, type ChainSource } from './source.ts';
import { mineChain, mineOn } from '../../test/support/mined-chain.ts';
import type { Match } from './view/match.ts';
import { WORK_RULES } from './view/work-rules.ts';
import { Watcher, type ChainFollower } from './watcher.ts';

const OURS = '0014aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as ScriptHex;
const NOON = Date.UTC(2026, 10, 23);
const STRANGERS = '0014bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' as ScriptHex;
const OTHER_STRANGERS = '0014cccccccccccccccccccccccccccccccccccccccc' as ScriptHex;
const OTHERS = '0014dddddddddddddddddddddddddddddddddddddddd' as ScriptHex;

/** A follower in memory. */
class Recorder implements ChainFollower {
  readonly changes: ChainChange[] = [];
  blocks: BlockRef[] = [];
  /** Fails on the next call, before or after storing the change. */
  fails: 'before' | 'after' | undefined;
  deadline: EpochMs | undefined;
  preparing: () => void = () => {};
  widening: (matches: readonly Match[]) => boolean = () => false;
  /** Payments that are in no block, and the outputs that they spend. */
  absent: Txid[] = [];
  inputs: OutPoint[] = [];
  /** Changes that do not fit the stored chain. */
  misfits = 0;

  async recentBlocks(): Promise<readonly BlockRef[]> {
    return [...this.blocks].reverse();
  }
  async prepare(): Promise<void> {
    this.preparing();
  }
  async widen(matches: readonly Match[]): Promise<boolean> {
    return this.widening(matches);
  }
  async nextDeadline(): Promise<EpochMs | undefined> {
    return this.deadline;
  }
  async unconfirmed(): Promise<readonly Txid[]> {
    return this.absent;
  }
  async inputsOf(): Promise<readonly OutPoint[]> {
    return this.inputs;
  }
  async apply(change: ChainChange): Promise<void> {
    const { fails } = this;
    this.fails = undefined;
    if (fails === 'before') throw new Error('the store is away');
    this.changes.push(change);
    for (const { hash } of change.undo) if (this.blocks.pop()?.hash !== hash) this.#misfit();
    for (const { height, hash, previous } of change.apply) {
      const tip = this.blocks.at(-1)?.hash ?? previous;
      if (previous !== tip) this.#misfit();
      this.blocks.push({ height, hash });
    }
    if (fails === 'after') throw new Error('the connection broke');
  }

  #misfit(): never {
    this.misfits += 1;
    throw new Error('the change does not fit');
  }
}

interface Setting {
  readonly chain: SandboxChain;
  readonly follower: Recorder;
  readonly watcher: Watcher;
  readonly scripts: ScriptIndex;
  /** The source calls, in order. */
  readonly asked: string[];
  readonly warnings: string[];
  /** The current time of the clock. */
  now: number;
  round(): Promise<void>;
}

const toStop: Watcher[] = [];
afterEach(async () => {
  await Promise.all(toStop.splice(0).map((watcher) => watcher.stop()));
});

interface Changes {
  readonly blocks?: number;
  readonly follower?: Recorder;
  readonly retryMs?: number;
  readonly source?: (chain: SandboxChain) => Partial<ChainSource>;
}

/** A chain of some blocks above the first, and a watcher that has not been started. */
async function setting({
  blocks = 0,
  follower = new Recorder(),
  retryMs = 1,
  source = () => ({}),
}: Changes = {}): Promise<Setting> {
  const all = { now: NOON };
  const clock = { now: () => epochMs(all.now) };
  const store = { load: async () => ({ blocks: [], coins: [], transactions: [] }), save: async () => {} };
  const chain = await SandboxChain.open({ store, clock, network: 'regtest' });
  for (let block = 0; block < blocks; block += 1) await chain.mine();
  const asked: string[] = [];
  const whole: ChainSource = {
    name: 'sandbox',
    network: 'regtest',
    check: () => chain.check(),
    tip: () => chain.tip(),
    blockAt: (height) => chain.blockAt(height),
    block: (hash) => chain.block(hash),
    mempool: () => chain.mempool(),
    mempoolTransactions: (txids) => chain.mempoolTransactions(txids),
    spendersOf: (outPoints) => chain.spendersOf(outPoints),
    submit: (raw) => chain.submit(raw),
    onChange: () => {},
    ...source(chain),
  };
  const noted = new Proxy(whole, {
    get: (target, name): unknown => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]): unknown => {
        const [first] = parameters;
        asked.push(Array.isArray(first) ? `${String(name)} ${first.join(' ')}` : String(name));
        return Reflect.apply(member, target, parameters);
      };
    },
  });
  const scripts = new ScriptIndex([1, 2]);
  scripts.add(OURS);
  const outPoints = new OutPointIndex([3, 4]);
  const warnings: string[] = [];
  const log = { info: () => {}, warn: (_: unknown, message: string) => void warnings.push(message) };
  const watcher = new Watcher({ source: noted, follower, scripts, outPoints, clock, log, idleMs: 3_600_000, retryMs });
  toStop.push(watcher);
  const round = (): Promise<void> => watcher.caughtUp(AbortSignal.timeout(60_000));
  return Object.assign(all, { chain, follower, watcher, scripts, asked, warnings, round });
}

async function started(changes: Changes = {}): Promise<Setting> {
  const all = await setting(changes);
  all.watcher.start();
  await all.round();
  return all;
}

const pay = (chain: SandboxChain, script = OURS): Promise<Txid> => chain.pay(script, sats(1000n));
const heights = (change: ChainChange | undefined): number[] => (change?.apply ?? []).map(({ height }) => height);
const matched = (change: ChainChange | undefined): Txid[] | undefined =>
  change?.mempool?.matches.map(({ outPoint }) => outPoint.txid);

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
