/** Lists of callbacks, with every combination of filters, compared with a list of everything. */
import type { Insertable } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { onEveryDatabase, IN_MEMORY, ON_POSTGRES } from '../../../../test/support/every-database.ts';
import { NOON, sampleCallback, sampleOrder, storedPos } from '../../../../test/support/samples.ts';
import type { ListedCallback } from '../../../callbacks/callback.ts';
import { plusMs } from '../../../kernel/clock.ts';
import type { CallbackId, PosId } from '../../../kernel/ids.ts';
import { listCallbacks } from '../../../services/callbacks/callback-log.ts';
import type { CallbackQuery } from '../../ports/callback-store.ts';
import type { CallbacksTable } from './columns.ts';

const STATUSES = ['waiting', 'delivered', 'failed', 'not_wanted'] as const;
const ENDPOINTS = ['https://a.example', 'https://b.example'] as const;
const EVERY = { orderId: undefined, posId: undefined, status: undefined } as const;
/** More than the rows of one step. */
const MANY = 2_100;

const idsOf = (callbacks: readonly ListedCallback[]): CallbackId[] => callbacks.map(({ id }) => id);

await onEveryDatabase(
  'callback-lists.test.ts',
  (database) => {
    let shops: PosId[];

    beforeEach(async () => {
      const { store, db } = database;
      const [one, two] = [await storedPos(store), await storedPos(store)];
      shops = [one.id, two.id];
      let n = 0;
      for (const pos of [one, two]) {
        for (const status of STATUSES) {
          for (const endpoint of ENDPOINTS) {
            const order = sampleOrder(pos);
            await store.orders.insert(order);
            const url = status === 'not_wanted' ? null : `${endpoint}/callback`;
            for (let event = 0; event < 2; event += 1) {
              n += 1;
              const callback = sampleCallback(order, { url, createdAt: plusMs(NOON, (n * 7) % 5) });
              await store.transaction((tx) => tx.callbacks.insert([callback]));
              if (status === 'delivered' || status === 'failed')
                await db
                  .updateTable('callbacks')
                  .set({ status, ended_at: NOON, next_attempt_at: null })
                  .where('id', '=', callback.id)
                  .execute();
            }
          }
        }
      }
      // The feed of the first POS has been read in part.
      await store.transaction((tx) => tx.callbacks.feed(one.id, 0, 5));
    });

    /** Reads all pages. */
    async function pages(query: Partial<CallbackQuery>, limit: number): Promise<ListedCallback[]> {
      const found: ListedCallback[] = [];
      let before: CallbackId | undefined;
      do {
        const page = await listCallbacks(database, { ...EVERY, ...query, before, limit });
        found.push(...page.callbacks);
        before = page.next;
      } while (before !== undefined);
      return found;
    }

    test.each([
      ['all POS', undefined],
      ['one POS, whose feed has been read in part', 0],
      ['another POS', 1],
    ])('every callback of %s that passes the filters is listed once, however long the pages are', async (_, shop) => {
      const posId = shop === undefined ? undefined : shops[shop];
      const all = await pages({}, 100);
      expect(all).toHaveLength(32);
      for (const status of [undefined, ...STATUSES])
        for (const endpoint of [undefined, ...ENDPOINTS, 'https://none.example']) {
          const matching = all.filter(
            (one) =>
              (posId === undefined || one.posId === posId) &&
              (status === undefined || one.delivery.status === status) &&
              (endpoint === undefined || one.url?.startsWith(`${endpoint}/`) === true),
          );
          for (const limit of [1, 3, 100]) {
            const found = await pages({ posId, status, endpoint }, limit);
            expect(idsOf(found).toSorted(), `${status} ${endpoint} ${limit}`).toEqual(idsOf(matching).toSorted());
          }
        }
    });

    test('events of one order are listed the last first', async () => {
      const [callback] = await pages({ status: 'failed' }, 1);
      const ofOrder = await pages({ orderId: callback!.orderId }, 1);
      expect(ofOrder.map(({ sequence }) => sequence)).toEqual([1, 0]);
    });

    test('a callback of another POS, or of no order, is a cursor too', async () => {
      const [newest] = (await pages({}, 100)).filter(({ posId }) => posId === shops[1]);
      const after = await listCallbacks(database, { ...EVERY, posId: shops[0], before: newest!.id, limit: 100 });
      expect(after.callbacks.every(({ posId }) => posId === shops[0])).toBe(true);
      const missing = '00000000-0000-4000-8000-00000000ffff' as CallbackId;
      expect(await listCallbacks(database, { ...EVERY, before: missing, limit: 9 })).toMatchObject({
        callbacks: [],
        next: undefined,
      });
    });

    test('a step searches a bounded part, and the search goes on from there', async () => {
      const { store, db } = database;
      const [first] = await pages({ status: 'delivered' }, 100);
      const stored = await db.selectFrom('callbacks').selectAll().where('id', '=', first!.id).executeTakeFirstOrThrow();
      const row = stored as unknown as Insertable<CallbacksTable>;
      const id = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
      for (let start = 0; start < MANY; start += 100) {
        const numbers = Array.from({ length: 100 }, (__, n) => start + n);
        const later = Number(stored.created_at) + 1_000;
        await db
          .insertInto('callbacks')
          .values(
            numbers.map((n) => ({
              ...row,
              id: id(n),
              sequence: 100 + n,
              created_at: later + n,
              feed_position: null,
            })),
          )
          .execute();
        await db
          .insertInto('callback_bodies')
          .values(numbers.map((n) => ({ callback_id: id(n), body: '{}' })))
          .execute();
      }
      const query = { ...EVERY, status: 'not_wanted', before: undefined, limit: 100 } as const;
      const step = await store.callbacks.list(query);
      expect(step.callbacks).toEqual([]);
      expect(step.searchedTo).toBe(id(MANY - 2_000));
      const cutOff = await listCallbacks(database, query, 1);
      expect(cutOff).toEqual({ callbacks: [], next: id(MANY - 2_000), isCutOff: true });
      expect((await listCallbacks(database, query, 2)).callbacks).toHaveLength(8);
    });
  },
  [IN_MEMORY, ON_POSTGRES],
);
