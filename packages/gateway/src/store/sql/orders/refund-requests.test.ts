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
});
