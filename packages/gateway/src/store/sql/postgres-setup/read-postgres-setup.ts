/** Asks the servers of a database how they are set up, for `webpos doctor`. Changes nothing. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { parsePostgresUrl, type PostgresHost } from '../../../kernel/database/postgres-url.ts';
import type { DatabaseSetup, Durability, HostFound, Replica } from '../../database-setup.ts';
import { closeClient } from '../dialects/close-client.ts';
import { failureReason, PostgresHosts, type HostConfig } from '../dialects/postgres-hosts.ts';

const DEADLINE_MS = 3_000;
/** How long a notification may take. */
const NOTIFICATION_MS = 2_000;
const CONFIG: HostConfig = { connectionTimeoutMillis: DEADLINE_MS, query_timeout: DEADLINE_MS };

/** @throws What `connect` of {@link PostgresHosts} throws if no host is usable. */
export async function readPostgresSetup(url: string, directUrl: string | undefined): Promise<DatabaseSetup> {
  const main = await new PostgresHosts(url).connect(CONFIG);
  try {
    return {
      hosts: await Promise.all(parsePostgresUrl(url).hosts.map(findHost)),
      durability: await readDurability(main),
      notificationsArrive: await notificationArrives(main, new PostgresHosts(directUrl ?? url)),
      hasDirectUrl: directUrl !== undefined,
    };
  } finally {
    await closeClient(main);
  }
}

async function findHost({ shown, url }: PostgresHost): Promise<HostFound> {
  try {
    const client = await new PostgresHosts(url).connect(CONFIG);
    try {
      const { rows } = await client.query<{ recovers: boolean; read_only: boolean }>(
        `select pg_is_in_recovery() as recovers, current_setting('transaction_read_only')::bool as read_only`,
      );
      const { recovers = false, read_only: isReadOnly = false } = rows[0] ?? {};
      return { shown, state: recovers ? 'is a replica' : isReadOnly ? 'is read-only' : 'accepts writes' };
    } finally {
      await closeClient(client);
    }
  } catch (error) {
    return { shown, state: 'does not answer', reason: failureReason(error) };
  }
}

async function readDurability(client: pg.Client): Promise<Durability> {
  const settings = await client.query<{ fsync: boolean; commit: string; names: string }>(
    `select current_setting('fsync')::bool as fsync, current_setting('synchronous_commit') as commit,
      current_setting('synchronous_standby_names') as names`,
  );
  const { fsync = true, commit = '', names = '' } = settings.rows[0] ?? {};
  // Backups stream, too. An ordinary role sees the name of a replica, but neither its state nor whether it is one.
  const { rows } = await client.query<{ name: string | null; sync_state: string | null }>(
    `select application_name as name, sync_state from pg_stat_replication where state is null or state in ('streaming', 'catchup')`,
  );
  const replicas = rows.map(({ name, sync_state: state }): Replica => ({ name: name ?? '', syncState: state ?? undefined }));
  return { fsync, synchronousCommit: commit, synchronousNames: names.trim(), replicas };
}

/** Sends a notification over one connection, and waits for it on another. */
async function notificationArrives(sender: pg.Client, listeners: PostgresHosts): Promise<boolean> {
  const channel = `webpos_doctor_${randomBytes(8).toString('hex')}`;
  const listener = await listeners.connect(CONFIG);
  const waiting = new AbortController();
  try {
    const arrived = new Promise<boolean>((resolve) => {
      listener.on('notification', (heard) => heard.channel === channel && resolve(true));
    });
    await listener.query(`listen ${channel}`);
    await sender.query(`notify ${channel}`);
    return await Promise.race([arrived, sleep(NOTIFICATION_MS, false, { signal: waiting.signal })]);
  } finally {
    waiting.abort();
    await closeClient(listener);
  }
}
