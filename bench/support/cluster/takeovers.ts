import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Cluster } from '../../../packages/gateway/test/cluster/cluster.ts';
import type { Programs } from '../../../packages/gateway/test/cluster/programs.ts';
import { leaderOf } from '../../../packages/gateway/test/cluster/events.ts';
import { report } from '../report.mjs';
import { quantile, startedCluster, waitForLeader } from './started.ts';

const TIMES = Number(process.env['BENCH_TAKEOVERS'] ?? 20);

export async function measureTakeovers(programs: Programs): Promise<void> {
  await using cluster = await startedCluster(programs, 3);
  const client = new pg.Client({ connectionString: cluster.database.primary.url });
  await client.connect();
  try {
    for (const [signal, limitMs] of [
      ['SIGTERM', 1_000],
      ['SIGKILL', 12_000],
    ] as const) {
      const times: number[] = [];
      for (let n = 0; n < TIMES; n += 1) times.push(await takeover(cluster, client, signal));
      const [median, last] = [quantile(times, 0.5), quantile(times, 0.99)];
      report(`takeover after ${signal}: median of ${TIMES}`, `${median.toFixed(0)} ms`);
      report('  99 % within', `${last.toFixed(0)} ms`, { target: `< ${limitMs} ms`, met: last < limitMs });
    }
  } finally {
    await client.end();
  }
}

async function takeover(cluster: Cluster, client: pg.Client, signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
  const leader = await leaderOf(cluster);
  // Out of step with the renewals.
  await sleep(Math.random() * 2_000);
  const begin = performance.now();
  const ended = signal === 'SIGTERM' ? leader.stop() : leader.kill();
  await cluster.miners.mine();
  const height = await cluster.node.rpc<number>('getblockcount');
  for (;;) {
    const { rows } = await client.query<{ height: string }>('select max(height) as height from chain_blocks');
    if (Number(rows[0]?.height) >= height && (await leaderOf(cluster)) !== leader) break;
    await sleep(5);
  }
  const durationMs = performance.now() - begin;
  await ended;
  await leader.start();
  await waitForLeader(cluster);
  return durationMs;
}
