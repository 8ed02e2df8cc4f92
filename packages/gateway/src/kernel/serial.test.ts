import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyedSerialQueues, SerialQueue } from './serial.ts';

const loopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await loopTurn();
};

/** A task that takes a few turns of the event loop and may fail. */
const anyWork = fc.record({
  key: fc.nat({ max: 2 }),
  turns: fc.nat({ max: 3 }),
  fails: fc.boolean(),
  throwsAtOnce: fc.boolean(),
});

describe('a serial queue', () => {
  test('runs one task at a time, in the order of the calls, and gives each caller its own result', async () => {
    const property = fc.asyncProperty(fc.array(anyWork, { maxLength: 12 }), async (works) => {
      const queue = new SerialQueue();
      const log: string[] = [];
      const results = works.map(({ turns: count, fails, throwsAtOnce }, index) =>
        queue.run(() => {
          log.push(`begins ${index}`);
          if (fails && throwsAtOnce) {
            log.push(`ends ${index}`);
            throw new Error(`failed ${index}`);
          }
          return turns(count).then(() => {
            log.push(`ends ${index}`);
            if (fails) throw new Error(`failed ${index}`);
            return index;
          });
        }),
      );
      const settled = Promise.allSettled(results);
      await queue.idle();
      expect(log).toEqual(works.flatMap((_, index) => [`begins ${index}`, `ends ${index}`]));
      expect(await settled).toEqual(
        works.map(({ fails }, index) =>
          fails ? { status: 'rejected', reason: new Error(`failed ${index}`) } : { status: 'fulfilled', value: index },
        ),
      );
    });
    await fc.assert(property);
  });
});

describe('serial queues by key', () => {
  test('keep the order within each key, run keys concurrently, and leave no queue behind', async () => {
    const property = fc.asyncProperty(fc.array(anyWork, { maxLength: 12 }), async (works) => {
      const queues = new KeyedSerialQueues<number>();
      const begun: number[][] = [[], [], []];
      const running = new Set<number>();
      const results = works.map(({ key, turns: count, fails }, index) =>
        queues.run(key, async () => {
          expect(running.has(key)).toBe(false);
          running.add(key);
          begun[key]!.push(index);
          await turns(count);
          running.delete(key);
          if (fails) throw new Error(`failed ${index}`);
          return index;
        }),
      );
      expect(queues.size).toBe(new Set(works.map(({ key }) => key)).size);
      const statuses = (await Promise.allSettled(results)).map(({ status }) => status);
      expect(statuses).toEqual(works.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')));
      expect(begun).toEqual([0, 1, 2].map((key) => works.flatMap((work, index) => (work.key === key ? [index] : []))));
      expect(queues.size).toBe(0);
    });
    await fc.assert(property);
  });

  test('do not make one key wait for another', async () => {
    const queues = new KeyedSerialQueues<string>();
    let release = (): void => {};
    const slow = queues.run('slow', () => new Promise<void>((resolve) => (release = resolve)));
    expect(await queues.run('quick', async () => 'done')).toBe('done');
    release();
    await slow;
  });
});
