/** A sandbox that is killed after any change, or while a change is stored, restarts in the same state, including its coins. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryStore } from '../../../test/support/memory-sandbox-store.ts';
import type { BlockHash, ScriptHex, Txid } from '../../kernel/chain.ts';
import { epochMs } from '../../kernel/clock.ts';
import { sats } from '../../kernel/sats.ts';
import { parseBlock } from '../view/block.ts';
import { SandboxChain } from './sandbox-chain.ts';
import { blockTransactions } from './transaction.ts';

const ours = '0014c0cebcd6c3d3ca8c75dc5ec62ebe55330ef910e2' as ScriptHex;
const open = (store: MemoryStore): Promise<SandboxChain> =>
  SandboxChain.open({ store, clock: { now: () => epochMs(Date.UTC(2026, 10, 23)) }, network: 'regtest' });

type Step = readonly [
  what: 'pay' | 'mine' | 'evict' | 'resend' | 'replace' | 'hold' | 'drop' | 'spend' | 'reorganize' | 'waiting',
  n: number,
];
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom(
    'pay',
    'pay',
    'pay',
    'mine',
    'mine',
    'evict',
    'resend',
    'replace',
    'hold',
    'drop',
    'spend',
    'reorganize',
    'waiting',
  ),
  fc.nat(30),
);

async function take(chain: SandboxChain, paid: Txid[], [what, n]: Step): Promise<unknown> {
  const some = paid.length === 0 ? [] : [paid[n % paid.length]!];
  const depth = Math.min((n % 4) + 1, (await chain.tip()).height);
  switch (what) {
    case 'pay':
      return paid.push(await chain.pay(ours, sats(1000n + BigInt(n))));
    case 'mine':
      return chain.mine({ blocks: (n % 3) + 1, first: n % 2 === 0 ? some : [] });
    case 'evict':
      return chain.evict(some);
    case 'resend':
      return chain.resend(paid);
    case 'replace': {
      const [waiting] = await chain.mempool();
      return waiting === undefined ? undefined : chain.replace(waiting, []);
    }
    case 'hold':
      return chain.displace(some, 'held');
    case 'drop':
      return chain.displace(some, 'dropped');
    case 'spend':
      return chain.doubleSpend(some);
    case 'reorganize':
    case 'waiting':
      return depth === 0
        ? undefined
        : chain.reorganize({ depth, without: some, others: what === 'waiting' ? 'waiting' : 'mined' });
  }
}

/** The visible state of a chain. Verifies every block, and that no coin is spent twice. */
async function seen(chain: SandboxChain): Promise<unknown> {
  const blocks: BlockHash[] = [];
  const spent = new Set<string>();
  let txids = 0;
  for (let height = 0; ; height += 1) {
    const ref = await chain.blockAt(height);
    if (ref === undefined) break;
    const raw = await chain.block(ref.hash);
    parseBlock(raw, ref.hash);
    blocks.push(ref.hash);
    for (const { spends } of blockTransactions(raw)) {
      for (const { txid, vout } of spends) spent.add(`${txid}:${vout}`);
      txids += spends.length;
    }
  }
  expect(spent.size).toBe(txids);
  const mempool = [...(await chain.mempool())];
  return { blocks, mempool: await chain.mempoolTransactions(mempool) };
}

it(
  'the sandbox chain is the same after a restart, whatever happened before, and after a change that could not be stored',
  { timeout: 60_000 },
  async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const store = new MemoryStore();
      let chain = await open(store);
      const paid: Txid[] = [];
      for (const [index, each] of steps.entries()) {
        const before = await seen(chain);
        store.broken = true;
        await take(chain, [...paid], each).catch((error: unknown) => expect(String(error)).toBe('Error: the disk is full'));
        store.broken = false;
        expect(await seen(chain)).toEqual(before);
        await take(chain, paid, each);
        const again = await open(store);
        expect(await seen(again)).toEqual(await seen(chain));
        if (index % 3 === 0) chain = again;
      }
    });
    await fc.assert(property, { numRuns: 40 });
  },
);

it('the sandbox chain has the same coins after its first blocks were pruned', { timeout: 120_000 }, async () => {
  const store = new MemoryStore();
  const chain = await open(store);
  for (let round = 0; round < 30; round += 1) {
    for (let payment = 0; payment < 20; payment += 1) await chain.pay(ours, sats(1000n));
    await chain.mine({ blocks: 100 });
  }
  expect(await chain.blockAt(0)).toBeUndefined();
  const copy = new MemoryStore();
  copy.snapshot = store.snapshot;
  const again = await open(copy);
  // Each spends all of its minted coins; the other chain has them too.
  for (let payment = 0; payment < 500; payment += 1) {
    const txid = await again.pay(ours, sats(1000n));
    await chain.broadcast((await again.mempoolTransactions([txid])).get(txid)!);
  }
  expect((await chain.mempool()).size).toBe(500);
  await again.mine();
  expect((await again.mempool()).size).toBe(0);
});

it('what stays in memory is not part of larger buffers', async () => {
  const store = new MemoryStore();
  const chain = await open(store);
  const txid = await chain.pay(ours, sats(1000n));
  await chain.mine({ first: [txid] });
  const waiting = await chain.pay(ours, sats(2000n));
  // As a database returns them: small buffers are slices of one pool.
  const pooled = (raw: Uint8Array): Buffer => Buffer.from(Buffer.from(raw).toString('hex'), 'hex');
  const { snapshot } = store;
  store.snapshot = {
    ...snapshot,
    blocks: snapshot.blocks.map((block) => ({ ...block, raw: pooled(block.raw) })),
    transactions: snapshot.transactions.map((transaction) => ({ ...transaction, raw: pooled(transaction.raw) })),
  };
  expect(store.snapshot.blocks[0]!.raw.buffer.byteLength).toBeGreaterThan(1000);
  for (const one of [chain, await open(store)]) {
    const tip = await one.tip();
    const raw = [await one.block(tip.hash), (await one.mempoolTransactions([waiting])).get(waiting)!];
    expect(raw.map((bytes) => bytes.buffer.byteLength)).toEqual(raw.map((bytes) => bytes.byteLength));
  }
});
