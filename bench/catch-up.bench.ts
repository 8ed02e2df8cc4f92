/**
 * How long a gateway takes to catch up after it was offline: a day of full blocks (144 of 1.6 MB), over REST and over JSON-RPC in
 * hex; and whether its memory stays flat over 10,000 blocks.
 *
 * Method: the gateway and a node stub that serves prepared blocks over loopback HTTP, in one process, so serving counts too.
 * SQLite in a file. Time counts from the first block offered to the last one stored. Memory is heap and buffers after a full
 * collection, after 1,000 small blocks and after 10,000 more.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startGateway, type Gateway } from '@webpos/gateway';
import { createLog } from '../packages/gateway/src/ops/log.ts';
import { BlockNode } from './support/block-node.ts';
import { fullBlockTransactions } from './support/full-block-transactions.ts';
import { report } from './support/report.mjs';

const DAY = 144;
const BEFORE = 40;
const SMALL = 1_000;
const MANY = 10_000;

const transactions = fullBlockTransactions(() => undefined);
for (const rest of [true, false]) {
  await withGateway(
    { rest },
    (node) => node.add(DAY, transactions),
    async (node, gateway) => {
      const seconds = (await timeTo(node, gateway, BEFORE + DAY)) / 1000;
      report(`144 full blocks over ${rest ? 'REST' : 'JSON-RPC'}`, `${seconds.toFixed(2)} s`, {
        target: '< 15 s',
        met: seconds < 15,
      });
    },
  );
}
await withGateway(
  { rest: true },
  (node) => node.add(SMALL + MANY, []),
  async (node, gateway) => {
    await timeTo(node, gateway, BEFORE + SMALL);
    const before = memory();
    const seconds = (await timeTo(node, gateway, BEFORE + SMALL + MANY)) / 1000;
    const grown = (memory() - before) / 1e6;
    report('10,000 small blocks', `${seconds.toFixed(1)} s`);
    report('  memory growth meanwhile', `${grown.toFixed(1)} MB`, { target: '< 5 MB', met: grown < 5 });
  },
);

async function withGateway(
  options: { readonly rest: boolean },
  prepare: (node: BlockNode) => void,
  work: (node: BlockNode, gateway: Gateway) => Promise<void>,
): Promise<void> {
  const node = new BlockNode(options);
  node.add(BEFORE, []);
  prepare(node);
  node.height = BEFORE;
  const folder = await mkdtemp(join(tmpdir(), 'webpos-bench-'));
  const gateway = await startGateway(
    readConfig({
      WEBPOS_PORT: '0',
      WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`,
      WEBPOS_KEY_FILE: join(folder, 'webpos.key'),
      WEBPOS_RATES: 'fixed:EUR=60000',
      WEBPOS_CHAIN: 'bitcoind',
      WEBPOS_BITCOIND_URL: await node.listen(),
    }),
    { log: createLog('fatal', { write: () => undefined }) },
  );
  try {
    await work(node, gateway);
  } finally {
    await gateway.stop();
    await node.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the milliseconds until the gateway has stored all blocks up to a height. */
async function timeTo(node: BlockNode, gateway: Gateway, height: number): Promise<number> {
  await gateway.caughtUp(AbortSignal.timeout(60_000));
  const begin = performance.now();
  node.height = height;
  await gateway.caughtUp(AbortSignal.timeout(300_000));
  return performance.now() - begin;
}

function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
