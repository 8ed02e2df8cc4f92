import { expect, it, test } from 'vitest';
import type { DatabaseSetup, Durability, HostFound } from '../../store/database-setup.ts';
import { examineDatabaseSetup } from './examine-database-setup.ts';
import type { Finding } from './finding.ts';

const DURABLE: Durability = { fsync: true, synchronousCommit: 'on', synchronousNames: '', replicas: [] };
const a: HostFound = { shown: 'a', state: 'accepts writes' };
const b: HostFound = { shown: 'b', state: 'is a replica' };

async function findingsOf(setup: Partial<DatabaseSetup>): Promise<ReadonlyMap<string, Finding>> {
  const whole: DatabaseSetup = { hosts: [a], durability: DURABLE, notificationsArrive: true, hasDirectUrl: false, ...setup };
  return new Map((await examineDatabaseSetup({ databaseSetup: async () => whole })).map((finding) => [finding.what, finding]));
}

const replicas = (...states: (string | undefined)[]): Durability['replicas'] =>
  states.map((syncState, n) => ({ name: `replica${n}`, syncState }));

test('SQLite has no setup', async () => {
  expect(await examineDatabaseSetup({})).toEqual([]);
  expect(await examineDatabaseSetup({ databaseSetup: async () => undefined })).toEqual([]);
});

it.each<[Partial<Durability>, Finding['level'], RegExp]>([
  [{}, 'ok', /^no replica is connected: if the disk of the server is lost, so is everything since the last backup$/],
  [{ fsync: false }, 'problem', /^fsync is off: a crash of the machine may damage the database/],
  [{ synchronousCommit: 'off', replicas: replicas('async') }, 'warning', /^synchronous_commit is off: even a crash loses/],
  [
    { replicas: replicas('async') },
    'warning',
    /^1 replica connected, and no commit waits for one \(synchronous_standby_names is empty\): a failover may lose the last commits; .*reported as unassigned$/,
  ],
  [
    { synchronousCommit: 'local', synchronousNames: '*', replicas: replicas('sync') },
    'warning',
    /^1 replica connected, and no commit waits for one \(synchronous_commit is local\)/,
  ],
  [{ synchronousNames: 'b' }, 'problem', /^synchronous_standby_names is "b", but no replica is connected: every commit waits/],
  [
    { synchronousNames: 'b', replicas: replicas('async') },
    'problem',
    /^synchronous_standby_names is "b", but only 0 of 1 such replicas are connected/,
  ],
  [
    { synchronousNames: 'FIRST 2 (b, c)', replicas: replicas('sync', 'async') },
    'problem',
    /but only 1 of 2 such replicas are connected: every commit waits, so no order is created$/,
  ],
  [
    { synchronousNames: '*', replicas: replicas('sync') },
    'ok',
    /^each commit waits until 1 of 1 replica has written it to disk\. Even so, a commit is lost if its wait is cancelled/,
  ],
  [
    { synchronousNames: '*', synchronousCommit: 'remote_write', replicas: replicas('sync') },
    'ok',
    /has received it, which a loss of power on all machines undoes\./,
  ],
  [{ synchronousNames: '*', synchronousCommit: 'remote_apply', replicas: replicas('sync') }, 'ok', /has applied it\./],
  [
    { synchronousNames: 'b, c', replicas: replicas('sync', 'potential') },
    'ok',
    /1 of 2 replicas has written it to disk, the first in synchronous_standby_names; the others may lack it\./,
  ],
  [
    { synchronousNames: 'ANY 2 (b, c, d)', replicas: replicas('quorum', 'quorum', 'quorum') },
    'ok',
    /2 of 3 replicas have written it to disk, another each time\..*promote the one that has received most$/,
  ],
  [{ synchronousNames: '*', replicas: replicas(undefined) }, 'ok', /grant pg_monitor to the role of the gateway$/],
])('a failover with %j: %s', async (durability, level, says) => {
  const finding = (await findingsOf({ durability: { ...DURABLE, ...durability } })).get('failover');
  expect(finding).toMatchObject({ level, says: expect.stringMatching(says) as unknown });
});

it.each<[readonly HostFound[], Finding['level'] | undefined, string]>([
  [[a], undefined, ''],
  [[a, b], 'ok', 'a accepts writes; b is a replica'],
  [[a, { shown: 'b', state: 'does not answer', reason: 'refused' }], 'warning', 'a accepts writes; b does not answer (refused)'],
  [[b, { shown: 'a', state: 'is read-only' }], 'warning', 'b is a replica; a is read-only'],
  [[a, { ...b, state: 'accepts writes' }], 'problem', 'a accepts writes; b accepts writes. Only one host may accept writes'],
])('hosts %j: %s', async (hosts, level, says) => {
  const finding = (await findingsOf({ hosts })).get('database hosts');
  expect(finding?.level).toBe(level);
  expect(finding?.says ?? '').toContain(says);
});

test('a replica that is missing is a warning where the URL has several hosts', async () => {
  expect((await findingsOf({ hosts: [a, b] })).get('failover')?.level).toBe('warning');
});

it.each<[Partial<DatabaseSetup>, Finding['level'], string]>([
  [{}, 'ok', 'arrive'],
  [{ hasDirectUrl: true }, 'ok', 'arrive at WEBPOS_DATABASE_DIRECT_URL'],
  [{ notificationsArrive: false }, 'problem', 'set WEBPOS_DATABASE_DIRECT_URL to the database without the pooler'],
  [{ notificationsArrive: false, hasDirectUrl: true }, 'problem', 'it leads to another database, or through a connection pooler'],
])('notifications with %j: %s', async (setup, level, says) => {
  expect((await findingsOf(setup)).get('database notifications')).toMatchObject({
    level,
    says: expect.stringContaining(says) as unknown,
  });
});
