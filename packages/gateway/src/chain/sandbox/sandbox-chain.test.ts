import { describe, expect, it } from 'vitest';
import type { BlockHash, BlockRef, ScriptHex, Txid } from '../../kernel/chain.ts';
import { epochMs } from '../../kernel/clock.ts';
import { sats } from '../../kernel/sats.ts';
import { BlockMissingError } from '../source.ts';
import { parseBlock } from '../view/block.ts';
import { MalformedChainDataError } from '../view/byte-reader.ts';
import { findFork } from '../view/path.ts';
import { parseTransaction } from '../view/transaction.ts';
import { MemoryStore } from '../../../test/support/memory-sandbox-store.ts';
import { SandboxChain } from './sandbox-chain.ts';
import { blockTransactions } from './transaction.ts';

const NOW = epochMs(Date.UTC(2026, 10, 23, 18));
const ours = '0014c0cebcd6c3d3ca8c75dc5ec62ebe55330ef910e2' as ScriptHex;

const open = (store: MemoryStore): Promise<SandboxChain> =>
  SandboxChain.open({ store, clock: { now: () => NOW }, network: 'regtest' });

async function aChain(): Promise<{ chain: SandboxChain; store: MemoryStore }> {
  const store = new MemoryStore();
  return { chain: await open(store), store };
}

async function blocksOf(chain: SandboxChain): Promise<BlockRef[]> {
  const { height: top } = await chain.tip();
  const found: BlockRef[] = [];
  for (let height = 0; height <= top; height += 1) found.push((await chain.blockAt(height))!);
  return found;
}

/** The transactions mined at each height, without coinbases. Reads every block as the watcher does, which verifies it. */
async function minedIn(chain: SandboxChain): Promise<Txid[][]> {
  const found: Txid[][] = [];
  let previous = '00'.repeat(32);
  for (const { hash } of await blocksOf(chain)) {
    const block = parseBlock(await chain.block(hash), hash);
    expect(block.previous).toBe(previous);
    previous = hash;
    found.push(block.transactions.slice(1).map(({ txid }) => txid));
  }
  return found;
}

describe('the sandbox chain', () => {
  it('begins with a first block of its own', async () => {
    const { chain, store } = await aChain();
    expect((await chain.tip()).height).toBe(0);
    expect(await minedIn(chain)).toEqual([[]]);
    expect(store.snapshot.blocks).toHaveLength(1);
    expect((await (await aChain()).chain.tip()).hash).not.toBe((await chain.tip()).hash);
  });

  it('is always available and on the expected network', async () => {
    const { chain } = await aChain();
    await expect(chain.check()).resolves.toEqual([]);
    expect([chain.name, chain.network]).toEqual(['sandbox', 'regtest']);
  });

  it('keeps a payment in its mempool until it is mined', async () => {
    const { chain } = await aChain();
    const txid = await chain.pay(ours, sats(16_667n));
    expect([...(await chain.mempool())]).toEqual([txid]);
    const raw = (await chain.mempoolTransactions([txid])).get(txid);
    expect(parseTransaction(raw!).outputs[0]).toEqual({ vout: 0, amount: 16_667n, script: ours });

    const block = await chain.mine();
    expect(await chain.tip()).toEqual(block);
    expect(block.height).toBe(1);
    expect((await chain.mempool()).size).toBe(0);
    expect((await chain.mempoolTransactions([txid])).size).toBe(0);
    expect(await minedIn(chain)).toEqual([[], [txid]]);
  });

  it('never makes two equal payments, and mines them in order of arrival', async () => {
    const { chain } = await aChain();
    const txids = [await chain.pay(ours, sats(1000n)), await chain.pay(ours, sats(1000n)), await chain.pay(ours, sats(1000n))];
    expect(new Set(txids).size).toBe(3);
    await chain.mine();
    expect((await minedIn(chain))[1]).toEqual(txids);
  });

  it('returns nothing above its tip or below its first block, and throws for an unknown block', async () => {
    const { chain } = await aChain();
    expect(await chain.blockAt(1)).toBeUndefined();
    expect(await chain.blockAt(-1)).toBeUndefined();
    await expect(chain.block('ab'.repeat(32) as BlockHash)).rejects.toThrow(BlockMissingError);
  });

  it('is restored by a restart: its blocks, its mempool, its order', async () => {
    const { chain, store } = await aChain();
    const mined = await chain.pay(ours, sats(1000n));
    await chain.mine();
    const waiting = [await chain.pay(ours, sats(2000n)), await chain.pay(ours, sats(3000n))];

    const again = await open(store);
    expect(await blocksOf(again)).toEqual(await blocksOf(chain));
    expect(await minedIn(again)).toEqual([[], [mined]]);
    expect([...(await again.mempool())]).toEqual(waiting);
    await again.mine();
    expect(await minedIn(again)).toEqual([[], [mined], waiting]);
  });

  it('applies concurrent changes one after another', async () => {
    const { chain, store } = await aChain();
    await Promise.all([
      chain.pay(ours, sats(1n)),
      chain.mine(),
      chain.pay(ours, sats(2n)),
      chain.pay(ours, sats(3n)),
      chain.mine(),
    ]);
    expect((await minedIn(chain)).map(({ length }) => length)).toEqual([0, 1, 2]);
    expect(await minedIn(await open(store))).toEqual(await minedIn(chain));
  });

  it('shows a change only after it is stored', async () => {
    const { chain, store } = await aChain();
    let release = (): void => {};
    store.gate = new Promise((resolve) => (release = resolve));
    const paying = chain.pay(ours, sats(1000n));
    await new Promise((resolve) => setImmediate(resolve));
    expect((await chain.mempool()).size).toBe(0);
    release();
    const txid = await paying;
    expect([...(await chain.mempool())]).toEqual([txid]);
  });

  it('stays unchanged when a change cannot be stored, reports the error to the caller, and continues', async () => {
    const { chain, store } = await aChain();
    const txid = await chain.pay(ours, sats(1000n));
    const before = await blocksOf(chain);
    let wakes = 0;
    chain.onChange(() => (wakes += 1), new AbortController().signal);
    store.broken = true;
    await expect(chain.mine()).rejects.toThrow('the disk is full');
    await expect(chain.pay(ours, sats(1n))).rejects.toThrow('the disk is full');
    expect(await blocksOf(chain)).toEqual(before);
    expect([...(await chain.mempool())]).toEqual([txid]);
    expect(wakes).toBe(0);
    store.broken = false;
    await chain.mine();
    expect(await minedIn(chain)).toEqual([[], [txid]]);
    expect(wakes).toBe(1);
  });

  it('wakes its listeners at every change, until they stop listening', async () => {
    const { chain } = await aChain();
    const first = new AbortController();
    const heard: string[] = [];
    chain.onChange(() => heard.push('first'), first.signal);
    chain.onChange(() => heard.push('second'), new AbortController().signal);
    await chain.pay(ours, sats(1000n));
    first.abort();
    await chain.mine();
    expect(heard).toEqual(['first', 'second', 'second']);
  });

  it('prunes blocks beyond its newest 2,000, in the store as well', async () => {
    const { chain, store } = await aChain();
    const first = await chain.tip();
    for (let blocks = 0; blocks < 2000; blocks += 1) await chain.mine();
    expect(store.snapshot.blocks).toHaveLength(2000);
    expect(await chain.blockAt(0)).toBeUndefined();
    expect((await chain.blockAt(1))?.height).toBe(1);
    expect((await chain.blockAt(2000))?.hash).toBe((await chain.tip()).hash);
    await expect(chain.block(first.hash)).rejects.toThrow(BlockMissingError);
    expect(await (await open(store)).tip()).toEqual(await chain.tip());
  });
});

describe('the simulated events of the sandbox chain', () => {
  /** Blocks 0 to 3, with a payment in each but the first, and one waiting. */
  async function aLongerChain() {
    const { chain, store } = await aChain();
    const txids: Txid[] = [];
    for (let height = 1; height <= 3; height += 1) {
      txids.push(await chain.pay(ours, sats(1000n)));
      await chain.mine();
    }
    const waiting = await chain.pay(ours, sats(1000n));
    const [a, b, c] = txids as [Txid, Txid, Txid];
    return { chain, store, a, b, c, waiting };
  }

  it('a reorganisation replaces the newest blocks by a longer branch, with all payments at their height', async () => {
    const { chain, store, a, b, c, waiting } = await aLongerChain();
    const before = await blocksOf(chain);
    const tip = await chain.reorganize({ depth: 2, others: 'mined' });
    expect(tip).toEqual(await chain.tip());
    expect(await minedIn(chain)).toEqual([[], [a], [b], [c], []]);
    expect([...(await chain.mempool())]).toEqual([waiting]);
    const fork = await findFork([...before].reverse(), (height) => chain.blockAt(height));
    expect(fork).toEqual({ kind: 'found', base: before[1], undo: [before[3], before[2]] });
    expect(await minedIn(await open(store))).toEqual(await minedIn(chain));
  });

  it('a reorganisation can return payments to the mempool, before those that wait', async () => {
    const { chain, a, b, c, waiting } = await aLongerChain();
    await chain.reorganize({ depth: 2, others: 'waiting' });
    expect(await minedIn(chain)).toEqual([[], [a], [], [], []]);
    expect([...(await chain.mempool())]).toEqual([b, c, waiting]);
  });

  it.each(['mined', 'waiting'] as const)('a double-spent payment is nowhere afterwards (others are %s)', async (others) => {
    const { chain, a, b, c, waiting } = await aLongerChain();
    await chain.reorganize({ depth: 2, without: [b, waiting], others });
    const left = others === 'mined' ? [[], [a], [], [c], []] : [[], [a], [], [], []];
    expect(await minedIn(chain)).toEqual(left);
    expect([...(await chain.mempool())]).toEqual(others === 'mined' ? [] : [c]);
  });

  it('a reorganisation is one step: it is stored and reported once', async () => {
    const { chain, store } = await aLongerChain();
    let wakes = 0;
    chain.onChange(() => (wakes += 1), new AbortController().signal);
    const saves = store.saves;
    await chain.reorganize({ depth: 3, others: 'mined' });
    expect([wakes, store.saves - saves]).toEqual([1, 1]);
  });

  it.each([0, -1, 4, 5, 1.5, Number.NaN])('a reorganisation cannot be %d blocks deep on four blocks', async (depth) => {
    const { chain } = await aLongerChain();
    const before = await blocksOf(chain);
    await expect(chain.reorganize({ depth, others: 'mined' })).rejects.toThrow(/^depth: expected 1 to 3 blocks, got/);
    expect(await blocksOf(chain)).toEqual(before);
  });

  it('an evicted transaction comes back when it is sent again', async () => {
    const { chain, waiting } = await aLongerChain();
    const raw = (await chain.mempoolTransactions([waiting])).get(waiting)!;
    await chain.evict([waiting]);
    expect((await chain.mempool()).size).toBe(0);
    expect(await chain.broadcast(raw)).toBe(waiting);
    expect([...(await chain.mempool())]).toEqual([waiting]);
  });

  it('sending a known transaction again, from the mempool or a block, changes nothing', async () => {
    const { chain, store, a, waiting } = await aLongerChain();
    const [, mined] = blockTransactions(await chain.block((await chain.blockAt(1))!.hash));
    const waitingRaw = (await chain.mempoolTransactions([waiting])).get(waiting)!;
    const saves = store.saves;
    expect([await chain.broadcast(mined!.raw), await chain.broadcast(waitingRaw)]).toEqual([a, waiting]);
    expect(store.saves).toBe(saves);
    expect([...(await chain.mempool())]).toEqual([waiting]);
  });

  it('bytes that are not a transaction are rejected', async () => {
    const { chain } = await aChain();
    await expect(chain.broadcast(Uint8Array.of(1, 2, 3))).rejects.toThrow(MalformedChainDataError);
    expect((await chain.mempool()).size).toBe(0);
  });

  it('one transaction can pay several scripts', async () => {
    const { chain } = await aChain();
    const txid = await chain.send([
      { script: ours, amount: sats(1n) },
      { script: '51' as ScriptHex, amount: sats(2n) },
    ]);
    const raw = (await chain.mempoolTransactions([txid])).get(txid)!;
    expect(parseTransaction(raw).outputs.map(({ amount }) => amount)).toMatchObject([1n, 2n, expect.anything()]);
  });
});
