import { beforeEach, expect, it } from 'vitest';
import { IN_MEMORY, ON_POSTGRES, onEveryDatabase } from '../../../../test/support/every-database.ts';
import { NOON, sampleCallback, sampleOrder, storedPos } from '../../../../test/support/samples.ts';
import { plusMs } from '../../../kernel/clock.ts';
import type { Pos } from '../../../merchants/pos.ts';

const A = 'https://a.example';
const B = 'https://b.example';

await onEveryDatabase(
  'claims-of-others.test.ts',
  (database) => {
    let shop: Pos;
    beforeEach(async () => {
      shop = await storedPos(database.store);
    });

    async function claim(claimant: string, count: number, endpoint: string, untilMs = 30_000): Promise<void> {
      for (let n = 0; n < count; n += 1) {
        const order = sampleOrder(shop);
        await database.store.orders.insert(order);
        await database.store.callbacks.insert([sampleCallback(order, { url: `${endpoint}/callback` })]);
      }
      const which = { posId: shop.id, endpoint, now: NOON, until: plusMs(NOON, untilMs), kind: 'fresh' } as const;
      expect(await database.store.callbacks.claim({ ...which, claimant, limit: count })).toHaveLength(count);
    }
    const look = (endpoints: readonly string[]): Promise<Record<string, number>> =>
      database.store.transaction(async ({ callbacks }) => {
        const others = await callbacks.claimsOfOthers({ endpoints, claimant: 'me', now: NOON });
        return Object.fromEntries(
          [...others.endpoints].map((endpoint) => [
            endpoint,
            others.claims.reduce((sum, one) => (one.endpoint === endpoint ? sum + one.claims : sum), 0),
          ]),
        );
      });

    it('counts the claims of other processes that have not expired', async () => {
      await claim('me', 3, A);
      await claim('other', 2, A);
      await claim('another', 4, A);
      await claim('other', 1, B);
      await claim('dead', 5, B, 0);
      expect(await look([A, B, 'https://none.example'])).toEqual({ [A]: 6, [B]: 1, 'https://none.example': 0 });
      const [queue] = await database.store.transaction(
        async ({ callbacks }) => (await callbacks.claimsOfOthers({ endpoints: [B], claimant: 'me', now: NOON })).claims,
      );
      expect(queue).toEqual({ posId: shop.id, endpoint: B, claims: 1 });
    });

    it('keeps other processes from the same endpoints until the transaction ends, without making them wait', async () => {
      await database.store.transaction(async ({ callbacks }) => {
        await callbacks.claimsOfOthers({ endpoints: [A], claimant: 'other', now: NOON });
        expect(await look([A, B])).toEqual({ [B]: 0 });
      });
      expect(await look([A, B])).toEqual({ [A]: 0, [B]: 0 });
    });
  },
  [ON_POSTGRES],
);

await onEveryDatabase(
  'claims-of-others.test.ts',
  (database) => {
    it('finds none where only one process delivers', async () => {
      const others = await database.store.callbacks.claimsOfOthers({ endpoints: [A], claimant: 'me', now: NOON });
      expect(others).toEqual({ endpoints: new Set([A]), claims: [] });
    });
  },
  [IN_MEMORY],
);
