import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPostgres, freshSchema } from '../../../../../test/support/postgres.ts';
import { startFakeNode } from '../../../test/support/fake-node.ts';
import { runWebpos } from '../../../test/support/run-webpos.ts';
import { NOON } from '../../../test/support/samples.ts';
import { testKey } from '../../../test/support/test-gateway.ts';
import { openBase } from '../../app/open-base.ts';
import { VERSION } from '../../kernel/version.ts';
import type { Finding } from '../../services/operator/examine.ts';
import type { Store } from '../../store/ports/store.ts';

const postgres = await findPostgres('doctor.test.ts');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-doctor-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const webpos = (words: readonly string[], settings: Readonly<Record<string, string>> = {}): ReturnType<typeof runWebpos> =>
  runWebpos(folder, words, settings);

async function newPos(currency = 'EUR'): Promise<void> {
  const account = await webpos(['account', 'create', '--name', 'Till', '--xpub', testKey(1), '--json']);
  const { uuid } = JSON.parse(account.out) as { uuid: string };
  const made = await webpos(['pos', 'create', '--name', 'Shop', '--account', uuid, '--currency', currency]);
  expect(made.status, made.err).toBe(0);
}

async function onStore(work: (store: Store) => Promise<void>): Promise<void> {
  const { store } = await openBase({
    databaseUrl: `sqlite:${join(folder, 'webpos.db')}`,
    keyFile: join(folder, 'webpos.key'),
    marksFile: join(folder, 'webpos.marks'),
  } as Parameters<typeof openBase>[0]);
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

async function findings(settings: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<string, Finding>>> {
  const run = await webpos(['doctor', '--json'], settings);
  const { healthy, findings: all } = JSON.parse(run.out) as { healthy: boolean; findings: Finding[] };
  expect(run.status).toBe(healthy ? 0 : 1);
  expect(healthy).toBe(all.every(({ level }) => level !== 'problem'));
  return Object.fromEntries(all.map((finding) => [finding.what, finding]));
}

describe('webpos doctor', () => {
  it('finds no problem in a new sandbox, as text and as JSON', async () => {
    await newPos();
    const { status, out } = await webpos(['doctor']);
    expect(out.split('\n').map((line) => line.replace(/ at block \d+|\d+ (?=MB left)/, ''))).toEqual([
      `ok       version: WebPOS ${VERSION} on Node ${process.version}`,
      'ok       mode: sandbox mode on regtest: its bitcoin is worth nothing; WEBPOS_MODE=live takes real payments',
      'ok       database: can be read; 1 of 1 POS enabled',
      'ok       tables: as this version creates them',
      'ok       free space: MB left for the database',
      'ok       key file: decrypts the secret of every POS',
      'ok       files: private: no other user of this machine can read them',
      'ok       people: nobody is an owner of the panel: only webpos panel login opens it; create one with webpos user create --role owner',
      'ok       audit log: 1 entry, intact',
      'ok       account Till: next address 0, 0 unused before it',
      `ok       marks file: ${join(folder, 'webpos.key.marks')} does not exist yet: the next start creates it`,
      'ok       seals: every account and POS is authentic, and so are the next 0 addresses',
      'ok       refunds: every request of a buyer is verified',
      'ok       unassigned payments: none',
      'ok       chain: sandbox is on regtest,',
      'ok       position: the gateway has not read the chain yet: its first start begins at the tip',
      'ok       mempool: 0 transactions',
      'ok       payments: the node has every payment',
      'ok       rates EUR: one bitcoin is 60000, from fixed',
      'ok       callbacks: 0 waiting, 0 given up',
    ]);
    expect(status).toBe(0);
    expect((await findings())['chain']?.level).toBe('ok');
  });

  it('warns that there is no POS', async () => {
    await webpos(['account', 'create', '--name', 'Till', '--xpub', testKey(1)]);
    expect((await findings())['database']).toMatchObject({
      level: 'warning',
      says: expect.stringContaining('pos create') as string,
    });
  });

  it('reports a currency without a rate, and continues', async () => {
    await newPos('KES');
    const found = await findings();
    expect(found['rates KES']).toMatchObject({ level: 'problem', says: 'no rate, so orders are refused with 4003' });
    expect(found['callbacks']?.level).toBe('ok');
  });

  it('reports a wrong key file and an unreachable node, and continues', async () => {
    await newPos();
    await rm(join(folder, 'webpos.key'));
    const found = await findings({ WEBPOS_CHAIN: 'bitcoind', WEBPOS_BITCOIND_URL: 'http://user:pa55word@127.0.0.1:9' });
    expect(found['key file']).toMatchObject({ level: 'problem', says: expect.stringContaining('WEBPOS_KEY_FILE') as string });
    expect(found['chain']?.level).toBe('problem');
    expect(JSON.stringify(found)).not.toContain('pa55word');
    expect(found['rates EUR']?.level).toBe('ok');
  });

  it('reports shops that do not acknowledge their callbacks, with the number of failures and the reason', async () => {
    await newPos();
    await onStore(async (store) => {
      const [pos] = await store.pos.list();
      await store.endpoints.recordFailure({
        posId: pos!.id,
        endpoint: 'https://shop.example',
        since: NOON,
        failures: 7,
        lastError: 'answered 500',
        lastAt: NOON,
      });
    });
    expect((await findings())['shops']).toMatchObject({
      level: 'warning',
      says: expect.stringMatching(/https:\/\/shop\.example has failed 7 times in a row since .* \(answered 500\)/) as string,
    });
  });

  it('reports tables that differ from those of this version', async () => {
    await newPos();
    const database = new DatabaseSync(join(folder, 'webpos.db'));
    database.exec('drop table panel_grants');
    database.close();
    expect((await findings())['tables']).toMatchObject({
      level: 'problem',
      says: expect.stringContaining('table panel_grants is missing') as string,
    });
  });

  it('reports a node on another chain', async () => {
    await newPos();
    await using node = await startFakeNode({ chain: 'main' });
    const found = await findings({ WEBPOS_CHAIN: 'bitcoind', WEBPOS_BITCOIND_URL: node.url });
    expect(found['chain']).toMatchObject({ level: 'problem', says: expect.stringContaining('regtest') as string });
  });

  it('reports an invalid certificate', async () => {
    await newPos();
    const files = { WEBPOS_TLS_CERT_FILE: join(folder, 'cert.pem'), WEBPOS_TLS_KEY_FILE: join(folder, 'key.pem') };
    for (const file of Object.values(files)) await writeFile(file, 'not a certificate');
    expect((await findings(files))['certificate']).toMatchObject({
      level: 'problem',
      says: expect.stringContaining('TLS_CERT_FILE') as string,
    });
  });

  // skip: no PostgreSQL is available; the finder says why, and fails where CI is set
  it.skipIf(postgres === undefined)('says what a failover of PostgreSQL may lose, and whether notifications arrive', async () => {
    await using schema = await freshSchema(postgres ?? '');
    const found = await findings({ WEBPOS_DATABASE_URL: `${postgres}?options=-c%20search_path%3D${schema.name}` });
    expect(found['failover']?.says).toMatch(/replica|synchronous_commit|fsync/);
    expect(found['database notifications']).toMatchObject({ level: 'ok', says: 'arrive' });
    expect(found['database hosts']).toBeUndefined();
  });
});
