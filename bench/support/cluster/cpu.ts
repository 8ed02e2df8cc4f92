/** The CPU time that processes have used, on Linux. */
import { readdirSync, readFileSync } from 'node:fs';
import type { PostgresServer } from '../../../test/support/postgres-server.ts';

const TICK_MS = 10;

interface Stat {
  readonly parent: number;
  readonly ownMs: number;
  /** Of children that have ended. */
  readonly childrenMs: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ').map(Number) ?? [];
    const [, parent = 0] = fields;
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11);
    return { parent, ownMs: (user + system) * TICK_MS, childrenMs: (childUser + childSystem) * TICK_MS };
  } catch {
    return undefined; // it has ended
  }
}

export function cpuMs(pid: number): number {
  return statOf(pid)?.ownMs ?? 0;
}

/** Returns the CPU time of a PostgreSQL server with all its processes. */
export async function cpuMsOfServer(server: PostgresServer): Promise<number> {
  const children = await server.query<{ pid: number }>('select pid from pg_stat_activity');
  const parents = children.flatMap(({ pid }) => statOf(pid)?.parent ?? []);
  const postmaster = parents[0] ?? 0;
  const main = statOf(postmaster);
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [statOf(Number(name))] : []));
  const running = all.reduce((sum, stat) => sum + (stat?.parent === postmaster ? stat.ownMs : 0), 0);
  return (main?.ownMs ?? 0) + (main?.childrenMs ?? 0) + running;
}
