import { afterEach, describe, expect, test } from 'vitest';
import type { BlockRef, ScriptHex, Txid } from '../kernel/chain.ts';
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { sats } from '../kernel/sats.ts';
import type { ChainChange } from './chain-change.ts';
import { SandboxChain } from './sandbox/sandbox-chain.ts';
import { ScriptIndex } from './script-index.ts';
import type { ChainSource } from './source.ts';
import { Watcher, type ChainFollower } from './watcher.ts';

const OURS = '0014aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as ScriptHex;
const STRANGERS = '0014bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' as ScriptHex;

/** A follower in memory. */
class Recorder implements ChainFollower {
  readonly changes: ChainChange[] = [];
  blocks: BlockRef[] = [];
  /** Fails the next time, before or after it has stored the change. */
  fails: 'before' | 'after' | undefined;
  deadline: EpochMs | undefined;
  /** Changes that do not fit what is stored. */
  misfits = 0;

  async recentBlocks(): Promise<readonly BlockRef[]> {
    return [...this.blocks].reverse();
  }
  async nextDeadline(): Promise<EpochMs | undefined> {
    return this.deadline;
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
  /** What was asked of the source, in its order. */
  readonly asked: string[];
  readonly warnings: string[];
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
  const clock = { now: () => epochMs(Date.UTC(2026, 10, 23)) };
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
  const warnings: string[] = [];
  const log = { info: () => {}, warn: (_: unknown, message: string) => void warnings.push(message) };
  const watcher = new Watcher({ source: noted, follower, scripts, clock, log, idleMs: 3_600_000, retryMs });
  toStop.push(watcher);
  return { chain, follower, watcher, asked, warnings, round: () => watcher.caughtUp(AbortSignal.timeout(5000)) };
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
    expect(watcher.status).toEqual({ syncedAt: Date.UTC(2026, 10, 23), tip: await chain.tip(), trouble: undefined });
  });

  test('begins at the first block of a chain that is shorter', async () => {
    const { follower } = await started({ blocks: 3 });
    expect(follower.blocks.map(({ height }) => height)).toEqual([0, 1, 2, 3]);
  });

  test('on a tip that turns out to be stale does not stop the gateway for ever', async () => {
    const { follower, chain, round, warnings } = await started({ blocks: 50 });
    await chain.reorganize({ depth: 5, others: 'mined' });
    await round();
    expect(follower.blocks.at(-1)).toEqual(await chain.tip());
    expect(follower.changes.at(-1)?.undo.map(({ height }) => height)).toEqual([50, 49, 48, 47, 46]);
    expect(warnings).toEqual([]);
  });
});

describe('a round', () => {
  test('applies what is new in steps of 16 blocks, and what pays us in them', async () => {
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

  test('tells of the mempool even when nothing else has changed, and of each transaction in it once', async () => {
    const { follower, chain, round } = await started();
    const [ours, strange] = [await pay(chain), await pay(chain, STRANGERS)];
    await round();
    expect(matched(follower.changes.at(-1))).toEqual([ours]);
    await round();
    const last = follower.changes.at(-1);
    expect(matched(last)).toEqual([]);
    expect([ours, strange].map((txid) => last?.mempool?.has(txid))).toEqual([true, true]);
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

  test('has some blocks on their way at a time, and no more', async () => {
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

  test('looks again at what a source says has left and come back, and at nothing else', async () => {
    const changes = { added: [] as Txid[], removed: [] as Txid[] };
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      mempool: async () => Object.assign(new Set(await chain.mempool()), { changesSince: () => changes }),
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

  test('starts again when a block comes while it reads the mempool: what it took along is then not gone', async () => {
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

  test('that finds other blocks than it began with stores nothing of them, and the next one succeeds', async () => {
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

  test('follows a branch that is shorter than ours', async () => {
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

describe('trouble', () => {
  async function troubled({ watcher }: Setting): Promise<string> {
    while (watcher.status.trouble === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
    return watcher.status.trouble;
  }

  test('is told of until a round succeeds, and the source is checked again after it', async () => {
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

  test('of a source that is another chain is never passed over', async () => {
    let wrong = true;
    const source = (): Partial<ChainSource> => ({
      check: async () => {
        if (wrong) throw new Error('this is another chain');
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

  test('of a chain that parts from ours below all that we remember changes nothing', async () => {
    const follower = new Recorder();
    follower.blocks = [{ height: 1, hash: 'ab'.repeat(32) as never }];
    const all = await setting({ follower, blocks: 3 });
    all.watcher.start();
    expect(await troubled(all)).toContain('below block 1');
    expect(follower.changes).toEqual([]);
  });

  test('of a source that is behind us on our own branch changes nothing, until it has caught up', async () => {
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
      'the source is behind: it ends at block 2, we have seen block 5; nothing of it is taken back until another branch is the longest',
    );
    expect(follower.changes).toHaveLength(stored);
    behind = false;
    await chain.mine();
    await round();
    expect(follower.blocks.at(-1)?.height).toBe(6);
    expect(follower.changes.flatMap(({ undo }) => undo)).toEqual([]);
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
    'of a follower that fails %s it has stored a step is over in the next round',
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

  test('of a follower that stored a payment as gone and then failed does not hide that it came back', async () => {
    const all = await started({ retryMs: 3_600_000 });
    const { follower, chain, round } = all;
    const txid = await pay(chain);
    const raw = (await chain.mempoolTransactions([txid])).get(txid)!;
    await round();
    await chain.evict([txid]);
    follower.fails = 'after';
    all.watcher.wake();
    await troubled(all);
    expect(follower.changes.at(-1)?.mempool?.has(txid)).toBe(false);
    await chain.broadcast(raw);
    await round();
    expect(matched(follower.changes.at(-1))).toEqual([txid]);
  });
});

describe('waking', () => {
  test('a change of the source leads to a round', async () => {
    const source = (chain: SandboxChain): Partial<ChainSource> => ({
      onChange: (wake, signal) => chain.onChange(wake, signal),
    });
    const { follower, chain } = await started({ source });
    const tip = await chain.mine();
    while (follower.blocks.at(-1)?.hash !== tip.hash) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(follower.blocks).toHaveLength(2);
  });

  test('a deadline leads to a round when it comes, without any change', async () => {
    const follower = new Recorder();
    const { round } = await started({ follower });
    follower.deadline = epochMs(Date.UTC(2026, 10, 23) + 5);
    await round();
    const seen = follower.changes.length;
    while (follower.changes.length === seen) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(follower.changes.length).toBeGreaterThan(seen);
    follower.deadline = undefined;
  });

  test('catching up waits for a round that began after it was asked for', async () => {
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
    // This round has asked for the tip already when the block comes.
    watcher.wake();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const tip = await chain.mine();
    const caughtUp = round();
    held = undefined;
    release();
    await caughtUp;
    expect(follower.blocks.at(-1)).toEqual(tip);
  });

  test('catching up ends with the signal of whoever waits', async () => {
    const { watcher } = await setting();
    await expect(watcher.caughtUp(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    const waiting = new AbortController();
    const caughtUp = watcher.caughtUp(waiting.signal);
    waiting.abort(new Error('enough'));
    await expect(caughtUp).rejects.toThrow('enough');
  });

  test('a stop lets the step under way be stored, and no other begin', async () => {
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
