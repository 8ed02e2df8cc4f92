import { setTimeout as sleep } from 'node:timers/promises';
import type { Programs } from '../../../packages/gateway/test/cluster/programs.ts';
import { report } from '../report.mjs';
import { followersOf, quantile, startedCluster } from './started.ts';

const PAYMENTS = Number(process.env['BENCH_PAYMENTS'] ?? 400);
const BLOCK_EVERY = 20;

/** Pays orders, and waits until a page on a process that does not lead hears of it. */
export async function measurePages(programs: Programs): Promise<void> {
  await using cluster = await startedCluster(programs, 3);
  const [follower] = await followersOf(cluster);
  if (follower === undefined) throw new Error('every process leads');
  const times: number[] = [];
  const afterBlocks: number[] = [];
  for (let n = 0; n < PAYMENTS; n += 1) {
    const order = await cluster.shops.createOne(follower);
    const page = await openPage(`${follower.url}/checkout/${order.id}/events`);
    await sleep(100 + 37 * (n % 7));
    const begin = performance.now();
    await cluster.buyers.payExactly(order);
    await page.changed;
    const took = performance.now() - begin;
    times.push(took);
    if (n > 0 && n % BLOCK_EVERY === 0) afterBlocks.push(took);
    page.close();
    if (n % BLOCK_EVERY === BLOCK_EVERY - 1) await cluster.miners.mine();
  }
  const [median, last] = [quantile(times, 0.5), quantile(times, 0.99)];
  report(`payment in the mempool to a page elsewhere: median`, `${median.toFixed(0)} ms`);
  report('  99 % within', `${last.toFixed(0)} ms`, { target: '< 300 ms', met: last < 300 });
  report('  right after a block: median', `${quantile(afterBlocks, 0.5).toFixed(0)} ms`);
  report('  right after a block: longest', `${quantile(afterBlocks, 1).toFixed(0)} ms`);
}

async function openPage(url: string): Promise<{ readonly changed: Promise<void>; close(): void }> {
  const ending = new AbortController();
  const answer = await fetch(url, { signal: ending.signal });
  const reader = answer.body?.getReader();
  if (reader === undefined) throw new Error(`${url}: ${answer.status}`);
  await reader.read(); // the version
  const hear = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Error('the stream of the page has ended');
      if (Buffer.from(value as Uint8Array).includes('event: change')) return;
    }
  };
  return { changed: hear(), close: () => ending.abort() };
}
