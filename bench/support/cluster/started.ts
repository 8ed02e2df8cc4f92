/** A cluster whose processes serve, for one measurement. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openCluster, type Cluster } from '../../../packages/gateway/test/cluster/cluster.ts';
import type { Programs } from '../../../packages/gateway/test/cluster/programs.ts';
import { leaderOf } from '../../../packages/gateway/test/cluster/events.ts';
import type { GatewayProcess } from '../../../packages/gateway/test/cluster/gateway-process.ts';

export async function startedCluster(
  programs: Programs,
  gateways: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<Cluster> {
  const cluster = await openCluster({
    programs,
    gateways,
    random: Math.random,
    environment: { WEBPOS_LOG_LEVEL: 'warn', ...environment },
    isPooled: false,
    isDurable: true,
  });
  await Promise.all(cluster.gateways.map((gateway) => gateway.start()));
  await waitForLeader(cluster);
  return cluster;
}

/** Waits until a process leads and has stored the node's tip. */
export async function waitForLeader(cluster: Cluster): Promise<void> {
  await cluster.miners.mine();
  const height = await cluster.node.rpc<number>('getblockcount');
  for (;;) {
    const [row] = await cluster.database.primary.query<{ height: string }>('select max(height) as height from chain_blocks');
    if (Number(row?.height) >= height) return;
    await sleep(50);
  }
}

/** Returns the processes that do not lead. */
export async function followersOf(cluster: Cluster): Promise<GatewayProcess[]> {
  const leader = await leaderOf(cluster);
  return cluster.gateways.filter((gateway) => gateway !== leader);
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
