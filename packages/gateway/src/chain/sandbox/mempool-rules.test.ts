/** Fees, replacement, double spends and their effects on parents and children, on the sandbox chain as on a node. */
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../test/support/memory-sandbox-store.ts';
import type { ScriptHex, Txid } from '../../kernel/chain.ts';
import { epochMs } from '../../kernel/clock.ts';
import { MAX_SATS, sats } from '../../kernel/sats.ts';
import { WALLET_SCRIPT } from './coins.ts';
import { RefusedTransactionError } from './enter-mempool.ts';
import { SandboxChain } from './sandbox-chain.ts';
import { buildTransaction, type NewOutput } from './serialize.ts';
import { blockTransactions, sandboxTransaction, type SandboxTransaction } from './transaction.ts';

const ours = '0014c0cebcd6c3d3ca8c75dc5ec62ebe55330ef910e2' as ScriptHex;

let store: MemoryStore;
let chain: SandboxChain;
const open = (): Promise<SandboxChain> =>
  SandboxChain.open({ store, clock: { now: () => epochMs(Date.UTC(2026, 10, 23)) }, network: 'regtest' });
beforeEach(async () => {
  store = new MemoryStore();
  chain = await open();
});

const waiting = async (): Promise<Txid[]> => [...(await chain.mempool())];
async function minedAt(height: number): Promise<Txid[]> {
  const { hash } = (await chain.blockAt(height))!;
  return blockTransactions(await chain.block(hash))
    .slice(1)
    .map(({ txid }) => txid);
}
async function read(txid: Txid): Promise<SandboxTransaction> {
  return sandboxTransaction((await chain.mempoolTransactions([txid])).get(txid)!);
}
/** Spends the change of a waiting transaction, and returns the rest less a fee. */
async function childOf(txid: Txid, fee: bigint): Promise<Uint8Array> {
  const change = (await read(txid)).outputs.find(({ script }) => script === WALLET_SCRIPT)!;
  return spending(txid, change.vout, [{ script: ours, amount: sats(1000n) }], change.amount - 1000n - fee);
}
function spending(txid: Txid, vout: number, outputs: readonly NewOutput[], back: bigint): Uint8Array {
  return buildTransaction([{ txid, vout }], [...outputs, { script: WALLET_SCRIPT, amount: sats(back) }]).raw;
}
/** Spends the same outputs as a waiting transaction, with another fee. */
async function rivalOf(txid: Txid, fee: bigint): Promise<Uint8Array> {
  const { spends, outputs } = await read(txid);
  const sum = outputs.reduce((total, { amount }) => total + amount, 0n);
  return buildTransaction(spends, [{ script: WALLET_SCRIPT, amount: sats(sum + (await feeOf(txid)) - fee) }]).raw;
}
/** Minted coins are 43,000 BTC each. */
async function feeOf(txid: Txid): Promise<bigint> {
  const { outputs, spends } = await read(txid);
  return BigInt(spends.length) * 4_300_000_000_000n - outputs.reduce((total, { amount }) => total + amount, 0n);
}

describe('fees', () => {
  it('have the requested rate per byte', async () => {
    const txid = await chain.send([{ script: ours, amount: sats(1000n) }], 7n);
    expect(await feeOf(txid)).toBe(7n * BigInt((await read(txid)).raw.length));
  });

  it('decide which transactions fit into a block, including the parents that a good fee pays for', async () => {
    const big = Array.from({ length: 15_000 }, () => ({ script: ours, amount: sats(600n) }));
    const parent = await chain.send(big, 1n);
    const others = [await chain.send(big, 3n), await chain.send(big, 2n)];
    const small = await chain.send([{ script: ours, amount: sats(600n) }], 1n);
    const child = await chain.broadcast(await childOf(parent, 2_000_000n));
    await chain.mine();
    expect(await minedAt(1)).toEqual([parent, others[0], small, child]);
    expect(await waiting()).toEqual([others[1]]);
    await chain.mine();
    expect(await minedAt(2)).toEqual([others[1]]);
  });

  it.each([
    ['pays less than 1 sat for each byte', 10n, 'expected a fee of at least'],
    ['pays out more than it spends', -5n, 'sat more than it spends'],
  ])('keep out a transaction that %s', async (_what, fee, reason) => {
    const parent = await chain.pay(ours, sats(1000n));
    await expect(chain.broadcast(await childOf(parent, fee))).rejects.toThrow(reason);
    expect(await waiting()).toEqual([parent]);
  });

  it('do not admit a transaction that spends a missing coin, or a coin twice', async () => {
    const stranger = spending('ab'.repeat(32) as Txid, 0, [], 1000n);
    await expect(chain.broadcast(stranger)).rejects.toThrow('which does not exist or is spent in a block');
    const [coin] = (await read(await chain.pay(ours, sats(1000n)))).spends;
    const twice = buildTransaction([coin!, coin!], [{ script: ours, amount: sats(1n) }]);
    await expect(chain.broadcast(twice.raw)).rejects.toThrow('it spends a coin twice');
  });
});

describe('replacement', () => {
  it.each([
    ['more for us', [2000n]],
    ['less for us', [500n]],
    ['nothing for us', []],
  ])('works with %s', async (_what, amounts) => {
    const old = await chain.pay(ours, sats(1000n));
    const outputs = amounts.map((amount) => ({ script: ours, amount: sats(amount) }));
    const txid = await chain.replace(old, outputs);
    expect(await waiting()).toEqual([txid]);
    const replacement = await read(txid);
    expect(replacement.outputs.filter(({ script }) => script === ours).map(({ amount }) => amount)).toEqual(amounts);
    await chain.mine();
    expect(await minedAt(1)).toEqual([txid]);
  });

  it('needs a better rate, and a higher fee than all replaced transactions together', async () => {
    const parent = await chain.pay(ours, sats(1000n));
    const child = await chain.broadcast(await childOf(parent, 50_000n));
    const refused = async (fee: bigint, reason: string): Promise<void> =>
      expect(chain.broadcast(await rivalOf(parent, fee))).rejects.toThrow(reason);
    await refused(300n, 'its fee rate is no better');
    await refused(40_000n, 'to replace 2');
    expect(await waiting()).toEqual([parent, child]);
    const rival = await chain.broadcast(await rivalOf(parent, 60_000n));
    expect(await waiting()).toEqual([rival]);
  });

  it('changes nothing if the transaction is missing or its inputs are too small', async () => {
    const mined = await chain.pay(ours, sats(1000n));
    await chain.mine();
    await expect(chain.replace(mined, [])).rejects.toThrow('is not in the mempool');
    const txid = await chain.pay(ours, sats(1000n));
    await expect(chain.replace(txid, [{ script: ours, amount: sats(MAX_SATS) }])).rejects.toThrow('too small');
    expect(await waiting()).toEqual([txid]);
  });
});

describe('a double spend', () => {
  it('is refused by the mempool, and mined nevertheless when a miner has it', async () => {
    const paid = await chain.pay(ours, sats(1000n));
    await expect(chain.broadcast(await rivalOf(paid, 100n))).rejects.toThrow('fee rate is no better');
    await chain.doubleSpend([paid]);
    expect(await waiting()).toEqual([]);
    const [rival] = await minedAt(1);
    expect(rival).not.toBe(paid);
  });

  it('that replaces a block removes the descendants, and leaves all others at their height', async () => {
    const others: Txid[] = [];
    const paid = await chain.pay(ours, sats(1000n));
    const child = await chain.broadcast(await childOf(paid, 1000n));
    for (let block = 0; block < 3; block += 1) {
      others.push(await chain.pay(ours, sats(1000n)));
      await chain.mine();
    }
    await chain.doubleSpend([paid]);
    expect((await chain.tip()).height).toBe(4);
    const mined = await Promise.all([1, 2, 3, 4].map(minedAt));
    expect(mined.flat()).not.toContain(paid);
    expect(mined.flat()).not.toContain(child);
    expect(mined.map((txids) => txids.filter((txid) => others.includes(txid)))).toEqual([...others.map((txid) => [txid]), []]);
    await expect(chain.resend([paid])).resolves.toBeUndefined();
    expect(await waiting()).toEqual([]);
  });

  it('is permanent: its victim stays away in every later reorganisation', async () => {
    const raw = (await read(await chain.pay(ours, sats(1000n)))).raw;
    await chain.mine();
    const [paid] = await minedAt(1);
    await chain.doubleSpend([paid!]);
    await chain.reorganize({ depth: 1, others: 'waiting' });
    await chain.mine({ blocks: 2 });
    await expect(chain.broadcast(raw)).rejects.toThrow(RefusedTransactionError);
  });

  it('runs the store callback while the chain is locked, even when there is nothing to spend', async () => {
    const seen: number[] = [];
    const note = async (): Promise<void> => void seen.push((await chain.tip()).height);
    const none = async (): Promise<Txid[]> => {
      await note();
      return [];
    };
    await Promise.all([chain.mine(), chain.doubleSpend(none, note), chain.mine()]);
    expect(seen).toEqual([1, 1]);
    expect((await chain.tip()).height).toBe(2);
  });
});

describe('a held transaction', () => {
  it('waits through blocks and restarts with its descendants until it is requested', async () => {
    const paid = await chain.pay(ours, sats(1000n));
    await chain.mine();
    await chain.reorganize({ depth: 1, held: [paid], others: 'mined' });
    const child = await chain.broadcast(await childOf(paid, 1000n));
    chain = await open();
    await chain.mine({ blocks: 3 });
    expect(await waiting()).toEqual([paid, child]);
    await chain.mine({ first: [paid] });
    expect(await minedAt(6)).toEqual([paid, child]);
  });
});

describe('a dropped transaction', () => {
  it('is remembered across a restart with its children, reserves its coins, and comes back when it is sent again', async () => {
    const paid = await chain.pay(ours, sats(1000n));
    const child = await chain.broadcast(await childOf(paid, 1000n));
    await chain.evict([paid]);
    expect(await waiting()).toEqual([]);
    chain = await open();
    const other = await chain.pay(ours, sats(1000n));
    await chain.mine();
    await chain.resend([paid, child]);
    expect(await waiting()).toEqual([paid, child]);
    expect(await minedAt(1)).toEqual([other]);
  });
});

describe("the sandbox's wallet", () => {
  it('gives every payment a coin of its own, so that none depends on another', async () => {
    const txids: Txid[] = [];
    for (let payment = 0; payment < 400; payment += 1) txids.push(await chain.pay(ours, sats(1000n)));
    const spent = await Promise.all(txids.map(async (txid) => (await read(txid)).spends));
    expect(new Set(spent.flat().map(({ txid, vout }) => `${txid}:${vout}`)).size).toBe(400);
    expect(spent.flat().some(({ txid }) => txids.includes(txid))).toBe(false);
  });

  it('can pay 21 million bitcoin again and again', async () => {
    for (let payment = 0; payment < 3; payment += 1) await chain.pay(ours, sats(MAX_SATS));
    await chain.mine();
    expect((await chain.mempool()).size).toBe(0);
  });

  it('spends unconfirmed change when it has nothing else, and a block includes all of it', async () => {
    for (let payment = 0; payment < 700; payment += 1) await chain.pay(ours, sats(1000n));
    await chain.mine();
    expect((await chain.mempool()).size).toBe(0);
    chain = await open();
    await chain.pay(ours, sats(1000n));
  });

  it('reports when all of its coins do not suffice', async () => {
    const outputs = [MAX_SATS, MAX_SATS].map((amount) => ({ script: ours, amount: sats(amount) }));
    await expect(chain.send(outputs)).rejects.toThrow('the sandbox does not have enough coins for it');
    expect(await waiting()).toEqual([]);
  });
});
