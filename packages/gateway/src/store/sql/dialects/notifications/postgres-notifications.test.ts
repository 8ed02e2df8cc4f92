/** Notifications between processes on a real PostgreSQL, through a real pooler, over connections that break, and in a storm. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findPgBouncer, startPgBouncer } from '../../../../../../../test/support/pgbouncer.ts';
import { findPostgres, freshSchema, type FreshSchema } from '../../../../../../../test/support/postgres.ts';
import { runSql } from '../../../../../test/support/run-sql.ts';
import type { AccountId, OrderId } from '../../../../kernel/ids.ts';
import type { Ids, Notifications } from '../../../ports/notifications.ts';
import { PostgresHosts, type HostConfig } from '../postgres-hosts.ts';
import { PostgresNotifications, type PostgresNotificationsOptions } from './postgres-notifications.ts';

const postgres = await findPostgres('postgres-notifications.test.ts');
const pgBouncer = findPgBouncer('postgres-notifications.test.ts');

let schema: FreshSchema;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  schema = await freshSchema(postgres ?? '');
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await schema[Symbol.asyncDispose]();
});

interface Process {
  readonly notifications: Notifications;
  readonly logged: string[];
  /** Everything that it has heard, in order. */
  readonly heard: [string, unknown][];
}

/** Opens notifications as a process does. */
function open(options: Partial<PostgresNotificationsOptions> & { readonly through?: string } = {}): Process {
  const url = options.through ?? postgres ?? '';
  const config = configOf(options.through === undefined);
  const pool = new pg.Pool({ ...config, connectionString: url });
  pool.on('error', () => {});
  const logged: string[] = [];
  const log = (fields: Record<string, unknown>, message: string): void =>
    void logged.push([message, fields['reason']].join(' ').trim());
  const notifications = new PostgresNotifications({
    hosts: new PostgresHosts(url, config),
    query: (query) => pool.query(query),
    log: { info: log, warn: log },
    ...options,
  });
  closing.push(async () => {
    await notifications.close();
    await pool.end();
  });
  const heard: [string, unknown][] = [];
  notifications.ordersChanged.on((ids) => heard.push(['orders', ids]));
  notifications.tipMoved.on(() => heard.push(['tip', undefined]));
  notifications.callbackStored.on(() => heard.push(['callbacks', undefined]));
  notifications.indexesWanted.on((ids) => heard.push(['indexes', ids]));
  notifications.leaseChanged.on(() => heard.push(['lease', undefined]));
  return { notifications, logged, heard };
}

function configOf(withSchema: boolean): HostConfig {
  return { application_name: schema.name, ...(withSchema && { options: `-c search_path=${schema.name}` }) };
}

const trusted = ({ notifications }: Process): Promise<void> => vi.waitFor(() => expect(notifications.areTrusted).toBe(true));
const newOrder = (): OrderId => randomUUID() as OrderId;
/** Terminates the sessions of this test that listen, as an administrator or a restart would. */
const cutListening = (): Promise<void> =>
  runSql(
    postgres ?? '',
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${schema.name}' and query like 'listen%'`,
  );

// skip: no PostgreSQL is available; the finder says why, and fails where CI is set
describe.skipIf(postgres === undefined)('notifications on PostgreSQL', () => {
  test('are sent by transactions that do not wait for the disk, and change no setting of their connection', async () => {
    const settings: unknown[] = [];
    const client = new pg.Client({ ...configOf(true), connectionString: postgres ?? '' });
    await client.connect();
    closing.push(() => client.end());
    const setting = async (): Promise<unknown> => (await client.query('show synchronous_commit')).rows[0]?.synchronous_commit;
    const before = await setting();
    const { notifications } = open({
      query: async (query) => {
        await client.query('begin');
        await client.query(query);
        settings.push(await setting());
        await client.query('commit');
        settings.push(await setting());
      },
    });
    notifications.tipMoved.publish();
    await vi.waitFor(() => expect(settings.slice(0, 2)).toEqual(['off', before]));
  });

  test('reach every other process, and not the one that sent them', async () => {
    const [sender, ...others] = [open(), open(), open()];
    await Promise.all([sender, ...others].map(trusted));
    const [one, other, account] = [newOrder(), newOrder(), randomUUID() as AccountId];
    sender.notifications.ordersChanged.publish([one, other]);
    sender.notifications.tipMoved.publish();
    sender.notifications.callbackStored.publish();
    sender.notifications.indexesWanted.publish([account]);
    sender.notifications.leaseChanged.publish();
    for (const { heard } of others)
      await vi.waitFor(() =>
        expect(heard).toEqual([
          ['orders', [one, other]],
          ['tip', undefined],
          ['callbacks', undefined],
          ['indexes', [account]],
          ['lease', undefined],
        ]),
      );
    // The sender hears what others send after its own.
    others[0]?.notifications.tipMoved.publish();
    await vi.waitFor(() => expect(sender.heard).toEqual([['tip', undefined]]));
  });

  test('stay within their schema', async () => {
    const here = open();
    await trusted(here);
    await using other = await freshSchema(postgres ?? '');
    const own = schema;
    schema = other;
    const elsewhere = open();
    schema = own;
    await trusted(elsewhere);
    elsewhere.notifications.tipMoved.publish();
    elsewhere.notifications.ordersChanged.publish([newOrder()]);
    const neighbour = open();
    await trusted(neighbour);
    neighbour.notifications.leaseChanged.publish();
    await vi.waitFor(() => expect(here.heard).toEqual([['lease', undefined]]));
  });

  test('are not trusted from the moment that the connection ends, and again on a new one', async () => {
    const [one, other] = [open(), open()];
    await Promise.all([one, other].map(trusted));
    const { losses } = one.notifications;
    await cutListening();
    await vi.waitFor(() => expect(one.notifications.losses).toBeGreaterThan(losses));
    await Promise.all([one, other].map(trusted));
    other.notifications.tipMoved.publish();
    await vi.waitFor(() => expect(one.heard).toContainEqual(['tip', undefined]));
  });

  test('are sent again when the pool fails to send them', async () => {
    const listening = open();
    const pool = new pg.Pool({ ...configOf(true), connectionString: postgres ?? '' });
    closing.push(() => pool.end());
    let isCut = false;
    const sender = open({ query: (query) => (isCut ? Promise.reject(new Error('cut off')) : pool.query(query)) });
    await Promise.all([listening, sender].map(trusted));
    isCut = true;
    const order = newOrder();
    sender.notifications.ordersChanged.publish([order]);
    await vi.waitFor(() => expect(sender.notifications.areTrusted).toBe(false));
    expect(listening.heard).toEqual([]);
    isCut = false;
    await vi.waitFor(() => expect(listening.heard).toEqual([['orders', [order]]]));
    await trusted(sender);
  });

  test('of the last moment are sent before the connection is closed', async () => {
    const [listening, sender] = [open(), open()];
    await Promise.all([listening, sender].map(trusted));
    const order = newOrder();
    sender.notifications.ordersChanged.publish([order]);
    await sender.notifications.close();
    expect(sender.notifications.areTrusted).toBe(false);
    await vi.waitFor(() => expect(listening.heard).toEqual([['orders', [order]]]));
  });

  test('arrive in a storm, merged, and nothing of an order is lost', async () => {
    const [one, other, third] = [open(), open(), open()];
    await Promise.all([one, other, third].map(trusted));
    const published = new Set<OrderId>();
    for (let n = 0; n < 200; n += 1) {
      for (const { notifications } of [one, other]) {
        const ids = Array.from({ length: 1 + (n % 40) }, newOrder);
        for (const id of ids) published.add(id);
        notifications.ordersChanged.publish(ids);
        notifications.callbackStored.publish();
      }
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    // It is sent after everything else.
    for (const { notifications } of [one, other]) notifications.leaseChanged.publish();
    await vi.waitFor(() => expect(third.heard.filter(([topic]) => topic === 'lease')).toHaveLength(2));
    const told = third.heard.flatMap(([topic, ids]) => (topic === 'orders' ? [ids as Ids<OrderId>] : []));
    expect(told.length).toBeLessThan(200);
    const named = new Set(told.flatMap((ids) => (ids === 'all' ? [] : ids)));
    expect([...published].every((id) => named.has(id)) || told.includes('all')).toBe(true);
    await trusted(third);
  });

  test('of another version or another sender are ignored', async () => {
    const [listening, sender] = [open(), open()];
    await Promise.all([listening, sender].map(trusted));
    for (const payload of ['', 'x', 'x new-topic a', 'x orders not-an-id', '{"orders":1}'])
      await runSql(postgres ?? '', `select pg_notify('webpos_' || md5('${schema.name}'), '${payload}')`);
    sender.notifications.leaseChanged.publish();
    await vi.waitFor(() => expect(listening.heard.at(-1)).toEqual(['lease', undefined]));
    expect(listening.heard).toEqual([
      ['orders', []],
      ['lease', undefined],
    ]);
  });

  // skip: no PgBouncer is available; the finder says why, and fails where CI is set
  test.skipIf(pgBouncer === undefined)('are never trusted behind a pooler that swallows them, which is logged once', async () => {
    await using pooler = await startPgBouncer(pgBouncer ?? '', postgres ?? '', schema.name);
    const [behind, direct] = [open({ through: pooler.url }), open()];
    await trusted(direct);
    let wasTrusted = false;
    const watching = setInterval(() => (wasTrusted ||= behind.notifications.areTrusted), 1);
    await vi.waitFor(() => expect(behind.logged).toHaveLength(1));
    expect(behind.logged[0]).toMatch(/this process polls .*connection pooler/);
    // What it sends passes through the pooler, and reaches those that listen directly.
    behind.notifications.leaseChanged.publish();
    await vi.waitFor(() => expect(direct.heard).toEqual([['lease', undefined]]));
    clearInterval(watching);
    expect(wasTrusted).toBe(false);
    expect(behind.logged).toHaveLength(1);
  });
});
