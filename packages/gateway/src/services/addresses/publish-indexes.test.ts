/** The leader's side of ready indexes, on a real store and a marks file in memory. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { IN_MEMORY, ON_POSTGRES, onEveryDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { testKey } from '../../../test/support/test-gateway.ts';
import { NOON, sampleAccount } from '../../../test/support/samples.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Account } from '../../merchants/account.ts';
import type { MarksFile, WalletMark } from '../../store/marks.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';
import { walletId, type WalletId } from '../../wallet/wallet-id.ts';
import { accountWallet } from '../merchants/account-wallet.ts';
import { IndexPublisher } from './publish-indexes.ts';
import { ReadyIndexAllocator } from './ready-index-allocator.ts';

const HOUR_MS = 3_600_000;
const TERM = 1;

class MarksInMemory implements MarksFile {
  readonly path = 'marks';
  readonly marks = new Map<WalletId, WalletMark>();
  isBroken = false;

  async read(): Promise<ReadonlyMap<WalletId, WalletMark>> {
    return this.marks;
  }

  async update<T>(change: (draft: Map<WalletId, WalletMark>) => T): Promise<T> {
    if (this.isBroken) throw new Error('the disk is full');
    return change(this.marks);
  }

  async checkWritable(): Promise<void> {}
}

await onEveryDatabase(
  'publish-indexes.test.ts',
  (database) => {
    let marks: MarksInMemory;
    let account: Account;
    let clearTo: number;
    /** How often the database had lost what was published. */
    let lost: number;
    let publisher: IndexPublisher;
    let allocator: ReadyIndexAllocator;

    beforeEach(async () => {
      marks = new MarksInMemory();
      clearTo = 1_000_000;
      lost = 0;
      const { descriptor } = parseAccount({ xpub: testKey(3) }, 'regtest');
      account = sampleAccount({ descriptor });
      await database.store.accounts.insert(account);
      await database.store.transaction((tx) => tx.lease.take('leader', HOUR_MS));
      allocator = new ReadyIndexAllocator({ store: database.store, asked: () => publisher.wake(), patienceMs: 30_000 });
      publisher = lead(database);
      publisher.start();
    });
    afterEach(() => publisher.stop());

    function lead({ store }: TestDatabase, before?: IndexPublisher['everPublished']): IndexPublisher {
      return new IndexPublisher({
        store,
        term: TERM,
        marks,
        session: 'a'.repeat(16),
        watched: { clearTo: () => clearTo, watchTo: async () => {}, hasRead: () => true },
        guard: { refusal: () => undefined },
        caughtUp: async () => {},
        clock: { now: () => NOON },
        nowMs: () => performance.now(),
        log: { info: () => {}, warn: () => {} },
        published: () => allocator.wake(),
        before,
        wentBack: () => void (lost += 1),
      });
    }

    const mark = (): number => marks.marks.get(walletId(accountWallet(account)))?.mark ?? 0;
    const take = (id: AccountId, count: number): Promise<number> =>
      allocator.take(id, count, (indexes) => database.store.transaction((tx) => indexes(tx, count)));
    /** In one statement, because the publisher works meanwhile. */
    const afterFailover = (restored: { readonly next_index: number; readonly ready_to: number }): Promise<unknown> =>
      database.db
        .updateTable('accounts')
        .set({ ...restored, ready_timeline: '0000002A' })
        .execute();

    describe('indexes', () => {
      test('are made ready on demand, each below a mark on disk when it is taken', async () => {
        for (let n = 0; n < 5; n += 1) {
          expect(await take(account.id, 1)).toBe(n);
          expect(mark()).toBeGreaterThan(n);
        }
        expect(await take(account.id, 40)).toBe(5);
        expect(mark()).toBeGreaterThanOrEqual(45);
      });

      test('are given to callers in several processes once each', async () => {
        const other = new ReadyIndexAllocator({ store: database.store, asked: () => {}, patienceMs: 30_000 });
        const takeThere = (): Promise<number> =>
          other.take(account.id, 3, (indexes) => database.store.transaction((tx) => indexes(tx, 3)));
        const firsts = await Promise.all([
          ...Array.from({ length: 5 }, takeThere),
          ...Array.from({ length: 5 }, () => take(account.id, 3)),
        ]);
        expect(firsts.sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, n) => n * 3));
      });

      test('whose mark cannot be written are not ready', async () => {
        marks.isBroken = true;
        const impatient = new ReadyIndexAllocator({ store: database.store, asked: () => publisher.wake(), patienceMs: 300 });
        const taking = impatient.take(account.id, 1, (indexes) => database.store.transaction((tx) => indexes(tx, 1)));
        await expect(taking).rejects.toMatchObject({ code: '4006' });
        marks.isBroken = false;
        expect(await take(account.id, 1)).toBe(0);
      });

      test('that are not clear are not ready', async () => {
        clearTo = 2;
        expect(await take(account.id, 2)).toBe(0);
        const impatient = new ReadyIndexAllocator({ store: database.store, asked: () => publisher.wake(), patienceMs: 300 });
        const taking = impatient.take(account.id, 1, (indexes) => database.store.transaction((tx) => indexes(tx, 1)));
        await expect(taking).rejects.toMatchObject({ code: '4006' });
      });

      test('are withdrawn when no orders come, so that a kill skips nothing', async () => {
        await take(account.id, 40);
        await vi.waitFor(async () => {
          const [row] = await database.store.readyIndexes.list();
          expect([row?.nextIndex, row?.readyTo]).toEqual([40, 40]);
          expect(mark()).toBe(40);
        });
      });

      test('that another gateway with the same wallet has reserved are skipped', async () => {
        marks.marks.set(walletId(accountWallet(account)), { from: 0, mark: 12, by: 'b'.repeat(16) });
        expect(await take(account.id, 1)).toBe(12);
        expect(await database.store.accounts.skippedRanges(account.id)).toMatchObject([{ from: 0, to: 12, reason: 'mark' }]);
      });
    });

    describe('after a failover', () => {
      test('the account starts over above everything that this process has published', async () => {
        await take(account.id, 40);
        await publisher.stop();
        const before = new Map([[account.id, { mark: 70, readyTo: 60 }]]);
        await afterFailover({ next_index: 3, ready_to: 5 });
        publisher = lead(database, before);
        publisher.start();
        expect(await take(account.id, 1)).toBe(70);
        expect(await database.store.accounts.skippedRanges(account.id)).toMatchObject([{ from: 3, to: 70, reason: 'failover' }]);
      });

      test('the account starts over at a distance if another process has published', async () => {
        await afterFailover({ next_index: 30, ready_to: 50 });
        expect(await take(account.id, 1)).toBeGreaterThanOrEqual(50 + 1_024);
      });

      test('the process is told that the database has lost what it published, and starts over in its next term', async () => {
        await take(account.id, 40);
        await vi.waitFor(async () => {
          // Again, because the process may just be publishing.
          await database.db.updateTable('accounts').set({ next_index: 3, ready_to: 3 }).execute();
          publisher.wake();
          expect(lost).toBeGreaterThan(0);
        });
        const before = publisher.everPublished;
        await publisher.stop();
        publisher = lead(database, before);
        publisher.start();
        expect(await take(account.id, 1)).toBe(before.get(account.id)?.mark);
      });
    });
  },
  [IN_MEMORY, ON_POSTGRES],
);
