/** A step is stored only on the chain that it was read on: not once the database has gone back, as to a snapshot of its disk. */
import { expect, test } from 'vitest';
import { onEveryDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { World } from '../../../test/support/world.ts';
import type { ChainChange } from '../../chain/chain-change.ts';
import { ChainFollowing } from './follow-chain.ts';

const behind = (database: TestDatabase): void => {
  test.each([
    ['together with its payments', undefined],
    ['after its payments', { moreThan: 0, page: 1 }],
  ] as const)(
    'a block that is read again, stored %s, places no payments if it is no longer stored',
    async (_how, recordPages) => {
      await using world = await World.open({ sql: database.store });
      const { store } = database;
      const order = await world.order('10.00');
      await world.pay(order);
      await world.mine();
      await world.round();
      const [block, before] = await store.chain.recent(2);
      const [payment] = (await world.read(order)).payments;
      if (block === undefined || before === undefined || payment === undefined) throw new Error('expected a payment in a block');
      expect(payment.place).toEqual({ kind: 'block', ...block });
      // As the database was before the block.
      await store.transaction(async (tx) => {
        await tx.orders.rollBackBlock(block);
        await tx.chain.rollBackFrom(block.height);
      });
      const { outPoint, amount, normalizedTxid } = payment;
      const match = { outPoint, amount, normalizedTxid, script: order.terms.script, raw: new Uint8Array(0) };
      const now = world.clock.now();
      const readBefore: ChainChange = {
        readAt: now,
        knownUntil: now,
        storedTip: block.hash,
        undo: [],
        apply: [],
        again: [{ ...block, previous: before.hash, matches: [match], spends: [] }],
        mempool: { placeOf: () => 'waiting', matches: [], ancestors: new Map(), spenders: new Map() },
      };
      const following = new ChainFollowing(world.context, world.watched, world.refunds, {
        outPoints: world.outPoints,
        missingTimeoutMs: world.missingTimeoutMs,
        recordPages,
        log: world.log,
      });
      await expect(following.apply(readBefore)).rejects.toThrow(`expected its tip to be ${block.hash}, got ${before.hash}`);
      expect((await world.read(order)).payments).toMatchObject([{ place: { kind: 'mempool' } }]);
      await expect(following.apply({ ...readBefore, again: [] })).rejects.toThrow('moved meanwhile');
      await world.round();
      expect((await world.read(order)).payments).toMatchObject([{ place: { kind: 'block', ...block } }]);
      expect(await world.status(order)).toBe('paid');
    },
  );
};
await onEveryDatabase('refuse-if-moved.test.ts', behind);
