import { describe, expect, it } from 'vitest';
import { parseId, type OrderId } from '../../kernel/ids.ts';
import { notifyOfConfirmations } from './notify-of-confirmations.ts';

const [WATCHED, OTHER] = ['1', '2'].map((n) => parseId<OrderId>(`00000000-0000-4000-8000-00000000000${n}`)) as [OrderId, OrderId];

describe('a new tip', () => {
  const after = async (watchedAmong: (ids: readonly OrderId[]) => Promise<OrderId[]>): Promise<[OrderId[], string[]]> => {
    const notified: OrderId[] = [];
    const warnings: string[] = [];
    const streams = { openOrders: () => [WATCHED, OTHER], notify: (ids: Iterable<OrderId>) => void notified.push(...ids) };
    const log = { info: () => {}, warn: (_: unknown, message: string) => void warnings.push(message) };
    await notifyOfConfirmations(streams, { orders: { watchedAmong } } as never, log);
    return [notified, warnings];
  };

  it('notifies the open pages of orders whose payments gain a confirmation, and no others', async () => {
    const asked: OrderId[] = [];
    const [notified] = await after(async (ids) => {
      asked.push(...ids);
      return [WATCHED];
    });
    expect(asked).toEqual([WATCHED, OTHER]);
    expect(notified).toEqual([WATCHED]);
  });

  it('is logged where the store cannot be read', async () => {
    const [notified, warnings] = await after(() => Promise.reject(new Error('the disk is full')));
    expect(notified).toEqual([]);
    expect(warnings).toEqual(['checkout: open pages could not be notified of a new block']);
  });
});
