import { setTimeout as sleep } from 'node:timers/promises';
import type { Programs } from '../../../packages/gateway/test/cluster/programs.ts';
import { leaderOf } from '../../../packages/gateway/test/cluster/events.ts';
import { report } from '../report.mjs';
import { cpuMs, cpuMsOfServer } from './cpu.ts';
import { startedCluster } from './started.ts';

const WARM_UP_MS = 8_000;
const DURATION_MS = Number(process.env['BENCH_IDLE_S'] ?? 20) * 1_000;

/** Measures processes while nothing happens. */
export async function measureIdle(programs: Programs): Promise<void> {
  const costs: number[] = [];
  for (const count of [1, 3]) {
    await using cluster = await startedCluster(programs, count);
    const { primary } = cluster.database;
    await sleep(WARM_UP_MS);
    const leader = await leaderOf(cluster);
    const read = async (): Promise<{ own: number[]; server: number; commits: number }> => ({
      own: cluster.gateways.map(({ pid }) => cpuMs(pid ?? 0)),
      server: await cpuMsOfServer(primary),
      commits: Number((await primary.query<{ n: string }>('select sum(xact_commit) as n from pg_stat_database'))[0]?.n),
    });
    const before = await read();
    await sleep(DURATION_MS);
    const after = await read();
    const percent = (ms: number): string => `${((ms / DURATION_MS) * 100).toFixed(1)} %`;
    const perS = (n: number): string => (n / (DURATION_MS / 1_000)).toFixed(1);
    cluster.gateways.forEach((gateway, nth) => {
      const used = (after.own[nth] ?? 0) - (before.own[nth] ?? 0);
      report(`idle, ${count} processes: CPU of ${gateway === leader ? 'the leader' : 'a follower'}`, percent(used));
    });
    report(`idle, ${count} processes: CPU of PostgreSQL`, percent(after.server - before.server));
    report(`idle, ${count} processes: transactions`, `${perS(after.commits - before.commits)} /s`);
    costs.push(after.commits - before.commits);
  }
  const [one = 0, three = 0] = costs;
  report('a follower adds transactions', `${((three - one) / 2 / (DURATION_MS / 1_000)).toFixed(1)} /s`);
}
