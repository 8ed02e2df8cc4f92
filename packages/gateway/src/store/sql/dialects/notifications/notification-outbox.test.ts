import { describe, expect, test } from 'vitest';
import { NotificationOutbox, type Outgoing } from './notification-outbox.ts';

/** An outbox whose statements end when the test says so. */
function heldOutbox(): { outbox: NotificationOutbox; sent: Outgoing[]; end(error?: Error): Promise<void> } {
  const sent: Outgoing[] = [];
  let settle: ((error?: Error) => void) | undefined;
  const outbox = new NotificationOutbox((outgoing) => {
    sent.push(outgoing);
    return new Promise((resolve, reject) => (settle = (error) => (error === undefined ? resolve() : reject(error))));
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    outbox,
    sent,
    end: async (error) => {
      await turn();
      settle?.(error);
      await turn();
    },
  };
}

const topicsOf = ({ topics }: Outgoing): unknown =>
  Object.fromEntries([...topics].map(([topic, ids]) => [topic, ids === 'all' ? ids : [...ids]]));
const idsOf = (count: number): Set<string> => new Set(Array.from({ length: count }, (_, n) => `id ${n}`));

describe('the outbox of notifications', () => {
  test('sends at once what is published in one turn, and then together what was published meanwhile', async () => {
    const { outbox, sent, end } = heldOutbox();
    outbox.publish('callbacks', new Set());
    outbox.publish('orders', new Set(['a']));
    await end();
    expect(sent.map(topicsOf)).toEqual([{ callbacks: [], orders: ['a'] }]);
    outbox.publish('orders', new Set(['b']));
    await Promise.resolve();
    outbox.publish('orders', new Set(['c', 'b']));
    outbox.publish('orders', new Set(['d']));
    outbox.publish('tip', new Set());
    await end();
    await end();
    expect(sent.map(topicsOf).slice(1)).toEqual([{ orders: ['b'] }, { orders: ['c', 'b', 'd'], tip: [] }]);
  });

  test('names at most 200 orders, and then says that it is about all', async () => {
    const { outbox, sent, end } = heldOutbox();
    outbox.publish('orders', idsOf(200));
    await end();
    outbox.publish('orders', idsOf(201));
    await end();
    outbox.publish('tip', new Set());
    await end();
    expect(sent.map(({ topics }) => topics.get('orders'))).toEqual([idsOf(200), 'all', undefined]);
  });

  test('sends what has failed with what is published next', async () => {
    const { outbox, sent, end } = heldOutbox();
    outbox.publish('orders', new Set(['a']));
    outbox.beat('first');
    await end(new Error('cut off'));
    expect(sent).toHaveLength(1);
    outbox.beat('second');
    await end();
    expect(sent.map(({ heartbeat }) => heartbeat)).toEqual(['first', 'second']);
    expect(sent.map(topicsOf)).toEqual([{ orders: ['a'] }, { orders: ['a'] }]);
  });
});
