/** What happens to a cluster under load. Each event ends with everything as it should be, except the damage that it has done. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { PostgresServer } from '../../../../test/support/postgres-server.ts';
import { pick } from '../kill/lives.ts';
import type { Cluster } from './cluster.ts';
import type { GatewayProcess } from './gateway-process.ts';
import type { LineState } from './line.ts';

export interface PlayedEvent {
  /** Written to the record of the run. */
  readonly name: string;
  readonly play: (cluster: Cluster) => Promise<void>;
}

/** Draws one event of a kind, with its particulars. */
export type EventKind = (cluster: Cluster) => PlayedEvent | Promise<PlayedEvent>;

const MINUTE_MS = 60_000;
/** Longer than a lease, so that another process takes over meanwhile. */
const TAKEOVER_MS = 14_000;

/** Returns the process that leads, by the log of terms; any one if none does. */
export async function leaderOf({ database, gateways, random }: Cluster): Promise<GatewayProcess> {
  const [row] = await database.primary
    .query<{ by: string }>('select by from cluster_terms order by id desc limit 1')
    .catch(() => []);
  return gateways.find(({ name }) => name === row?.by) ?? pick(gateways, random);
}

const kill = (victim: GatewayProcess, downMs: number, what: string): PlayedEvent => ({
  name: `kill -9 of ${victim.name} (${what}), back after ${downMs} ms`,
  play: async () => {
    await victim.kill();
    await sleep(downMs);
    await victim.start();
  },
});

export const killLeader: EventKind = async (cluster) => {
  const downMs = cluster.random() < 0.5 ? Math.floor(cluster.random() * 1_000) : TAKEOVER_MS;
  return kill(await leaderOf(cluster), downMs, 'the leader');
};

/** Addresses are ready then, and orders come slowly, so that some are created until another process leads, and while it begins. */
export const burstAndKill: EventKind = async (cluster) => {
  const { name, play } = kill(await leaderOf(cluster), TAKEOVER_MS, 'the leader');
  return {
    name: `${BURST_ORDERS} orders at once, and then ${name}`,
    play: async () => {
      const { shops } = cluster;
      await shops.burst(BURST_ORDERS);
      shops.pauseFactor = 8;
      await play(cluster);
      shops.pauseFactor = 1;
    },
  };
};

const BURST_ORDERS = 250;

export const killAny: EventKind = ({ gateways, random }) => kill(pick(gateways, random), Math.floor(random() * 2_000), 'any');

const pause = (victim: GatewayProcess, durationMs: number): PlayedEvent => ({
  name: `SIGSTOP of ${victim.name} for ${durationMs} ms`,
  play: async () => {
    victim.pause();
    await sleep(durationMs);
    victim.resume();
  },
});

export const pauseLong: EventKind = async (cluster) => pause(await leaderOf(cluster), 20_000);
export const pauseShort: EventKind = async (cluster) =>
  pause(await leaderOf(cluster), 500 + Math.floor(cluster.random() * 4_000));

export const rollingRestart: EventKind = () => ({
  name: 'SIGTERM of each process in turn, and its restart',
  play: async ({ gateways, random }) => {
    for (const gateway of gateways) {
      await gateway.stop();
      await sleep(random() * 500);
      await gateway.start();
    }
  },
});

export const cutOff: EventKind = async (cluster) => {
  const { random, gateways } = cluster;
  const victim = random() < 0.7 ? await leaderOf(cluster) : pick(gateways, random);
  const from = pick(['database', 'node', 'both'] as const, random);
  const how = pick(['cut', 'stalled', 'deaf'] as const satisfies readonly LineState[], random);
  const durationMs = random() < 0.4 ? TAKEOVER_MS : 500 + Math.floor(random() * 4_000);
  return {
    name: `${victim.name}: the line to ${from === 'both' ? 'database and node' : `the ${from}`} is ${how} for ${durationMs} ms`,
    play: async () => {
      victim.setLines(from, how);
      await sleep(durationMs);
      victim.setLines(from, 'open');
    },
  };
};

/** Commits are lost that were acknowledged: also of orders whose addresses were only then derived. */
export const failOver: EventKind = ({ random }) => {
  const lagMs = random() < 0.2 ? 0 : 400 + Math.floor(random() * 1_500);
  const orders = Math.floor(random() * 60);
  return {
    name: `${orders} orders at once; the primary is killed while the replica is ${lagMs} ms behind, and the replica is promoted`,
    play: async ({ database, shops }) => {
      await Promise.all([database.failOver(lagMs), shops.burst(orders)]);
      await sleep(1_500);
      await database.repair();
    },
  };
};

export const restartPostgres: EventKind = ({ random }) => {
  const isKilled = random() < 0.5;
  const downMs = Math.floor(random() * 2_000);
  return {
    name: `PostgreSQL is ${isKilled ? 'killed' : 'stopped'}, and started again after ${downMs} ms`,
    play: async ({ database: { primary } }) => {
      await (isKilled ? primary.kill() : primary.stop());
      await sleep(downMs);
      await primary.start();
    },
  };
};

export const shiftClocks: EventKind = ({ random, gateways }) => {
  const shifts = gateways.map(() => Math.floor((random() * 8 - 4) * MINUTE_MS));
  return {
    name: `the clocks are off by ${shifts.map((ms) => (ms / MINUTE_MS).toFixed(1)).join(', ')} minutes`,
    play: async () => gateways.forEach((gateway, nth) => gateway.shiftClock(shifts[nth] ?? 0)),
  };
};

/**
 * The worst moment: the leader is suspended in the middle of a transaction, which PostgreSQL cannot end as idle, because the transaction
 * waits for a lock. It goes on once another process leads, or when that has had the time to.
 */
export const stallTransaction: EventKind = async (cluster) => {
  const leader = await leaderOf(cluster);
  return {
    name: `${leader.name} is suspended in the middle of a transaction, until another process leads`,
    play: async ({ database: { primary } }) => {
      await using held = await holdWrites(primary);
      if (!(await held.isAwaitedBy(leader.name))) return;
      leader.pause();
      const begun = performance.now();
      while (performance.now() - begun < TAKEOVER_MS && (await leaderOf(cluster)) === leader) await sleep(100);
      leader.resume();
    },
  };
};

interface HeldWrites extends AsyncDisposable {
  isAwaitedBy(name: string): Promise<boolean>;
}

/** Lets every transaction wait that stores a block, until it is disposed. */
async function holdWrites({ url }: PostgresServer): Promise<HeldWrites> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query('lock table chain_blocks in share mode');
  const isAwaitedBy = async (name: string): Promise<boolean> => {
    for (let looks = 0; looks < 200; looks += 1, await sleep(50)) {
      const { rows } = await client.query(
        `select 1 from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'`,
        [name],
      );
      if (rows.length > 0) return true;
    }
    return false;
  };
  return { isAwaitedBy, [Symbol.asyncDispose]: () => client.end().catch(() => undefined) };
}

/** The answer to a renewal reaches the leader just before it steps down, and after that nothing does. */
export const lateRenewal: EventKind = async (cluster) => {
  const leader = await leaderOf(cluster);
  return {
    name: `${leader.name} hears the answer to a renewal ${LATE_MS} ms late, and nothing after that`,
    play: async ({ database: { primary } }) => {
      leader.setLines('database', 'deaf');
      await renewed(primary);
      await sleep(LATE_MS);
      leader.setLines('database', 'open');
      await sleep(200);
      leader.setLines('database', 'stalled');
      await sleep(TAKEOVER_MS);
    },
  };
};

/** A leader that has heard nothing since the renewal before steps down after 7 s, 5 s after this one. */
const LATE_MS = 4_200;

/** Resolves when the lease has been renewed. */
async function renewed(primary: PostgresServer): Promise<void> {
  const expiry = async (): Promise<string | undefined> => {
    const [row] = await primary.query<{ at: string }>('select max(expires_at)::text as at from leases');
    return row?.at;
  };
  const before = await expiry();
  for (let looks = 0; looks < 200 && (await expiry()) === before; looks += 1) await sleep(30);
}
