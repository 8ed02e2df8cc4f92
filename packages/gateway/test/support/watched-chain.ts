/** A sandbox chain, a watcher of it, and a follower in memory. */
import { onTestFinished } from 'vitest';
import type { BlockRef, OutPoint, ScriptHex, Txid } from '../../src/kernel/chain.ts';
import { epochMs, type EpochMs } from '../../src/kernel/clock.ts';
import { sats } from '../../src/kernel/sats.ts';
import type { ChainChange } from '../../src/chain/chain-change.ts';
import { SandboxChain } from '../../src/chain/sandbox/sandbox-chain.ts';
import { OutPointIndex } from '../../src/chain/out-point-index.ts';
import { ScriptIndex } from '../../src/chain/script-index.ts';
import type { ChainSource } from '../../src/chain/source.ts';
import type { Match } from '../../src/chain/view/match.ts';
import { Watcher, type ChainFollower } from '../../src/chain/watcher.ts';

export const OURS = '0014aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as ScriptHex;
export const NOON: number = Date.UTC(2026, 10, 23);
export const STRANGERS = '0014bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' as ScriptHex;
export const OTHER_STRANGERS = '0014cccccccccccccccccccccccccccccccccccccccc' as ScriptHex;
export const OTHERS = '0014dddddddddddddddddddddddddddddddddddddddd' as ScriptHex;

/** A follower in memory. */
export class Recorder implements ChainFollower {
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

export interface Setting {
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

export interface Changes {
  readonly blocks?: number;
  readonly follower?: Recorder;
  readonly retryMs?: number;
  readonly source?: (chain: SandboxChain) => Partial<ChainSource>;
}

/** A chain of some blocks above the first, and a watcher that has not been started. It stops after the test. */
export async function setting({
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
  onTestFinished(() => watcher.stop());
  const round = (): Promise<void> => watcher.caughtUp(AbortSignal.timeout(60_000));
  return Object.assign(all, { chain, follower, watcher, scripts, asked, warnings, round });
}

export async function started(changes: Changes = {}): Promise<Setting> {
  const all = await setting(changes);
  all.watcher.start();
  await all.round();
  return all;
}

export const pay = (chain: SandboxChain, script: ScriptHex = OURS): Promise<Txid> => chain.pay(script, sats(1000n));
export const heights = (change: ChainChange | undefined): number[] => (change?.apply ?? []).map(({ height }) => height);
export const matched = (change: ChainChange | undefined): Txid[] | undefined =>
  change?.mempool?.matches.map(({ outPoint }) => outPoint.txid);
