import { beforeEach, describe, expect, test } from 'vitest';
import { onEveryDatabase, type TestDatabase } from '../../../../test/support/every-database.ts';
import { NOON, sampleAccount } from '../../../../test/support/samples.ts';
import { READY_AFTER_LEASE_MS } from '../../ports/leader/ready-index-store.ts';
import type { AccountId } from '../../../kernel/ids.ts';

const HOUR_MS = 3_600_000;
/** The term of the first lease. */
const TERM = 1;

await onEveryDatabase('ready-indexes.test.ts', (database) => {
  beforeEach(() => database.store.transaction((tx) => tx.lease.take('leader', HOUR_MS)));

  const take = (id: AccountId, count: number): Promise<number | undefined> =>
    database.store.transaction((tx) => tx.readyIndexes.take(id, count));

  describe('indexes', () => {
    test('are taken only below the one up to which they are ready', async () => {
      const { id } = await storedAccount(database);
      expect(await take(id, 1)).toBeUndefined();
      expect(await database.store.readyIndexes.publish(id, 3, TERM)).toBe(true);
      expect(await take(id, 2)).toBe(0);
      expect(await take(id, 2)).toBeUndefined();
      expect(await take(id, 1)).toBe(2);
      expect(await take(id, 1)).toBeUndefined();
    });

    test('are made ready further, and never less far', async () => {
      const { id } = await storedAccount(database);
      await database.store.readyIndexes.publish(id, 5, TERM);
      expect(await database.store.readyIndexes.publish(id, 2, TERM)).toBe(true);
      expect(await take(id, 5)).toBe(0);
    });

    test('that are wanted are listed', async () => {
      const { id } = await storedAccount(database, { nextIndex: 7 });
      await database.store.readyIndexes.want(id, 3);
      await database.store.readyIndexes.want(id, 2);
      expect(await database.store.readyIndexes.list()).toEqual([
        { accountId: id, nextIndex: 7, readyTo: 0, term: 0, wantedTo: 10, isOtherTimeline: false },
      ]);
    });

    test('that are withdrawn are ready no more', async () => {
      const { id } = await storedAccount(database);
      await database.store.readyIndexes.publish(id, 5, TERM);
      await take(id, 2);
      expect(await database.store.readyIndexes.withdraw(id)).toBe(2);
      expect(await take(id, 1)).toBeUndefined();
    });

    test('of before a failover are not ready until the leader has started over', async () => {
      const { id } = await storedAccount(database);
      await database.store.readyIndexes.publish(id, 5, TERM);
      await database.db.updateTable('accounts').set({ ready_timeline: '0000002A' }).execute();
      expect(await take(id, 1)).toBeUndefined();
      expect(await database.store.readyIndexes.publish(id, 9, TERM)).toBe(false);
      expect(await database.store.readyIndexes.list()).toMatchObject([{ accountId: id, readyTo: 5, isOtherTimeline: true }]);
      await database.store.transaction(async (tx) => {
        await tx.accounts.raiseIndex(id, 20, 'failover', NOON);
        await tx.readyIndexes.startOver(id);
      });
      expect(await take(id, 1)).toBeUndefined();
      expect(await database.store.readyIndexes.publish(id, 21, TERM)).toBe(true);
      expect(await take(id, 1)).toBe(20);
    });

    test('are ready no more once the lease is long over, as in a restored backup, or another leader has taken over', async () => {
      const { id } = await storedAccount(database);
      await database.store.readyIndexes.publish(id, 5, TERM);
      const held = { holder: 'leader', term: TERM, timeline: '' };
      await database.store.lease.renew(held, -1_000, undefined);
      expect(await take(id, 1)).toBe(0);
      await database.store.lease.renew(held, -READY_AFTER_LEASE_MS, undefined);
      expect(await take(id, 1)).toBeUndefined();
      await database.store.transaction((tx) => tx.lease.take('other', HOUR_MS));
      expect(await take(id, 1)).toBeUndefined();
      await database.store.readyIndexes.publish(id, 2, 2);
      expect(await take(id, 2)).toBeUndefined();
      expect(await take(id, 1)).toBe(1);
    });

    test('stay ready in the term of a successor', async () => {
      const { id } = await storedAccount(database);
      await database.store.readyIndexes.publish(id, 5, TERM);
      await database.store.lease.renew({ holder: 'leader', term: TERM, timeline: '' }, -1_000, undefined);
      await database.store.transaction((tx) => tx.lease.take('other', HOUR_MS));
      await database.store.readyIndexes.succeed(2);
      expect(await take(id, 5)).toBe(0);
    });

    test('of an account that was created before a failover are not ready after it', async () => {
      const { id } = await storedAccount(database);
      await database.db.updateTable('accounts').set({ ready_timeline: '0000002A' }).execute();
      expect(await database.store.readyIndexes.publish(id, 1, TERM)).toBe(false);
    });
  });
});

async function storedAccount(
  { store }: TestDatabase,
  changes: Parameters<typeof sampleAccount>[0] = {},
): Promise<ReturnType<typeof sampleAccount>> {
  const account = sampleAccount(changes);
  await store.accounts.insert(account);
  return account;
}
