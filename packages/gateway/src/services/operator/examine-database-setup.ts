/** Says what a failover of the database may lose, which hosts it has, and whether notifications arrive. */
import type { DatabaseSetup, Durability } from '../../store/database-setup.ts';
import type { Finding } from './finding.ts';

export interface WithDatabaseSetup {
  /** Returns undefined for a database without such a setup. */
  readonly databaseSetup?: () => Promise<DatabaseSetup | undefined>;
}

export async function examineDatabaseSetup({ databaseSetup }: WithDatabaseSetup): Promise<readonly Finding[]> {
  const setup = await databaseSetup?.();
  return setup === undefined ? [] : [...hosts(setup), failover(setup), notifications(setup)];
}

function hosts({ hosts: found }: DatabaseSetup): readonly Finding[] {
  const what = 'database hosts';
  if (found.length === 1) return [];
  const each = found
    .map(({ shown, state, reason }) => `${shown} ${state}${reason === undefined ? '' : ` (${reason})`}`)
    .join('; ');
  const writable = found.filter(({ state }) => state === 'accepts writes').length;
  if (writable > 1)
    return [
      {
        what,
        level: 'problem',
        says: `${each}. Only one host may accept writes: another is a former primary, and a gateway that starts may use it. Stop it, and set it up anew as a replica`,
      },
    ];
  const isWhole = writable === 1 && found.every(({ state }) => state !== 'does not answer');
  return [{ what, level: isWhole ? 'ok' : 'warning', says: each }];
}

const LOST =
  'the orders in them are lost to their shops, but no address is handed out twice, and payments to theirs are reported as unassigned';
/** PostgreSQL itself cannot exclude it: see patroni#1412. */
const EVEN_SO =
  'Even so, a commit is lost if its wait is cancelled, or if another server than such a replica is promoted: promote the one that has received most';

function failover({ durability, hosts: found }: DatabaseSetup): Finding {
  const what = 'failover';
  const { fsync, synchronousCommit: commit, synchronousNames: names, replicas } = durability;
  if (!fsync)
    return { what, level: 'problem', says: 'fsync is off: a crash of the machine may damage the database beyond repair' };
  if (commit === 'off')
    return {
      what,
      level: 'warning',
      says: `synchronous_commit is off: even a crash loses the commits of the last second; ${LOST}`,
    };
  const isLocal = commit === 'local' || names === '';
  if (replicas.length === 0 && !isLocal)
    return {
      what,
      level: 'problem',
      says: `synchronous_standby_names is ${JSON.stringify(names)}, but no replica is connected: every commit waits for one, so no order is created`,
    };
  if (replicas.length === 0)
    return {
      what,
      level: found.length > 1 ? 'warning' : 'ok',
      says: 'no replica is connected: if the disk of the server is lost, so is everything since the last backup',
    };
  if (isLocal)
    return {
      what,
      level: 'warning',
      says: `${counted(replicas.length)} connected, and no commit waits for one (${commit === 'local' ? 'synchronous_commit is local' : 'synchronous_standby_names is empty'}): a failover may lose the last commits; ${LOST}`,
    };
  return synchronous(what, durability);
}

function synchronous(what: string, { synchronousCommit: commit, synchronousNames: names, replicas }: Durability): Finding {
  const { method, count, isList } = parseNames(names);
  const which =
    method === 'any' ? ', another each time' : isList ? ', the first in synchronous_standby_names; the others may lack it' : '';
  const how = { remote_write: 'received it, which a loss of power on all machines undoes', remote_apply: 'applied it' }[commit];
  const says = `each commit waits until ${count} of ${counted(replicas.length)} ${count === 1 ? 'has' : 'have'} ${how ?? 'written it to disk'}${which}. ${EVEN_SO}`;
  const seen = replicas.flatMap(({ syncState }) => syncState ?? []);
  const active = seen.filter((state) => state === 'sync' || state === 'quorum').length;
  if (seen.length < replicas.length)
    return { what, level: 'ok', says: `${says}. To see which replicas those are: grant pg_monitor to the role of the gateway` };
  if (active < count)
    return {
      what,
      level: 'problem',
      says: `synchronous_standby_names is ${JSON.stringify(names)}, but only ${active} of ${count} such replicas are connected: every commit waits, so no order is created`,
    };
  return { what, level: 'ok', says };
}

/** `a, b` means `FIRST 1 (a, b)`. */
function parseNames(names: string): { method: 'first' | 'any'; count: number; isList: boolean } {
  const { method = 'FIRST', count = '1' } = /^(?:(?<method>first|any)\s+)?(?<count>\d+)\s*\(/i.exec(names)?.groups ?? {};
  return { method: /any/i.test(method) ? 'any' : 'first', count: Number(count), isList: names.includes(',') };
}

function counted(replicas: number): string {
  return replicas === 1 ? '1 replica' : `${replicas} replicas`;
}

function notifications({ notificationsArrive, hasDirectUrl }: DatabaseSetup): Finding {
  const what = 'database notifications';
  if (notificationsArrive) return { what, level: 'ok', says: hasDirectUrl ? 'arrive at WEBPOS_DATABASE_DIRECT_URL' : 'arrive' };
  const lag = 'changes by other processes arrive up to a second later';
  if (hasDirectUrl)
    return {
      what,
      level: 'problem',
      says: `what is sent through WEBPOS_DATABASE_URL does not arrive at WEBPOS_DATABASE_DIRECT_URL: it leads to another database, or through a connection pooler as well; locks do not hold there, and ${lag}`,
    };
  return {
    what,
    level: 'problem',
    says: `WEBPOS_DATABASE_URL leads through a connection pooler that swallows them, and that cannot hold locks: set WEBPOS_DATABASE_DIRECT_URL to the database without the pooler. Until then, ${lag}`,
  };
}
