import { describe, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import { blockOf, NOON, txidOf } from '../../../../test/support/samples.ts';
import type { Coin } from '../../../chain/sandbox/coins.ts';
import type { StoredSandboxTransaction, TransactionPlace } from '../../../chain/sandbox/store.ts';
import type { ChainRestart } from '../../../kernel/chain-restart.ts';
import { plusMs } from '../../../kernel/clock.ts';
import { sats } from '../../../kernel/sats.ts';

const blocks = (from: number, to: number, branch = ''): ReturnType<typeof blockOf>[] =>
  Array.from({ length: to - from + 1 }, (_, n) => blockOf(from + n, branch));

await onEveryDatabase('chain.test.ts', (database) => {
  describe('the stored chain', () => {
    test('is empty at first', async () => {
      const { chain } = database.store;
      expect([await chain.tip(), await chain.ends()]).toEqual([undefined, undefined]);
      expect(await chain.recent(10)).toEqual([]);
    });

    test('can be extended, and is read from the newest block down', async () => {
      const { chain } = database.store;
      await chain.append(blocks(8, 9));
      await chain.append([]);
      await chain.append(blocks(10, 12));
      expect(await chain.tip()).toEqual(blockOf(12));
      expect(await chain.ends()).toEqual({ tip: blockOf(12), lowestHeight: 8 });
      expect(await chain.recent(3)).toEqual([blockOf(12), blockOf(11), blockOf(10)]);
      expect(await chain.recent(100)).toEqual(blocks(8, 12).reverse());
    });

    test('can be rolled back to a height and extended by another branch', async () => {
      const { chain } = database.store;
      await chain.append(blocks(1, 5));
      await chain.rollBackFrom(4);
      expect(await chain.tip()).toEqual(blockOf(3));
      await chain.append(blocks(4, 6, 'other'));
      expect(await chain.recent(10)).toEqual([...blocks(1, 3), ...blocks(4, 6, 'other')].reverse());
      await chain.rollBackFrom(7);
      expect(await chain.tip()).toEqual(blockOf(6, 'other'));
    });

    test('records restarts by an operator, with or without skipped blocks', async () => {
      const { store } = database;
      const first: ChainRestart = {
        at: NOON,
        fromHeight: 7,
        to: blockOf(900_000),
        unread: { from: 8, to: 900_000 },
        undoneBlocks: 2,
        foundPayments: 1,
      };
      const second: ChainRestart = { ...first, at: plusMs(NOON, 1), to: blockOf(5), unread: undefined };
      for (const restart of [second, first]) await store.transaction((tx) => tx.chain.recordRestart(restart));
      expect(await store.chain.restarts()).toEqual([first, second]);
    });

    test('is pruned below a height', async () => {
      const { chain } = database.store;
      await chain.append(blocks(1, 5));
      await chain.prune(-3);
      expect(await chain.recent(10)).toHaveLength(5);
      await chain.prune(4);
      expect(await chain.recent(10)).toEqual([blockOf(5), blockOf(4)]);
    });

    test('refuses a second block at the same height, together with the blocks appended with it', async () => {
      const { chain } = database.store;
      await chain.append([blockOf(5)]);
      const error: unknown = await chain.append([blockOf(6), blockOf(5, 'other')]).catch((e: unknown) => e);
      expect(database.dialect.isUniqueViolation(error)).toBe(true);
      expect(await chain.recent(10)).toEqual([blockOf(5)]);
    });
  });

  describe('the sandbox chain', () => {
    const block = (height: number, branch = ''): { raw: Uint8Array } & ReturnType<typeof blockOf> => ({
      ...blockOf(height, branch),
      raw: Buffer.from(`${branch} ${height}`),
    });
    const waiting = (name: string, position: number, place: TransactionPlace = 'waiting'): StoredSandboxTransaction => ({
      txid: txidOf(name),
      raw: Buffer.from(name),
      place,
      position,
    });
    const coin = (vout: number): Coin => ({
      outPoint: { txid: txidOf('coin'), vout },
      amount: sats(7n),
      height: 3,
      minted: true,
    });
    const nothing = {
      rollBackFrom: undefined,
      pruneBelow: undefined,
      blocks: [],
      spentCoins: [],
      newCoins: [],
      removed: [],
      added: [],
    };

    test('is loaded as it was saved: blocks by height, transactions by position, and coins', async () => {
      const { sandbox } = database.store;
      expect(await sandbox.load()).toEqual({ blocks: [], coins: [], transactions: [] });
      const [b, a] = [waiting('b', 1), waiting('a', 2, 'held')];
      await sandbox.save({ ...nothing, blocks: [block(0), block(1)], added: [b, a] });
      expect(await sandbox.load()).toEqual({ blocks: [block(0), block(1)], coins: [], transactions: [b, a] });
      await sandbox.save({ ...nothing, blocks: [block(2)], pruneBelow: 1, newCoins: [coin(0), coin(1)], removed: [b.txid] });
      expect(await sandbox.load()).toEqual({ blocks: [block(1), block(2)], coins: [coin(0), coin(1)], transactions: [a] });
      const dropped = waiting('a', 3, 'dropped');
      await sandbox.save({
        ...nothing,
        rollBackFrom: 2,
        blocks: [block(2, 'other'), block(3, 'other')],
        spentCoins: [coin(0).outPoint],
        removed: [a.txid],
        added: [dropped],
      });
      expect(await sandbox.load()).toEqual({
        blocks: [block(1), block(2, 'other'), block(3, 'other')],
        coins: [coin(1)],
        transactions: [dropped],
      });
    });

    test('is unchanged after a change that fails', async () => {
      const { sandbox } = database.store;
      await sandbox.save({ ...nothing, blocks: [block(0), block(1)], added: [waiting('a', 1)] });
      const before = await sandbox.load();
      const failing = { ...nothing, rollBackFrom: 1, blocks: [block(0)], removed: [txidOf('a')] };
      await expect(sandbox.save(failing)).rejects.toThrow(/unique/i);
      expect(await sandbox.load()).toEqual(before);
    });
  });
});
