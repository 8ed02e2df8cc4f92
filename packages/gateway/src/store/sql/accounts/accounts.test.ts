import { describe, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import { NOON, sampleAccount, sampleOrder, samplePayment, samplePos } from '../../../../test/support/samples.ts';
import { epochMs, plusMs } from '../../../kernel/clock.ts';
import type { AccountId } from '../../../kernel/ids.ts';
import { parseCurrency } from '../../../orders/currency.ts';
import type { Account, SkippedRange, SkipReason } from '../../../merchants/account.ts';
import type { Pos } from '../../../merchants/pos.ts';

const UNICODE = 'Bäckerei "Zur Sonne" 🥨 \u2028 日本\n\t\'; drop table orders; --';
const LONG = 'ß'.repeat(100_000);
const LAST_DAY = epochMs(8.64e15);

await onEveryDatabase('accounts.test.ts', (database) => {
  describe('the account store', () => {
    test.each<[string, Partial<Account>]>([
      ['an ordinary account', {}],
      ['an account with a name in several scripts', { name: UNICODE }],
      ['an account with an empty name', { name: '' }],
      ['an account with a descriptor of 100,000 characters', { descriptor: LONG }],
      ['an account with the highest index and the latest time', { nextIndex: 2 ** 31 - 1, createdAt: LAST_DAY }],
      ['an account from before 1970', { createdAt: epochMs(-1) }],
    ])('returns %s as it was stored', async (_, changes) => {
      const account = sampleAccount(changes);
      await database.store.accounts.insert(account);
      expect(await database.store.accounts.get(account.id)).toEqual(account);
      expect(await database.store.accounts.list()).toEqual([account]);
    });

    test('returns undefined for an unknown account', async () => {
      expect(await database.store.accounts.get(sampleAccount().id)).toBeUndefined();
      expect(await database.store.accounts.list()).toEqual([]);
    });

    test('lists accounts from the oldest to the newest', async () => {
      const [late, early] = [sampleAccount({ createdAt: epochMs(NOON + 1) }), sampleAccount({ createdAt: NOON })];
      await database.store.accounts.insert(late);
      await database.store.accounts.insert(early);
      expect(await database.store.accounts.list()).toEqual([early, late]);
    });

    test.each<[string, (first: Account) => Partial<Account>]>([
      ['id', ({ id }) => ({ id })],
      ['descriptor', ({ descriptor }) => ({ descriptor })],
    ])('refuses a second account with the same %s, with a unique violation', async (_, same) => {
      const first = sampleAccount();
      await database.store.accounts.insert(first);
      const error: unknown = await database.store.accounts.insert(sampleAccount(same(first))).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(Error);
      expect(database.dialect.isUniqueViolation(error)).toBe(true);
      expect(await database.store.accounts.list()).toEqual([first]);
    });

    test('reports no other error as a unique violation', async () => {
      const error: unknown = await database.store.pos.insert(samplePos(sampleAccount())).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(Error);
      expect(database.dialect.isUniqueViolation(error)).toBe(false);
      expect(database.dialect.isUniqueViolation('UNIQUE constraint failed')).toBe(false);
    });
  });

  describe('takeIndexes', () => {
    async function stored(changes: Partial<Account> = {}): Promise<AccountId> {
      const account = sampleAccount(changes);
      await database.store.accounts.insert(account);
      return account.id;
    }

    test('gives 50 concurrent transactions 50 indexes without a gap', async () => {
      const id = await stored({ nextIndex: 7 });
      const taken = await Promise.all(
        Array.from({ length: 50 }, () =>
          database.store.transaction(async (tx) => {
            const index = await tx.accounts.takeIndexes(id, 1);
            // Lets other transactions run while this one is open.
            await tx.accounts.get(id);
            return index;
          }),
        ),
      );
      expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 7));
      expect(await database.store.accounts.get(id)).toMatchObject({ nextIndex: 57 });
    });

    test('takes several consecutive indexes', async () => {
      const id = await stored({ nextIndex: 7 });
      expect(await database.store.accounts.takeIndexes(id, 3)).toBe(7);
      expect(await database.store.accounts.takeIndexes(id, 1)).toBe(10);
      expect(await database.store.accounts.get(id)).toMatchObject({ nextIndex: 11 });
    });

    test('gives an index again whose transaction was rolled back', async () => {
      const id = await stored();
      const failing = database.store.transaction(async (tx) => {
        await tx.accounts.takeIndexes(id, 1);
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      expect(await database.store.accounts.takeIndexes(id, 1)).toBe(0);
    });

    test('does not change another account', async () => {
      const [id, other] = [await stored(), await stored({ nextIndex: 3 })];
      await database.store.accounts.takeIndexes(id, 1);
      expect(await database.store.accounts.get(other)).toMatchObject({ nextIndex: 3 });
    });

    test('throws for an unknown account', async () => {
      await expect(database.store.accounts.takeIndexes(sampleAccount().id, 1)).rejects.toThrow('no account with id');
    });
  });

  describe('raiseIndex', () => {
    const raised = (id: AccountId, to: number, reason: SkipReason = 'operator', at = NOON): Promise<SkippedRange | undefined> =>
      database.store.transaction((tx) => tx.accounts.raiseIndex(id, to, reason, at));
    const indexOf = async (id: AccountId): Promise<number | undefined> => (await database.store.accounts.get(id))?.nextIndex;
    async function stored(nextIndex: number): Promise<AccountId> {
      const account = sampleAccount({ nextIndex });
      await database.store.accounts.insert(account);
      return account.id;
    }

    test('raises the index, and records and returns the skipped range', async () => {
      const id = await stored(7);
      const range = { accountId: id, from: 7, to: 10, reason: 'paid', createdAt: NOON };
      expect(await raised(id, 10, 'paid')).toEqual(range);
      expect(await indexOf(id)).toBe(10);
      expect(await database.store.accounts.takeIndexes(id, 1)).toBe(10);
      const later = { accountId: id, from: 11, to: 2 ** 31 - 1, reason: 'mark', createdAt: plusMs(NOON, 1) };
      expect(await raised(id, 2 ** 31 - 1, 'mark', plusMs(NOON, 1))).toEqual(later);
      expect(await database.store.accounts.skippedRanges(id)).toEqual([range, later]);
    });

    test.each([0, 6, 7])('returns undefined and changes nothing if the index is 7 and %i is requested', async (to) => {
      const id = await stored(7);
      expect(await raised(id, to)).toBeUndefined();
      expect(await indexOf(id)).toBe(7);
      expect(await database.store.accounts.skippedRanges()).toEqual([]);
    });

    test('does not raise another account, and records ranges by account', async () => {
      const [id, other] = [await stored(0), await stored(3)];
      await raised(id, 5);
      await raised(other, 4);
      expect([await indexOf(id), await indexOf(other)]).toEqual([5, 4]);
      expect(await database.store.accounts.skippedRanges(other)).toMatchObject([{ from: 3, to: 4 }]);
      expect(await database.store.accounts.skippedRanges()).toHaveLength(2);
    });

    test('raises nothing if its transaction is rolled back', async () => {
      const id = await stored(0);
      const failing = database.store.transaction(async (tx) => {
        await tx.accounts.raiseIndex(id, 5, 'operator', NOON);
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      expect(await indexOf(id)).toBe(0);
      expect(await database.store.accounts.skippedRanges()).toEqual([]);
    });

    test('and concurrent takeIndexes give out no index twice, and none in a skipped range', async () => {
      const id = await stored(0);
      const [taken] = await Promise.all([
        Promise.all(
          Array.from({ length: 30 }, () =>
            database.store.transaction(async (tx) => {
              const index = await tx.accounts.takeIndexes(id, 1);
              await tx.accounts.get(id);
              return index;
            }),
          ),
        ),
        ...Array.from({ length: 10 }, (_, nth) => raised(id, nth * 4)),
      ]);
      const ranges = await database.store.accounts.skippedRanges(id);
      const skipped = ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, nth) => from + nth));
      const all = [...taken, ...skipped];
      expect(new Set(all).size).toBe(all.length);
      expect(Math.max(...all)).toBe((await indexOf(id))! - 1);
    });

    test.each([-1, 1.5, 2 ** 31 + 1, Number.NaN])('refuses the index %d', async (to) => {
      const id = await stored(0);
      await expect(raised(id, to)).rejects.toThrow('expected a whole number from 0');
      expect(await indexOf(id)).toBe(0);
    });

    test('throws for an unknown account', async () => {
      await expect(raised(sampleAccount().id, 1)).rejects.toThrow('no account with id');
    });
  });

  describe('lastPaidIndex', () => {
    test('returns the highest index of the account with a payment, in a given range', async () => {
      const [account, other] = [sampleAccount(), sampleAccount()];
      for (const one of [account, other]) await database.store.accounts.insert(one);
      const [pos, otherPos] = [samplePos(account), samplePos(other)];
      for (const one of [pos, otherPos]) await database.store.pos.insert(one);
      const orders = [0, 1, 2, 3].map((addressIndex) => sampleOrder(pos, { addressIndex }));
      for (const order of [...orders, sampleOrder(otherPos, { addressIndex: 9 })]) await database.store.orders.insert(order);
      const lastPaid = (from = 0, below = 10): Promise<number | undefined> =>
        database.store.accounts.lastPaidIndex(account.id, from, below);

      expect(await lastPaid()).toBeUndefined();
      await database.store.orders.placePayment(samplePayment(orders[2]!, 'two'));
      await database.store.orders.placePayment(samplePayment(orders[0]!, 'none'));
      expect(await Promise.all([lastPaid(), lastPaid(2), lastPaid(3), lastPaid(0, 2)])).toEqual([2, 2, undefined, 0]);
      expect(await database.store.accounts.lastPaidIndex(other.id, 0, 10)).toBeUndefined();
    });
  });

  describe('the POS store', () => {
    async function stored(changes: Partial<Pos> = {}): Promise<Pos> {
      const account = sampleAccount();
      await database.store.accounts.insert(account);
      const pos = samplePos(account, changes);
      await database.store.pos.insert(pos);
      return pos;
    }
    const urls = { callbackUrl: 'https://a.example/1', continueUrl: 'https://b.example/2', cancelUrl: 'https://c.example/3' };

    test.each<[string, Partial<Pos>]>([
      ['without defaults', {}],
      ['with all defaults', { defaults: { ...urls, requiredConfirmations: 6 } }],
      ['that is disabled and requires no confirmations', { active: false, defaults: { ...urls, requiredConfirmations: 0 } }],
      ['with texts in several scripts', { name: UNICODE, sealedSecret: UNICODE, clientId: UNICODE }],
      ['with texts of 100,000 characters', { name: LONG, sealedSecret: LONG }],
      ['of the other type, in a currency without decimals', { type: 'mobile', currency: parseCurrency('JPY') }],
    ])('returns a POS %s as it was stored', async (_, changes) => {
      const pos = await stored(changes);
      expect(await database.store.pos.get(pos.id)).toEqual(pos);
      expect(await database.store.pos.byClientId(pos.clientId)).toEqual(pos);
      expect(await database.store.pos.list()).toEqual([pos]);
    });

    test('returns undefined for an unknown POS', async () => {
      const pos = await stored();
      expect(await database.store.pos.get(samplePos(sampleAccount()).id)).toBeUndefined();
      expect(await database.store.pos.byClientId(`${pos.clientId}x`)).toBeUndefined();
      expect(await database.store.pos.byClientId(pos.clientId.toUpperCase())).toBeUndefined();
    });

    test('refuses a second POS with the same client id', async () => {
      const { clientId } = await stored();
      const error: unknown = await stored({ clientId }).catch((e: unknown) => e);
      expect(database.dialect.isUniqueViolation(error)).toBe(true);
    });
  });
});
