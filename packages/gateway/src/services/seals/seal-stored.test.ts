import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NOON } from '../../../test/support/samples.ts';
import { testKey } from '../../../test/support/test-gateway.ts';
import { deriveKeys, type GatewayKeys } from '../../security/key-file.ts';
import { WalletSeals } from '../../security/wallet-seals.ts';
import { sealMarker } from '../../store/seal-marker.ts';
import { openStore } from '../../store/sql/open-store.ts';
import type { SqlStore } from '../../store/sql/sql-store.ts';
import { createAccount } from '../merchants/create-account.ts';
import { examineSealMarker } from '../operator/examine-seal-marker.ts';
import { sealStored } from './seal-stored.ts';

let folder: string;
let store: SqlStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-marker-'));
  store = await openStore('sqlite::memory:');
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

test('a database that was sealed with another key is not sealed again with this one', async () => {
  const place = { network: 'regtest', store, clock: { now: () => NOON }, newUuid: randomUUID } as const;
  const [before, now] = [deriveKeys(Buffer.alloc(32, 1)), deriveKeys(Buffer.alloc(32, 2))];
  const start = (keys: GatewayKeys, marks: string): Promise<number> =>
    sealStored({
      ...place,
      keys,
      marker: sealMarker(join(folder, marks)),
      marks: { read: async () => undefined },
      log: { error: () => {} },
    });
  await start(before, 'first.marks');
  const { account } = await createAccount({ ...place, keys: before }, { name: 'Wallet', wallet: { xpub: testKey(1) } });
  const sealed = account.seal;
  await start(now, 'of-another-machine.marks');
  expect((await store.accounts.get(account.id))?.seal).toBe(sealed);
  expect(sealed).not.toBe(new WalletSeals(now.wallet).ofAccount(account));
});

test('a marker that cannot be written is logged and reported by the doctor, and each start tries again', async () => {
  const place = join(folder, 'state');
  const marker = sealMarker(join(place, 'webpos.marks'));
  const logged: unknown[] = [];
  const start = (): Promise<number> =>
    sealStored({
      store,
      keys: deriveKeys(Buffer.alloc(32, 1)),
      marker,
      marks: { read: async () => undefined },
      clock: { now: () => NOON },
      log: { error: (fields, message) => void logged.push([fields, message]) },
    });
  const examine = () => examineSealMarker({ store, sealMarker: marker });

  expect(await examine()).toEqual([]);
  for (const starts of [1, 2]) {
    expect(await start()).toBe(NOON);
    expect(logged).toHaveLength(starts);
  }
  expect(logged[0]).toEqual([{ file: 'webpos.marks.sealed', reason: 'ENOENT' }, expect.stringContaining('cannot be written')]);
  expect(JSON.stringify(logged)).not.toContain(folder);
  expect(await examine()).toEqual([
    { what: 'seal marker', level: 'problem', says: expect.stringMatching(/^webpos\.marks\.sealed does not exist.*\(ENOENT\)/) },
  ]);

  await mkdir(place);
  expect(await examine()).toEqual([
    { what: 'seal marker', level: 'warning', says: expect.stringContaining('next start creates it') },
  ]);
  await start();
  expect(logged).toHaveLength(2);
  expect(await readFile(marker.path, 'utf8')).toBe('2026-11-23T12:00:00.000Z\n');
  expect(await examine()).toEqual([]);
});
