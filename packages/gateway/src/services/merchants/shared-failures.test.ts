import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { RequestLimits } from '../../http/limits/request-limits.ts';
import { SharedFailures } from './shared-failures.ts';

const log = { info: () => {}, warn: () => {} };
const nowMs = (): number => performance.now();

await onEveryDatabase('shared-failures.test.ts', (database) => {
  const rows = async (): Promise<number> => (await database.db.selectFrom('request_failures').select('key').execute()).length;

  describe('refused requests', () => {
    /** The limits of a process: after one refusal, an address has used up what it may have in 100 seconds. */
    function process(): RequestLimits {
      const refusals = new SharedFailures({ store: database.store, nowMs, log, intervalMs: 10 });
      onTestFinished(() => refusals.stop());
      refusals.start();
      return new RequestLimits({ clientPerS: 0, failuresPerS: 0.01, pagesPerS: 0, nowMs, refusals });
    }

    it('count in all processes, for their own address only', async () => {
      const [one, two, three] = [process(), process(), process()];
      expect(one.failure('192.0.2.1', 'client')).toBeUndefined();
      for (const [n, limits] of [two, three].entries()) {
        await vi.waitFor(() => expect(() => limits.guess('192.0.2.1', 'client')).toThrow('too many requests'));
        expect(limits.failure('192.0.2.1', 'client')?.message).toMatch('too many requests');
        expect(() => limits.guess('192.0.2.2', 'client')).not.toThrow();
        // Another address for each: the failure of one process reaches the next.
        expect(limits.failure(`192.0.2.${3 + n}`, 'client')).toBeUndefined();
      }
    });

    it('are stored without addresses and client ids', async () => {
      process().failure('192.0.2.1', 'client');
      await vi.waitFor(async () => expect(await rows()).toBe(2));
      for (const { key } of await database.db.selectFrom('request_failures').selectAll().execute())
        expect(key).toMatch(/^[\w-]{22}$/);
    });

    it('are not written while nothing is refused', async () => {
      const limits = process();
      for (let n = 0; n < 100; n += 1) limits.guess(`192.0.2.${n}`, `client ${n}`);
      let readings = 0;
      const { store } = database;
      const recent = async (): Promise<[]> => {
        readings += 1;
        return [];
      };
      const counted = { ...store, failures: { ...store.failures, recent } };
      const transaction = vi.fn(() => Promise.reject(new Error('not expected')));
      const idle = new SharedFailures({ store: { ...counted, transaction }, nowMs, log, intervalMs: 5 });
      onTestFinished(() => idle.stop());
      idle.start();
      await vi.waitFor(() => expect(readings).toBeGreaterThan(3));
      expect(transaction).not.toHaveBeenCalled();
      expect(await rows()).toBe(0);
    });

    it('of a flood are stored for the keys with the most of them alone', async () => {
      const shared = new SharedFailures({ store: database.store, nowMs, log, intervalMs: 60_000 });
      onTestFinished(() => shared.stop());
      for (let n = 0; n < 20_000; n += 1) {
        shared.take(`flood ${n}`, 100, 10_000_000);
        if (n % 1_000 === 0) shared.take('the one that guesses', 100, 10_000_000);
      }
      shared.start();
      await vi.waitFor(() => expect(shared.fullAtMs('the one that guesses')).toBeGreaterThan(nowMs()));
      expect(await rows()).toBeLessThanOrEqual(200);
    });
  });

  describe('stored refusals', () => {
    const add = (key: string, costMs: number, maxMs = 1_000_000): Promise<void> =>
      database.store.transaction(({ failures }) => failures.add([{ key, costMs, maxMs }]));
    const restMs = async (key: string): Promise<number | undefined> =>
      (await database.store.failures.recent()).find((one) => one.key === key)?.restMs;

    it('add up, to an empty bucket at most', async () => {
      await add('a', 300_000);
      await add('a', 300_000);
      expect(await restMs('a')).toBeGreaterThan(400_000);
      for (let n = 0; n < 5; n += 1) await add('a', 300_000);
      expect(await restMs('a')).toBeLessThanOrEqual(1_000_000);
    });

    it('are deleted when their bucket is full again', async () => {
      await add('a', 300_000);
      await database.db.updateTable('request_failures').set({ full_at: 1 }).execute();
      await add('b', 300_000);
      expect(await restMs('a')).toBeUndefined();
      await database.store.failures.prune();
      expect(await rows()).toBe(1);
    });

    it('are bounded: while there are too many, only those that are stored already count', async () => {
      const now = await database.store.time();
      const many = Array.from({ length: 10_000 }, (_, n) => ({ key: `key ${n}`, full_at: now + 500_000 }));
      for (let from = 0; from < many.length; from += 1_000)
        await database.db
          .insertInto('request_failures')
          .values(many.slice(from, from + 1_000))
          .execute();
      await add('new', 300_000);
      await add('key 7', 300_000);
      expect(await rows()).toBe(10_000);
      expect(await restMs('key 7')).toBeGreaterThan(600_000);
    });
  });
});
