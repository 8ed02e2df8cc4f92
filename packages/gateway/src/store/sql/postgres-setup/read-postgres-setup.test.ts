/** What a real primary with a replica, and a real pooler, say about themselves. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findPgBouncer, startPgBouncer } from '../../../../../../test/support/pgbouncer.ts';
import {
  findPostgresPrograms,
  startPostgresCluster,
  type PostgresCluster,
} from '../../../../../../test/support/postgres-cluster.ts';
import { readDatabaseSetup } from '../open-store.ts';

const programs = findPostgresPrograms('read-postgres-setup.test.ts');
const pgBouncer = findPgBouncer('read-postgres-setup.test.ts');

it('SQLite has none', async () => {
  expect(await readDatabaseSetup('sqlite:webpos.db')).toBeUndefined();
});

// skip: PostgreSQL's programs are missing; the finder says why, and fails where CI is set
describe.skipIf(programs === undefined)('the setup of a primary with a replica', () => {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    cluster = await startPostgresCluster(programs ?? '');
    await cluster.primary.query('create role plain login');
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const shown = (port: number): string => `127.0.0.1:${port}`;

  it('names the hosts, the replica and how it is waited for', async () => {
    const { primary, replica, url } = cluster;
    const asynchronous = await readDatabaseSetup(url);
    expect(asynchronous).toEqual({
      hosts: [
        { shown: shown(primary.port), state: 'accepts writes' },
        { shown: shown(replica.port), state: 'is a replica' },
      ],
      durability: {
        fsync: false,
        synchronousCommit: 'on',
        synchronousNames: '',
        replicas: [{ name: `port${replica.port}`, syncState: 'async' }],
      },
      notificationsArrive: true,
      hasDirectUrl: false,
    });
    await primary.configure({ synchronous_standby_names: 'ANY 1 (*)' });
    await vi.waitFor(async () =>
      expect((await readDatabaseSetup(url))?.durability).toMatchObject({
        synchronousNames: 'ANY 1 (*)',
        replicas: [{ syncState: 'quorum' }],
      }),
    );
    await primary.configure({ synchronous_standby_names: '' });
  });

  it('names a host that does not answer, and why', async () => {
    const setup = await readDatabaseSetup(cluster.url.replace('/postgres?', ',127.0.0.1:1/postgres?'));
    expect(setup?.hosts.at(-1)).toEqual({
      shown: '127.0.0.1:1',
      state: 'does not answer',
      reason: 'connect ECONNREFUSED 127.0.0.1:1',
    });
  });

  it('counts replicas for a role that may not see their state', async () => {
    const setup = await readDatabaseSetup(cluster.url.replace('postgres@', 'plain@'));
    expect(setup?.durability.replicas).toEqual([{ name: `port${cluster.replica.port}`, syncState: undefined }]);
  });

  // skip: no PgBouncer is available; the finder says why, and fails where CI is set
  it.skipIf(pgBouncer === undefined)('says whether a pooler swallows notifications, and whether a direct URL helps', async () => {
    await using pooler = await startPgBouncer(pgBouncer ?? '', cluster.primary.url, 'public');
    expect(await readDatabaseSetup(pooler.url)).toMatchObject({ notificationsArrive: false, hasDirectUrl: false });
    expect(await readDatabaseSetup(pooler.url, cluster.primary.url)).toMatchObject({
      notificationsArrive: true,
      hasDirectUrl: true,
    });
    expect(await readDatabaseSetup(pooler.url, pooler.url)).toMatchObject({ notificationsArrive: false, hasDirectUrl: true });
  });

  it('shows both servers that accept writes after a failover that left the former primary running', async () => {
    const { primary, replica, url } = cluster;
    await replica.promote();
    expect((await readDatabaseSetup(url))?.hosts).toEqual([
      { shown: shown(primary.port), state: 'accepts writes' },
      { shown: shown(replica.port), state: 'accepts writes' },
    ]);
  });
});
