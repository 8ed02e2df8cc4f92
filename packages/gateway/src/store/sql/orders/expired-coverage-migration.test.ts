import { expect, test } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import { MINUTE_MS, NOON, sampleOrder, samplePayment, storedPos } from '../../../../test/support/samples.ts';
import { plusMs } from '../../../kernel/clock.ts';
import { sats } from '../../../kernel/sats.ts';
import type { Order } from '../../../orders/order.ts';
import { expiredCoverage } from '../migrations/0013-expired-coverage.ts';

const EXPIRES_AT = plusMs(NOON, 15 * MINUTE_MS);
const SETTLED_BY = plusMs(EXPIRES_AT, 72 * 60 * MINUTE_MS);

await onEveryDatabase('expired-coverage-migration.test.ts', (database) => {
  test.each([
    { case: 'waited for confirmations of the whole amount', expiredAt: SETTLED_BY, amount: 100_000n, isCovered: true },
    { case: 'waited for confirmations of enough', expiredAt: SETTLED_BY, amount: 99_000n, isCovered: true },
    { case: 'stayed open while the node was down, with too little', expiredAt: SETTLED_BY, amount: 98_999n, isCovered: false },
    { case: 'expired at its expiration time', expiredAt: EXPIRES_AT, amount: 100_000n, isCovered: false },
    { case: 'was only paid after it expired', expiredAt: SETTLED_BY, amount: 100_000n, seenAt: SETTLED_BY, isCovered: false },
  ])(
    'the migration sets covered to $isCovered for an expired order that $case',
    async ({ expiredAt, amount, seenAt, isCovered }) => {
      const { store, db } = database;
      const order: Order = sampleOrder(
        await storedPos(store),
        { tolerance: sats(1_000n) },
        { state: { status: 'expired', expiredAt, coveredAt: null } },
      );
      await store.orders.insert(order);
      const payment = samplePayment(order, 'paid', { amount: sats(amount), ...(seenAt && { firstSeenAt: seenAt }) });
      await store.orders.placePayment(payment);

      await expiredCoverage.up(db);

      const coveredAt = isCovered ? order.terms.expiresAt : null;
      expect((await store.orders.get(order.terms.id))?.state).toEqual({ status: 'expired', expiredAt, coveredAt });
    },
  );
});
