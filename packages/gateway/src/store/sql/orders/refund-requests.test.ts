import { expect, test } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import { MINUTE_MS, NOON, storedOrders } from '../../../../test/support/samples.ts';
import { plusMs } from '../../../kernel/clock.ts';

await onEveryDatabase('refund-requests.test.ts', (database) => {
  test('a refund request is read back as it was stored, until a later one replaces it', async () => {
    const { refundRequests } = database.store;
    const [{ terms }, other] = await storedOrders(database.store, {}, {});
    const first = { orderId: terms.id, address: 'bcrt1qfirst', requestedAt: NOON };
    expect(await refundRequests.ofOrder(terms.id)).toBeUndefined();
    await refundRequests.put(first);
    expect(await refundRequests.ofOrder(terms.id)).toEqual(first);
    const second = { orderId: terms.id, address: 'bcrt1qsecond', requestedAt: plusMs(NOON, MINUTE_MS) };
    await refundRequests.put(second);
    expect(await refundRequests.ofOrder(terms.id)).toEqual(second);
    expect(await refundRequests.ofOrder(other!.terms.id)).toBeUndefined();
  });

  test('refund requests are read in pages, the newest orders first', async () => {
    const { refundRequests } = database.store;
    const orders = await storedOrders(database.store, {}, {}, {});
    const ids = orders.map(({ terms }) => terms.id).sort((a, b) => (a < b ? 1 : -1));
    for (const orderId of ids) await refundRequests.put({ orderId, address: 'bcrt1q', requestedAt: NOON });
    const all = await refundRequests.page(undefined, 1_000);
    expect(all.map(({ orderId }) => orderId).filter((id) => ids.includes(id))).toEqual(ids);
    const page = await refundRequests.page(ids[0], 1_000);
    expect(page).toEqual(all.slice(all.findIndex(({ orderId }) => orderId === ids[0]) + 1));
    expect(await refundRequests.page(ids[0], 1)).toEqual(page.slice(0, 1));
  });
});
