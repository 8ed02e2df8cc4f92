import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import { SandboxMiner } from './miner.ts';
import { SandboxChain } from './sandbox-chain.ts';
import type { SandboxStore } from './store.ts';

const INTERVAL_MS = 30_000;
const HURRY_MS = 1_500;
const memory: SandboxStore = { load: async () => ({ blocks: [], coins: [], transactions: [] }), save: async () => {} };
const silent = { info: () => {}, warn: () => {} };

let chain: SandboxChain;
let miner: SandboxMiner;
beforeEach(async () => {
  vi.useFakeTimers();
  chain = await SandboxChain.open({ store: memory, clock: systemClock, network: 'regtest' });
  miner = new SandboxMiner({ chain, intervalMs: INTERVAL_MS, log: silent });
});
afterEach(async () => {
  await miner.stop();
  vi.useRealTimers();
});

/** The height after some time. */
async function heightAfter(ms: number): Promise<number> {
  await vi.advanceTimersByTimeAsync(ms);
  return (await chain.tip()).height;
}

it('the miner mines a block after each interval, none at the start', async () => {
  miner.start();
  expect(await heightAfter(INTERVAL_MS - 1)).toBe(0);
  expect(await heightAfter(1)).toBe(1);
  expect(await heightAfter(2 * INTERVAL_MS)).toBe(3);
});

it('the miner mines the requested number of blocks at the faster interval, and then returns to its own', async () => {
  miner.start();
  await heightAfter(10_000);
  miner.hurry(2);
  expect(await heightAfter(HURRY_MS - 1)).toBe(0);
  expect(await heightAfter(1)).toBe(1);
  expect(await heightAfter(HURRY_MS)).toBe(2);
  expect(await heightAfter(INTERVAL_MS - 1)).toBe(2);
  expect(await heightAfter(1)).toBe(3);
});

it('the miner hurries for the largest request, not for the sum', async () => {
  miner.start();
  miner.hurry(1);
  miner.hurry(3);
  miner.hurry(2);
  expect(await heightAfter(10 * HURRY_MS)).toBe(3);
});

it('the miner hurries from the start when requested before', async () => {
  miner.hurry(1);
  miner.start();
  expect(await heightAfter(HURRY_MS)).toBe(1);
  expect(await heightAfter(HURRY_MS)).toBe(1);
});

it('the miner stops mining when it is stopped', async () => {
  miner.start();
  miner.hurry(5);
  await miner.stop();
  expect(await heightAfter(10 * INTERVAL_MS)).toBe(0);
});
