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
      'comes back as it was stored, in %o',
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

    test('that is placed again moves and is not new, and keeps when it was seen first', async () => {
      const payment = sample(await account(), 'x');
      await place(payment);
      expect(await place({ ...payment, firstSeenAt: plusMs(NOON, 9), place: inBlock(3) })).toBe(false);
      expect(await all()).toEqual([{ ...payment, place: inBlock(3) }]);
      await database.store.unassigned.setPlace(payment.outPoint, GONE);
      expect(await all()).toEqual([{ ...payment, place: GONE }]);
    });

    test('goes back to the mempool with its block, and with no other', async () => {
      const owner = await account();
      for (const [name, where] of [
        ['a', inBlock(5)],
        ['b', inBlock(5, 'other branch')],
        ['c', inBlock(6)],
      ] as const)
        await place(sample(owner, name, { place: where }));
      await database.store.unassigned.undoBlock(blockOf(5));
      expect(await database.store.unassigned.unconfirmedPayments()).toEqual([
        { outPoint: { txid: txidOf('a'), vout: 0 }, orderId: undefined, place: MEMPOOL },
      ]);
    });

    test('is known by its output, not by its transaction', async () => {
      const outPoint = { txid: txidOf('x'), vout: 1 };
      await place(sample(await account(), 'x', { outPoint }));
      const other = { ...outPoint, vout: 0 };
      expect([...(await database.store.unassigned.among([other, outPoint]))]).toEqual([`${outPoint.txid}:1`]);
      expect([...(await database.store.unassigned.among([other]))]).toEqual([]);
      expect([...(await database.store.unassigned.among([]))]).toEqual([]);
    });

    test('is acknowledged once, and is then open no longer', async () => {
      const owner = await account();
      const [kept, other] = [sample(owner, 'x'), sample(owner, 'y', { firstSeenAt: plusMs(NOON, -1) })];
      for (const each of [kept, other]) await place(each);
      const { unassigned } = database.store;
      const at = plusMs(NOON, 60_000);
      expect(await unassigned.acknowledge(kept.outPoint, at, 'refunded')).toBe(true);
      expect(await unassigned.acknowledge(kept.outPoint, at, 'again')).toBe(false);
      expect(await unassigned.acknowledge({ txid: txidOf('z'), vout: 0 }, at, 'unknown')).toBe(false);
      expect(await all()).toEqual([{ ...kept, acknowledged: { at, note: 'refunded' } }, other]);
      expect(await unassigned.list({ ...ALL, open: true })).toEqual([other]);
      expect(await unassigned.list({ ...ALL, limit: 1 })).toHaveLength(1);
    });

    test('is summed up by account, as far as it is there and open', async () => {
      const [one, two, none] = [await account(), await account(), await account()];
      await place(sample(one, 'a', { amount: sats(MAX_SATS - 1n) }));
      await place(sample(one, 'b', { amount: sats(1n), place: inBlock(1) }));
      await place(sample(one, 'c', { place: GONE }));
      await place(sample(two, 'd', { amount: sats(7n) }));
      await place(sample(none, 'e'));
      await database.store.unassigned.acknowledge({ txid: txidOf('e'), vout: 0 }, NOON, '');
      const sums = await database.store.unassigned.open();
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
    test('tell whose a script is, and those of skipped ranges are never forgotten', async () => {
      const { id } = await account();
      const addresses = Array.from({ length: 10 }, (_, index) => ({
        index,
        address: `address ${index}`,
        script: `0014${hashOf(index).slice(0, 40)}` as ScriptHex,
      }));
      const { store } = database;
      await store.addresses.insert(id, addresses);
      await store.accounts.takeIndexes(id, 3);
      await store.transaction((tx) => tx.accounts.raiseIndex(id, 5, 'operator', NOON));
      await store.accounts.takeIndexes(id, 2);
      await store.addresses.forget(id, 7);
      expect((await store.addresses.from(id, 0, 100)).map(({ index }) => index)).toEqual([3, 4, 7, 8, 9]);
      const scripts = addresses.map(({ script }) => script);
      const owners = await store.addresses.ownersOf([scripts[2]!, scripts[4]!]);
      expect(owners).toEqual([{ accountId: id, ...addresses[4] }]);
    });
  });
});
