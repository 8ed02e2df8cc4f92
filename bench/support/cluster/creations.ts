import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Cluster } from '../../../packages/gateway/test/cluster/cluster.ts';
import type { Programs } from '../../../packages/gateway/test/cluster/programs.ts';
import { report } from '../report.mjs';
import { cpuMs, cpuMsOfServer } from './cpu.ts';
import { quantile, startedCluster } from './started.ts';

const CONNECTIONS = 64;
const WARM_UP = 3_000;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const COUNT = 4_000;
const GENERATOR = fileURLToPath(new URL('../http-load.mjs', import.meta.url));
/** Successive orders differ in price, as in production. */
const BODIES = Array.from({ length: 500 }, (_, nth) =>
  JSON.stringify({ amount: (10 + nth * 0.09).toFixed(2), reference: `order ${nth}` }),
);

export async function measureCreations(programs: Programs, processes: number): Promise<void> {
  await using cluster = await startedCluster(programs, processes, { WEBPOS_ADDRESS_POOL_SIZE: '20000' });
  const generators = cluster.gateways.map(() => fork(GENERATOR, { execArgv: [] }));
  try {
    const headers = await cluster.shops.headers(cluster.gateways[0]!);
    const run = (count: number): Promise<number> => load(cluster, generators, headers, count);
    await run(WARM_UP);
    const rates: number[] = [];
    const before = await cpuOf(cluster, generators);
    let lastedMs = 0;
    const waits = await sampleWaits(cluster.database.primary.url);
    for (let n = 0; n < ROUNDS; n += 1) {
      const ms = await run(COUNT);
      rates.push(COUNT / (ms / 1_000));
      lastedMs += ms;
    }
    const after = await cpuOf(cluster, generators);
    const waited = await waits.stop();
    report(
      `orders created, ${processes} process${processes === 1 ? '' : 'es'}: median of ${ROUNDS}`,
      `${quantile(rates, 0.5).toFixed(0)} /s`,
    );
    for (const [part, used] of Object.entries(after))
      report(`  CPU of ${part}`, `${(((used - (before[part] ?? 0)) / lastedMs) * 100).toFixed(0)} %`);
    for (const [wait, count] of waited) report(`  connections in ${wait}`, count.toFixed(1));
  } finally {
    for (const generator of generators) generator.disconnect();
  }
}

/** Puts load on all processes. @returns the time in milliseconds. */
async function load(
  { gateways }: Cluster,
  generators: readonly ChildProcess[],
  headers: Readonly<Record<string, string>>,
  count: number,
): Promise<number> {
  const times = generators.map(async (generator, nth) => {
    const { port } = new URL(gateways[nth]?.url ?? '');
    const share = { connections: CONNECTIONS / gateways.length, count: Math.floor(count / gateways.length) };
    generator.send({ port: Number(port), method: 'POST', paths: ['/payment-order'], headers, bodies: BODIES, ...share });
    const [answer] = (await once(generator, 'message')) as [{ ms?: number; error?: string }];
    if (answer.ms === undefined) throw new Error(answer.error);
    return answer.ms;
  });
  return Math.max(...(await Promise.all(times)));
}

async function cpuOf({ gateways, database }: Cluster, generators: readonly ChildProcess[]): Promise<Record<string, number>> {
  const sum = (pids: readonly (number | undefined)[]): number => pids.reduce<number>((total, pid) => total + cpuMs(pid ?? 0), 0);
  return {
    'all gateways': sum(gateways.map(({ pid }) => pid)),
    'the primary': await cpuMsOfServer(database.primary),
    'the replica': await cpuMsOfServer(database.replica),
    'the load': sum(generators.map(({ pid }) => pid)),
  };
}

/** How often PostgreSQL is asked what its connections wait for. */
const SAMPLE_MS = 40;
const SHOWN_WAITS = 4;

interface Waits {
  /** Returns what the connections of the gateways waited for, and how many did on average. */
  stop(): Promise<readonly (readonly [wait: string, connections: number])[]>;
}

async function sampleWaits(url: string): Promise<Waits> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const sums = new Map<string, number>();
  const ending = new AbortController();
  let samples = 0;
  const sampling = (async () => {
    for (; !ending.signal.aborted; samples += 1, await sleep(SAMPLE_MS)) {
      const { rows } = await client.query<{ wait: string; count: number }>(
        `select coalesce(wait_event_type || ': ' || wait_event, 'CPU') as wait, count(*)::int as count from pg_stat_activity
          where application_name like 'gw%' and state <> 'idle' group by 1`,
      );
      for (const { wait, count } of rows) sums.set(wait, (sums.get(wait) ?? 0) + count);
    }
  })();
  return {
    stop: async () => {
      ending.abort();
      await sampling;
      await client.end();
      return [...sums]
        .map(([wait, sum]) => [wait, sum / samples] as const)
        .sort(([, a], [, b]) => b - a)
        .slice(0, SHOWN_WAITS);
    },
  };
}
