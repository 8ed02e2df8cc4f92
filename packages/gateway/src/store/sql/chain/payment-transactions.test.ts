import { describe, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import { NOON, txidOf } from '../../../../test/support/samples.ts';
import type { OutPoint } from '../../../kernel/chain.ts';
import { plusMs } from '../../../kernel/clock.ts';
import type { FamilyMember, PaymentFamily } from '../../ports/payment-transaction-store.ts';

const out = (name: string, vout = 0): OutPoint => ({ txid: txidOf(name), vout });
const member = (name: string, ...spends: OutPoint[]): FamilyMember => ({
  txid: txidOf(name),
  raw: Buffer.from(`transaction ${name}`),
  spends,
});
const family = (...members: FamilyMember[]): PaymentFamily => ({ txid: members.at(-1)!.txid, members });
const plain = ({ txid, members }: PaymentFamily): unknown => ({
  txid,
  members: members.map(({ raw, ...rest }) => ({ ...rest, raw: Buffer.from(raw).toString() })),
});
const sorted = (outPoints: readonly OutPoint[]): string[] => outPoints.map(({ txid, vout }) => `${txid}:${vout}`).sort();

await onEveryDatabase('payment-transactions.test.ts', (database) => {
  const save = (...families: PaymentFamily[]): Promise<void> =>
    database.store.transaction((tx) => tx.transactions.save(families, NOON));
  const remove = (...names: string[]): Promise<void> =>
    database.store.transaction((tx) => tx.transactions.delete(names.map(txidOf)));
  async function allOutPoints(): Promise<string[]> {
    const found: OutPoint[] = [];
    for await (const outPoint of database.store.transactions.outPoints()) found.push(outPoint);
    return sorted(found);
  }

  describe("payments' transactions", () => {
    const parent = member('parent', out('coin', 1), out('coin', 0));
    const first = family(parent, member('first', out('parent')));
    const second = family(parent, member('second', out('parent', 1), out('other')));

    test('lets other work have its turn between two pages of the outputs that they spend', async () => {
      const spends = Array.from({ length: 5_000 }, (_, n) => out('coin', n));
      await save(family(member('large', ...spends)));
      let turns = 0;
      const immediate = (): void => {
        turns += 1;
        if (turns < 100) setImmediate(immediate);
      };
      setImmediate(immediate);
      expect(await allOutPoints()).toHaveLength(5_000);
      expect(turns).toBeGreaterThanOrEqual(2);
      turns = 100;
    });

    test('are stored with their ancestors, parents first, and found by the payment', async () => {
      await save(first, second);
      const { transactions } = database.store;
      const found = await transactions.families([txidOf('first'), txidOf('second'), txidOf('unknown')]);
      expect([...found.keys()].sort()).toEqual([txidOf('first'), txidOf('second')].sort());
      const [head, last] = found.get(txidOf('first'))!.members;
      expect(head).toMatchObject({ txid: txidOf('parent') });
      expect(Buffer.from(last!.raw).toString()).toBe('transaction first');
      expect(sorted(head!.spends)).toEqual(sorted(parent.spends));
      const spends = (await transactions.spends([txidOf('second')])).get(txidOf('second'))!;
      expect(spends.members).toEqual(new Set([txidOf('parent'), txidOf('second')]));
      expect(sorted(spends.outPoints)).toEqual(sorted([...parent.spends, out('parent', 1), out('other')]));
      expect(await allOutPoints()).toEqual(sorted([...parent.spends, out('parent'), out('parent', 1), out('other')]));
    });

    test('are found by what they or their ancestors spend', async () => {
      await save(first, second);
      const spending = async (outPoint: OutPoint): Promise<string[]> =>
        (await database.store.transactions.spending([outPoint])).map(({ txid }) => txid).sort();
      expect(await spending(out('coin', 1))).toEqual([txidOf('first'), txidOf('second')].sort());
      expect(await spending(out('other'))).toEqual([txidOf('second')]);
      expect(await spending(out('other', 1))).toEqual([]);
    });

    test('are replaced only by a family with more ancestors', async () => {
      const alone = family(member('first', out('parent')));
      await save(alone);
      await save(first);
      await save(alone);
      const stored = (await database.store.transactions.families([txidOf('first')])).get(txidOf('first'))!;
      expect(plain(stored)).toMatchObject({ members: [{ txid: txidOf('parent') }, { txid: txidOf('first') }] });
    });

    test('are deleted, except for an ancestor that another family needs', async () => {
      await save(first, second);
      await remove('first');
      expect(await allOutPoints()).toEqual(sorted([...parent.spends, out('parent', 1), out('other')]));
      await remove('second', 'unknown');
      expect(await allOutPoints()).toEqual([]);
      expect((await database.store.transactions.families([txidOf('second')])).size).toBe(0);
      expect(await database.db.selectFrom('payment_transactions').selectAll().execute()).toEqual([]);
    });

    test('are listed page by page, with the time at which they were saved', async () => {
      await save(first, second);
      const [a, b] = [txidOf('first'), txidOf('second')].sort() as [typeof parent.txid, typeof parent.txid];
      const { transactions } = database.store;
      expect(await transactions.list(undefined, 1)).toEqual([{ txid: a, savedAt: NOON }]);
      expect(await transactions.list(a, 5)).toEqual([{ txid: b, savedAt: NOON }]);
      await database.store.transaction((tx) => tx.transactions.save([first], plusMs(NOON, 5)));
      expect(await transactions.list(b, 5)).toEqual([]);
    });

    test('that are too large to be relayed are not stored, but the outputs that they spend are', async () => {
      await save(family({ ...member('large', out('coin')), raw: Buffer.alloc(400_001) }));
      expect((await database.store.transactions.families([txidOf('large')])).size).toBe(0);
      expect(await allOutPoints()).toEqual(sorted([out('coin')]));
    });
  });
});
