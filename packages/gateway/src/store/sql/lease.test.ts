/** The lease on every database; on PostgreSQL also between two connections. */
import { describe, expect, test } from 'vitest';
import {
  IN_FILE,
  IN_MEMORY,
  ON_POSTGRES,
  onEveryDatabase,
  onEveryPlace,
  openDatabase,
} from '../../../test/support/every-database.ts';
import { LeaseLostError } from '../ports/leader/lease-store.ts';
import type { Store } from '../ports/store.ts';

const HOUR_MS = 3_600_000;
/** A lease that is over when it begins. */
const EXPIRED_MS = -1_000;

function take(store: Store, holder: string, lifetimeMs: number = HOUR_MS): Promise<number | undefined> {
  return store.transaction((tx) => tx.lease.take(holder, lifetimeMs));
}

await onEveryDatabase(
  'lease.test.ts',
  (database) => {
    describe('the lease', () => {
      test('is free at first, and then belongs to the process that took it', async () => {
        const { store } = database;
        expect(await store.lease.read()).toMatchObject({ holder: undefined, term: 0, status: undefined });
        expect((await store.lease.read()).validMs).toBeLessThanOrEqual(0);
        expect(await take(store, 'a')).toBe(1);
        const lease = await store.lease.read();
        expect(lease).toMatchObject({ holder: 'a', term: 1 });
        expect(lease.validMs).toBeGreaterThan(HOUR_MS / 2);
        expect(await take(store, 'b')).toBeUndefined();
        expect(await take(store, 'a')).toBeUndefined();
      });

      test('begins another term when it is taken after it has expired or was given back', async () => {
        const { store } = database;
        await take(store, 'a', EXPIRED_MS);
        expect(await take(store, 'b')).toBe(2);
        await store.lease.release({ holder: 'a', term: 1 });
        expect(await take(store, 'c')).toBeUndefined();
        await store.lease.release({ holder: 'b', term: 2 });
        expect(await store.lease.read()).toMatchObject({ holder: undefined, term: 2 });
        expect(await take(store, 'c')).toBe(3);
      });

      test('is renewed only by its holder and in its term', async () => {
        const { store } = database;
        await take(store, 'a', EXPIRED_MS);
        expect(await store.lease.renew({ holder: 'a', term: 1 }, HOUR_MS, 'well')).toBe(true);
        expect(await store.lease.read()).toMatchObject({ holder: 'a', term: 1, status: 'well' });
        expect(await store.lease.renew({ holder: 'a', term: 1 }, HOUR_MS, undefined)).toBe(true);
        expect((await store.lease.read()).status).toBe('well');
        for (const other of [
          { holder: 'b', term: 1 },
          { holder: 'a', term: 2 },
        ])
          expect(await store.lease.renew(other, 2 * HOUR_MS, 'taken')).toBe(false);
        expect(await store.lease.read()).toMatchObject({ holder: 'a', status: 'well' });
        expect((await store.lease.read()).validMs).toBeLessThanOrEqual(HOUR_MS);
      });

      test('lets only transactions of the current term pass', async () => {
        const { store } = database;
        await take(store, 'a', EXPIRED_MS);
        await store.transaction((tx) => tx.lease.hold({ holder: 'a', term: 1 }));
        await take(store, 'b');
        await expect(store.transaction((tx) => tx.lease.hold({ holder: 'a', term: 1 }))).rejects.toThrow(LeaseLostError);
        await store.transaction((tx) => tx.lease.hold({ holder: 'b', term: 2 }));
      });

      test('lets no transaction pass of a process whose equal term a failover has lost', async () => {
        const { store } = database;
        await take(store, 'the one that was promoted');
        await expect(store.transaction((tx) => tx.lease.hold({ holder: 'the one that was lost', term: 1 }))).rejects.toThrow(
          LeaseLostError,
        );
      });
    });
  },
  [IN_MEMORY, IN_FILE, ON_POSTGRES],
);

await onEveryPlace(
  'lease.test.ts',
  (place) => {
    test('a takeover waits for a transaction that holds the term, a renewal does not', async () => {
      const [one, other] = [await openDatabase(place().connect()), await openDatabase(place().connect())];
      try {
        await take(one.store, 'a', EXPIRED_MS);
        let isTaken = false;
        let taking: Promise<number | undefined> | undefined;
        await one.store.transaction(async (tx) => {
          await tx.lease.hold({ holder: 'a', term: 1 });
          expect(await other.store.lease.renew({ holder: 'a', term: 1 }, EXPIRED_MS, 'renewed')).toBe(true);
          taking = take(other.store, 'b').then((term) => {
            isTaken = true;
            return term;
          });
          for (let n = 0; n < 20; n += 1) await other.store.lease.read();
          expect(isTaken).toBe(false);
        });
        expect(await taking).toBe(2);
      } finally {
        await one.store.close();
        await other.store.close();
      }
    });

    test('PostgreSQL ends the transaction of a leader that was suspended in its middle', async () => {
      const [one, other] = [await openDatabase(place().connect()), await openDatabase(place().connect())];
      try {
        await take(one.store, 'a', EXPIRED_MS);
        const suspended = one.store.transaction(async (tx) => {
          await tx.lease.hold({ holder: 'a', term: 1 });
          expect(await take(other.store, 'b')).toBe(2);
          await tx.marksPlace.put({ path: 'written in an old term', missingAt: null });
        });
        await expect(suspended).rejects.toThrow(/connection/);
        expect(await other.store.marksPlace.get()).toBeUndefined();
      } finally {
        await one.store.close();
        await other.store.close();
      }
    });
  },
  [ON_POSTGRES],
);
