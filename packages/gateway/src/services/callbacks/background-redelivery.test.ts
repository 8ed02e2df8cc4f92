/** A redelivery in the background survives its process, and exactly one process works on it. */
import { afterEach, expect, test } from 'vitest';
import { IN_FILE, onEveryDatabase, ON_POSTGRES } from '../../../test/support/every-database.ts';
import { NOON, sampleCallback, SAMPLE_ATTEMPT, sampleOrder, storedPos } from '../../../test/support/samples.ts';
import { plusMs } from '../../kernel/clock.ts';
import type { WorkStore } from '../../store/ports/shared/work-store.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { SqlStore } from '../../store/sql/sql-store.ts';
import type { RedeliveryContext } from '../context.ts';
import { BackgroundRedelivery, RedeliveryUnderWayError, type RedeliveryTimes } from './background-redelivery.ts';

const COUNT = 250;
const WHICH = { endedSince: NOON, posId: undefined, endpoint: undefined };
const NOW = plusMs(NOON, 60_000);
const SOON: RedeliveryTimes = { lifetimeMs: 50, lookMs: 5, saveMs: 0 };
const LATE: RedeliveryTimes = { lifetimeMs: 600_000, lookMs: 5, saveMs: 0 };

/** Stores orders, each with a callback that was given up. */
async function givenUp(store: SqlStore, count = COUNT): Promise<void> {
  const pos = await storedPos(store);
  const orders = Array.from({ length: count }, () => sampleOrder(pos));
  await store.transaction(async (tx) => {
    await tx.orders.insert(...orders);
    await tx.callbacks.insert(orders.map((order) => sampleCallback(order, { url: 'https://shop.example/callback' })));
    const of = { posId: pos.id, endpoint: 'https://shop.example', claimant: 'me', kind: 'fresh' } as const;
    const claimed = await tx.callbacks.claim({ ...of, now: NOON, until: plusMs(NOON, 1), limit: count });
    const end = { outcome: { kind: 'failed', at: NOON, error: 'answered 410' }, record: SAMPLE_ATTEMPT } as const;
    await tx.callbacks.finish(
      claimed.map((callback) => ({ callback, end })),
      'me',
    );
  });
}

await onEveryDatabase(
  import.meta.filename,
  (database) => {
    const opened: BackgroundRedelivery[] = [];
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.stop();
    });

    interface Settings {
      readonly holder?: string;
      readonly isAlone?: boolean;
      readonly times?: RedeliveryTimes;
      /** Runs before each page makes callbacks due. */
      readonly page?: () => Promise<void>;
      readonly lines?: string[];
      /** Replaces the work as it is used outside transactions. */
      readonly work?: WorkStore;
    }
    function open({
      holder = 'one',
      isAlone = false,
      times = SOON,
      page,
      lines = [],
      work,
    }: Settings = {}): BackgroundRedelivery {
      const { store } = database;
      const watched: RedeliveryContext['store'] = {
        ...store,
        ...(work && { work }),
        transaction: (work) => store.transaction((tx) => work(page === undefined ? tx : { ...tx, callbacks: pagesOf(tx, page) })),
      };
      const log = (_fields: unknown, message: string): void => void lines.push(message);
      const context = { store: watched, clock: { now: () => NOW }, callbacksStored: () => {} };
      const redelivery = new BackgroundRedelivery({
        context,
        holder,
        isAlone,
        times,
        log: { info: log, warn: log },
        answerWithinMs: 20,
      });
      redelivery.start();
      opened.push(redelivery);
      return redelivery;
    }
    const pagesOf = ({ callbacks }: StoreTransaction, page: () => Promise<void>): StoreTransaction['callbacks'] =>
      new Proxy(callbacks, {
        get: (target, name) => {
          const method = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
          return async (...given: unknown[]) => {
            if (name === 'makeDue') await page();
            return Reflect.apply(method, target, given);
          };
        },
      });
    /** A process that dies in its third page: it does nothing any more, and its claim stays. */
    async function died(settings: Settings = {}): Promise<void> {
      const { work } = database.store;
      let pages = 0;
      const dying = new Promise<void>((dead) => {
        const page = async (): Promise<void> => {
          pages += 1;
          if (pages === 3) throw new Error('killed');
        };
        const save = async (): Promise<boolean> => {
          dead();
          return new Promise(() => {});
        };
        const dyingWork: WorkStore = {
          read: (name) => work.read(name),
          lock: (name) => work.lock(name),
          take: (name, claim) => work.take(name, claim),
          save,
        };
        void open({ ...settings, page, work: dyingWork }).begin(WHICH);
      });
      await dying;
      opened.pop();
    }
    const failed = async (): Promise<number> => {
      const { n } = await database.db
        .selectFrom('callbacks')
        .select((eb) => eb.fn.countAll<number | string>().as('n'))
        .where('status', '=', 'failed')
        .executeTakeFirstOrThrow();
      return Number(n);
    };

    test('a short one is answered with its outcome, by any process', async () => {
      await givenUp(database.store, 2);
      const other = open({ holder: 'other' });
      expect(await other.state()).toBeUndefined();
      const redelivery = open();
      await expect.poll(() => redelivery.begin(WHICH).catch(() => undefined)).toMatchObject({ state: 'done' });
      const ended = { state: 'done', busy: 0, damaged: 0, startedAt: NOW, endedAt: NOW, error: undefined };
      expect(await other.state()).toMatchObject(ended);
      expect(await failed()).toBe(0);
    });

    test('one keeps others out until it has ended, in every process', async () => {
      await givenUp(database.store);
      let go = (): void => {};
      const held = new Promise<void>((resolve) => (go = resolve));
      const redelivery = open({ times: LATE, page: () => held });
      expect(await redelivery.begin(WHICH)).toMatchObject({ state: 'running', due: 0 });
      if (database.dialect.rowLocks) {
        const other = open({ holder: 'other', times: LATE });
        await expect(other.begin(WHICH)).rejects.toThrow(RedeliveryUnderWayError);
      }
      go();
      await expect.poll(() => redelivery.state()).toMatchObject({ state: 'done', due: COUNT });
      await redelivery.begin(WHICH);
      await expect.poll(() => redelivery.state()).toMatchObject({ state: 'done', due: 0 });
    });

    test('one whose process dies is continued after the last page by exactly one other, and counts every callback once', async () => {
      await givenUp(database.store);
      await died();
      expect(await failed()).toBe(COUNT - 200);
      const lines: string[] = [];
      // The claim of the dead process expires soon, and those of the others do not.
      const [reader] = ['two', 'three', 'four'].map((holder) => open({ holder, lines, times: LATE }));
      await expect.poll(() => reader?.state()).toMatchObject({ state: 'done', due: COUNT });
      expect(await failed()).toBe(0);
      expect(lines.filter((line) => line.includes('continues where it was interrupted'))).toHaveLength(1);
      expect(lines.filter((line) => line.includes('done'))).toHaveLength(1);
    });

    test('a process that is alone need not wait until the claim of its predecessor expires', async () => {
      await givenUp(database.store);
      await died({ times: LATE });
      const next = open({ holder: 'next', isAlone: true, times: LATE });
      await expect.poll(() => next.state()).toMatchObject({ state: 'done', due: COUNT });
    });

    test('a stop leaves it to the next process at once', async () => {
      await givenUp(database.store);
      const first: BackgroundRedelivery = open({ times: LATE, page: async () => void stopped.push(first.stop()) });
      const stopped: Promise<void>[] = [];
      await first.begin(WHICH);
      await Promise.all(stopped);
      expect(await first.state()).toMatchObject({ state: 'running' });
      open({ holder: 'next', times: LATE });
      await expect.poll(() => first.state()).toMatchObject({ state: 'done', due: COUNT });
    });

    test('one that fails says why', async () => {
      await givenUp(database.store, 1);
      const lines: string[] = [];
      const redelivery = open({
        lines,
        page: async () => {
          throw new Error('a fault');
        },
      });
      await redelivery.begin(WHICH);
      await expect.poll(() => redelivery.state()).toMatchObject({ state: 'failed', endedAt: NOW, error: 'a fault' });
      expect(lines).toEqual([expect.stringContaining('failed half-way')]);
    });
  },
  [IN_FILE, ON_POSTGRES],
);
