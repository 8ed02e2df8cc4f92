import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { IN_MEMORY, ON_POSTGRES, onEveryDatabase } from '../../../test/support/every-database.ts';
import { NOON } from '../../../test/support/samples.ts';
import { testClock, type TestClock } from '../../../test/support/test-clock.ts';
import { MINUTE_MS } from '../../kernel/durations.ts';
import type { NoticeFacts } from '../../notifications/notice.ts';
import { NOTICE_KINDS } from '../../notifications/notice-kind.ts';
import { ChainWatch } from './watch-chain.ts';

await onEveryDatabase(
  'watch-chain.test.ts',
  (database) => {
    let clock: TestClock;
    let trouble: string | null;
    beforeEach(() => {
      [clock, trouble] = [testClock(NOON), null];
      database.store.notices.setWanted(new Set(NOTICE_KINDS));
    });
    const open = (): ChainWatch =>
      new ChainWatch({
        store: database.store,
        clock,
        newUuid: randomUUID,
        trouble: () => trouble,
        afterMs: 10 * MINUTE_MS,
        log: { info: () => {}, warn: () => {} },
      });
    const notices = async (): Promise<NoticeFacts[]> =>
      (await database.store.transaction((tx) => tx.notices.lockPending(100))).map(({ facts }) => facts);

    test('trouble is reported once it lasts, by one process, and so is its end', async () => {
      const watches = [open(), open()];
      const look = async (): Promise<void> => void (await Promise.all(watches.map((watch) => watch.look())));
      trouble = 'the node does not answer';
      await look();
      clock.advance(10 * MINUTE_MS - 1);
      await look();
      expect(await notices()).toEqual([]);
      clock.advance(1);
      for (let n = 0; n < 3; n += 1) await look();
      // A process that starts now finds it reported.
      const late = open();
      await late.look();
      clock.advance(10 * MINUTE_MS);
      await late.look();
      trouble = null;
      for (let n = 0; n < 3; n += 1) await look();
      await open().look();
      expect(await notices()).toEqual([
        { kind: 'chain.trouble', state: 'troubled', since: NOON, trouble: 'the node does not answer' },
        { kind: 'chain.trouble', state: 'recovered', since: NOON },
      ]);
    });

    test('trouble that passes is not reported', async () => {
      const watch = open();
      for (let n = 0; n < 5; n += 1) {
        trouble = n % 2 === 0 ? 'away' : null;
        await watch.look();
        clock.advance(9 * MINUTE_MS);
      }
      expect(await notices()).toEqual([]);
    });
  },
  [IN_MEMORY, ON_POSTGRES],
);
