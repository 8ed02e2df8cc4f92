import { expect, test } from 'vitest';
import { IN_MEMORY, onEveryDatabase } from '../../../test/support/every-database.ts';
import { hashOf } from '../../../test/support/samples.ts';
import { HOUR_MS, World } from '../../../test/support/world.ts';
import { parseCurrency } from '../../orders/currency.ts';
import { parseFiatAmount } from '../../orders/fiat.ts';
import { createOrder } from './create-order.ts';
import type { OrderRequest } from './new-order.ts';
import { pruneIdempotencyKeys } from './prune-idempotency-keys.ts';

const NOTHING = { callbackUrl: null, continueUrl: null, cancelUrl: null, details: null, reference: null };
const REQUEST: OrderRequest = { ...NOTHING, fiat: parseFiatAmount('10.00', parseCurrency('EUR')), requiredConfirmations: null };

await onEveryDatabase(
  'prune-idempotency-keys.test.ts',
  (database) => {
    test('idempotency keys are deleted a day after each was used', async () => {
      await using world = await World.open({ sql: database.store });
      for (const key of ['first', 'second', 'third']) {
        await createOrder(world.context, world.pos, REQUEST, { key, requestHash: hashOf(key) });
        world.clock.advance(HOUR_MS);
      }
      world.clock.advance(22 * HOUR_MS + 1);
      await pruneIdempotencyKeys(world.context, new AbortController().signal);
      const rows = await database.db.selectFrom('idempotency_keys').select('key').execute();
      expect(rows).toEqual([{ key: 'third' }]);
    });
  },
  [IN_MEMORY],
);
