/** However many payments a block contains, the event loop turns while they are stored. */
import { describe, expect, it } from 'vitest';
import { assertNoLongStep } from '../../../test/support/held-steps.ts';
import { IN_FILE, onEveryDatabase, ON_POSTGRES } from '../../../test/support/every-database.ts';
import { World } from '../../../test/support/world.ts';

const ORDERS = 2_000;
const OUTPUTS_PER_TRANSACTION = 500;

await onEveryDatabase(
  'large-blocks.test.ts',
  (database) => {
    describe('a block with thousands of payments', () => {
      it('is stored and judged without a step that holds the thread', async () => {
        await using world = await World.open({ sql: database.store });
        const orders = await Promise.all(
          Array.from({ length: ORDERS }, () => world.order('10.00', { requiredConfirmations: 1 })),
        );
        for (let first = 0; first < ORDERS; first += OUTPUTS_PER_TRANSACTION) {
          const outputs = orders.slice(first, first + OUTPUTS_PER_TRANSACTION).map(({ terms }) => terms);
          await world.chain.send(outputs.map(({ script, amount }) => ({ script, amount })));
        }
        await world.mine();
        await assertNoLongStep(() => world.round());
        for (const order of [orders[0]!, orders.at(-1)!]) expect((await world.read(order)).state.status).toBe('paid');
      });
    });
  },
  [IN_FILE, ON_POSTGRES],
);
