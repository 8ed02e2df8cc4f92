import { describe, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import { blockOf, hashOf, NOON, sampleAccount, txidOf } from '../../../../test/support/samples.ts';
import type { ScriptHex } from '../../../kernel/chain.ts';
import { plusMs } from '../../../kernel/clock.ts';
import { MAX_SATS, sats } from '../../../kernel/sats.ts';
import type { Account } from '../../../merchants/account.ts';
import type { PaymentPlace } from '../../../orders/order.ts';
import type { UnassignedPayment } from '../../../orders/unassigned-payment.ts';

const MEMPOOL: PaymentPlace = { kind: 'mempool' };
const MISSING: PaymentPlace = { kind: 'missing', since: NOON };
const GONE: PaymentPlace = { kind: 'gone', reason: { kind: 'replaced', by: txidOf('other'), block: null } };
const inBlock = (height: number, branch = ''): PaymentPlace => ({ kind: 'block', ...blockOf(height, branch) });
const ALL = { accountId: undefined, open: false, limit: 100 };

function sample({ id }: Account, name: string, changes: Partial<UnassignedPayment> = {}): UnassignedPayment {
  return {
    accountId: id,
    addressIndex: 7,
    address: `address ${name}`,
    script: `0014${hashOf(name).slice(0, 40)}` as ScriptHex,
    outPoint: { txid: txidOf(name), vout: 0 },
    amount: sats(1_000n),
    normalizedTxid: txidOf(`${name}, normalized`),
    firstSeenAt: NOON,
    place: MEMPOOL,
    acknowledged: null,
    ...changes,
  };
}

await onEveryDatabase('unassigned.test.ts', (database) => {
  async function account(): Promise<Account> {
    const one = sampleAccount();
    await database.store.accounts.insert(one);
    return one;
  }
  const all = (): Promise<UnassignedPayment[]> => database.store.unassigned.list(ALL);
  const place = (payment: UnassignedPayment): Promise<boolean> =>
    database.store.transaction((tx) => tx.unassigned.place(payment));

  describe('an unassigned payment', () => {
    test.each<PaymentPlace>([MEMPOOL, MISSING, GONE, inBlock(0), inBlock(2 ** 31 - 1)])(
      'is returned as it was stored, with the place %o',
      async (where) => {
        const outPoint = { txid: txidOf('x'), vout: 2 ** 32 - 1 };
        const payment = sample(await account(), 'x', {
          place: where,
          outPoint,
          amount: sats(MAX_SATS),
          addressIndex: 2 ** 31 - 1,
        });
        expect(await place(payment)).toBe(true);
        expect(await all()).toEqual([payment]);
        expect(await database.store.unassigned.get(outPoint)).toEqual(payment);
      },
    );

    test('that is placed again moves, is not new, and keeps its first time', async () => {
      const payment = sample(await account(), 'x');
      await place(payment);
      expect(await place({ ...payment, firstSeenAt: plusMs(NOON, 9), place: inBlock(3) })).toBe(false);
      expect(await all()).toEqual([{ ...payment, place: inBlock(3) }]);
      await database.store.unassigned.setPlace(payment.outPoint, GONE);
      expect(await all()).toEqual([{ ...payment, place: GONE }]);
    });

    test('moves back to the mempool when its block is rolled back', async () => {
      const owner = await account();
      for (const [name, where] of [
        ['a', inBlock(5)],
        ['b', inBlock(5, 'other branch')],
        ['c', inBlock(6)],
      ] as const)
        await place(sample(owner, name, { place: where }));
      await database.store.unassigned.rollBackBlock(blockOf(5));
      expect(await database.store.unassigned.unconfirmedPayments()).toEqual([
        { outPoint: { txid: txidOf('a'), vout: 0 }, orderId: undefined, place: MEMPOOL },
      ]);
    });

    test('is identified by its output, not by its transaction', async () => {
      const outPoint = { txid: txidOf('x'), vout: 1 };
      await place(sample(await account(), 'x', { outPoint }));
      const other = { ...outPoint, vout: 0 };
      expect([...(await database.store.unassigned.among([other, outPoint]))]).toEqual([`${outPoint.txid}:1`]);
      expect([...(await database.store.unassigned.among([other]))]).toEqual([]);
      expect([...(await database.store.unassigned.among([]))]).toEqual([]);
    });

    test('can be acknowledged once, and is then no longer open', async () => {
      const owner = await account();
      const [refunded, other] = [sample(owner, 'x'), sample(owner, 'y', { firstSeenAt: plusMs(NOON, -1) })];
      for (const each of [refunded, other]) await place(each);
      const { unassigned } = database.store;
      const at = plusMs(NOON, 60_000);
      expect(await unassigned.acknowledge(refunded.outPoint, at, 'refunded')).toBe(true);
      expect(await unassigned.acknowledge(refunded.outPoint, at, 'again')).toBe(false);
      expect(await unassigned.acknowledge({ txid: txidOf('z'), vout: 0 }, at, 'unknown')).toBe(false);
      expect(await all()).toEqual([{ ...refunded, acknowledged: { at, note: 'refunded' } }, other]);
      expect(await unassigned.list({ ...ALL, open: true })).toEqual([other]);
      expect(await unassigned.list({ ...ALL, limit: 1 })).toHaveLength(1);
    });

    test('is summed up by account while it counts and is open', async () => {
      const [one, two, none] = [await account(), await account(), await account()];
      await place(sample(one, 'a', { amount: sats(MAX_SATS - 1n) }));
      await place(sample(one, 'b', { amount: sats(1n), place: inBlock(1) }));
      await place(sample(one, 'c', { place: GONE }));
      await place(sample(two, 'd', { amount: sats(7n) }));
      await place(sample(none, 'e'));
      await database.store.unassigned.acknowledge({ txid: txidOf('e'), vout: 0 }, NOON, '');
      const sums = await database.store.unassigned.openSums();
      expect(new Map(sums.map(({ accountId, payments, amount }) => [accountId, [payments, amount]]))).toEqual(
        new Map([
          [one.id, [2, MAX_SATS]],
          [two.id, [1, 7n]],
        ]),
      );
      expect(await database.store.unassigned.list({ ...ALL, accountId: two.id })).toHaveLength(1);
    });
  });

  describe('derived addresses', () => {
    test('identify the account of a script, and are never pruned in skipped ranges', async () => {
      const { id } = await account();
      const addresses = Array.from({ length: 10 }, (_, index) => ({
        index,
        address: `address ${index}`,
        script: `0014${hashOf(index).slice(0, 40)}` as ScriptHex,
        seal: null,
      }));
      const { store } = database;
      await store.addresses.insert(id, addresses);
      await store.accounts.takeIndexes(id, 3);
      await store.transaction((tx) => tx.accounts.raiseIndex(id, 5, 'operator', NOON));
      await store.accounts.takeIndexes(id, 2);
      await store.addresses.prune(id, 7);
      expect((await store.addresses.from(id, 0, 100)).map(({ index }) => index)).toEqual([3, 4, 7, 8, 9]);
      const scripts = addresses.map(({ script }) => script);
      const owners = await store.addresses.ownersOf([scripts[2]!, scripts[4]!]);
      const { seal: _, ...owned } = addresses[4]!;
      expect(owners).toEqual([{ accountId: id, ...owned }]);
    });
  });
});
