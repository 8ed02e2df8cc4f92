import { describe, expect, it } from 'vitest';
import { parseId, type OrderId } from '../../kernel/ids.ts';
import { notifyOfConfirmations } from './notify-of-confirmations.ts';

const idOf = (n: number): OrderId => parseId<OrderId>(`00000000-0000-4000-8000-00000000000${n}`);
const [WATCHED, OTHER, REFUNDED] = [idOf(1), idOf(2), idOf(3)];

describe('a new tip', () => {
  const after = async (watchedAmong: (ids: readonly OrderId[]) => Promise<OrderId[]>): Promise<[OrderId[], string[]]> => {
    const notified: OrderId[] = [];
    const ofOrders = async (): Promise<unknown> => [
      { orderId: OTHER, state: { status: 'approved' } },
      { orderId: REFUNDED, state: { status: 'seen' } },
    ];
    const warnings: string[] = [];
    const streams = {
      openOrders: () => [WATCHED, OTHER, REFUNDED],
      notify: (ids: Iterable<OrderId>) => void notified.push(...ids),
    };
    const log = { info: () => {}, warn: (_: unknown, message: string) => void warnings.push(message) };
    await notifyOfConfirmations(streams, { orders: { watchedAmong }, refunds: { ofOrders } } as never, log);
    return [notified, warnings];
  };

  it('notifies the open pages of orders whose payments or refunds gain a confirmation, and no others', async () => {
    const asked: OrderId[] = [];
    const [notified] = await after(async (ids) => {
      asked.push(...ids);
      return [WATCHED];
    });
    expect(asked).toEqual([WATCHED, OTHER, REFUNDED]);
    expect(notified).toEqual([WATCHED, REFUNDED]);
  });

  it('is logged where the store cannot be read', async () => {
    const [notified, warnings] = await after(() => Promise.reject(new Error('the disk is full')));
    expect(notified).toEqual([]);
    expect(warnings).toEqual(['checkout: open pages could not be notified of a new block']);
  });
});
