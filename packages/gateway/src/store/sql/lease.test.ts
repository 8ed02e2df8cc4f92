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
import { LeaseLostError, type HeldLease } from '../ports/leader/lease-store.ts';
import type { Store } from '../ports/store.ts';

const HOUR_MS = 3_600_000;
/** A lease that is over when it begins. */
const EXPIRED_MS = -1_000;

function take(store: Store, holder: string, lifetimeMs: number = HOUR_MS): Promise<HeldLease | undefined> {
  return store.transaction((tx) => tx.lease.take(holder, lifetimeMs));
}

async function taken(store: Store, holder: string, lifetimeMs?: number): Promise<HeldLease> {
  const lease = await take(store, holder, lifetimeMs);
  if (lease === undefined) throw new Error('another process holds the lease');
  return lease;
}

await onEveryDatabase(
  'lease.test.ts',
  (database) => {
    describe('the lease', () => {
      test('is free at first, and then belongs to the process that took it', async () => {
        const { store } = database;
        expect(await store.lease.read()).toMatchObject({ holder: undefined, term: 0, status: undefined });
        expect((await store.lease.read()).validMs).toBeLessThanOrEqual(0);
        expect(await take(store, 'a')).toMatchObject({ holder: 'a', term: 1 });
        const lease = await store.lease.read();
        expect(lease).toMatchObject({ holder: 'a', term: 1 });
        expect(lease.validMs).toBeGreaterThan(HOUR_MS / 2);
        expect(await take(store, 'b')).toBeUndefined();
        expect(await take(store, 'a')).toBeUndefined();
      });

      test('begins another term when it is taken after it has expired or was given back', async () => {
        const { store } = database;
        const a = await taken(store, 'a', EXPIRED_MS);
        const b = await taken(store, 'b');
        expect(b).toMatchObject({ holder: 'b', term: 2 });
        await store.lease.release(a);
        expect(await take(store, 'c')).toBeUndefined();
        await store.lease.release(b);
        expect(await store.lease.read()).toMatchObject({ holder: undefined, term: 2 });
        expect(await take(store, 'c')).toMatchObject({ holder: 'c', term: 3 });
      });

      test('is renewed only by its holder and in its term', async () => {
        const { store } = database;
        const held = await taken(store, 'a', EXPIRED_MS);
        expect(await store.lease.renew(held, HOUR_MS, 'well')).toBe('renewed');
        expect(await store.lease.read()).toMatchObject({ holder: 'a', term: 1, status: 'well' });
        expect(await store.lease.renew(held, HOUR_MS, undefined)).toBe('renewed');
        expect((await store.lease.read()).status).toBe('well');
        for (const other of [
          { ...held, holder: 'b' },
          { ...held, term: 2 },
        ])
          expect(await store.lease.renew(other, 2 * HOUR_MS, 'taken')).toBe('lost');
        expect(await store.lease.renew({ ...held, timeline: 'before' }, HOUR_MS, undefined)).toBe('failed over');
        expect(await store.lease.read()).toMatchObject({ holder: 'a', status: 'well' });
        expect((await store.lease.read()).validMs).toBeLessThanOrEqual(HOUR_MS);
      });

      test('lets only transactions of the current term pass', async () => {
        const { store } = database;
        const a = await taken(store, 'a', EXPIRED_MS);
        await store.transaction((tx) => tx.lease.hold(a));
        const b = await taken(store, 'b');
        await expect(store.transaction((tx) => tx.lease.hold(a))).rejects.toThrow(LeaseLostError);
        await store.transaction((tx) => tx.lease.hold(b));
      });

      test('lets no transaction pass of a process whose equal term a failover has lost', async () => {
        const { store } = database;
        const held = await taken(store, 'the one that was promoted');
        const lost = { ...held, holder: 'the one that was lost' };
        await expect(store.transaction((tx) => tx.lease.hold(lost))).rejects.toThrow(LeaseLostError);
      });

      test('lets no transaction pass of a process that took it before a failover', async () => {
        const { store } = database;
        const held = { ...(await taken(store, 'a')), timeline: 'before' };
        await expect(store.transaction((tx) => tx.lease.hold(held))).rejects.toThrow(LeaseLostError);
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
        const held = await taken(one.store, 'a', EXPIRED_MS);
        let isTaken = false;
        let taking: Promise<HeldLease | undefined> | undefined;
        await one.store.transaction(async (tx) => {
          await tx.lease.hold(held);
          expect(await other.store.lease.renew(held, EXPIRED_MS, 'still here')).toBe('renewed');
          taking = take(other.store, 'b').then((lease) => {
            isTaken = true;
            return lease;
          });
          for (let n = 0; n < 20; n += 1) await other.store.lease.read();
          expect(isTaken).toBe(false);
        });
        expect(await taking).toMatchObject({ holder: 'b', term: 2 });
      } finally {
        await one.store.close();
        await other.store.close();
      }
    });

    test('PostgreSQL ends the transaction of a leader that was suspended in its middle', async () => {
      const [one, other] = [await openDatabase(place().connect()), await openDatabase(place().connect())];
      try {
        const held = await taken(one.store, 'a', EXPIRED_MS);
        const suspended = one.store.transaction(async (tx) => {
          await tx.lease.hold(held);
          expect(await take(other.store, 'b')).toMatchObject({ term: 2 });
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
