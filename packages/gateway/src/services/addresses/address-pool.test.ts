import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { NOON, sampleAccount } from '../../../test/support/samples.ts';
import { sealedAccount, testGuard } from '../../../test/support/test-seals.ts';
import { testKey } from '../../../test/support/test-gateway.ts';
import type { Account } from '../../merchants/account.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';
import { AddressPool } from './address-pool.ts';
import { DerivationThread, type DerivationTask } from './derive-in-thread.ts';
import { WatchedAddresses } from './watched-addresses.ts';

const SIZE = 40;
const log = { warn: () => {}, info: () => {} };
const wallet = parseAccount({ xpub: testKey(3) }, 'regtest');

await onEveryDatabase('address-pool.test.ts', (database) => {
  const account: Account = sealedAccount({ ...sampleAccount(), descriptor: wallet.descriptor });
  let tasks: DerivationTask[];
  let pools: AddressPool[];
  beforeEach(async () => {
    [tasks, pools] = [[], []];
    await database.store.accounts.insert(account);
  });
  afterEach(async () => {
    for (const pool of pools) await pool.stop();
  });

  function open(size = SIZE): AddressPool {
    const derive = async (task: DerivationTask) => {
      tasks.push(task);
      return wallet.receiveMany(task.from, task.count);
    };
    const guard = testGuard({ now: () => NOON });
    const watched = new WatchedAddresses({ store: database.store, derive, watch: () => new Set(), lookAhead: size, guard });
    const pool = new AddressPool({ store: database.store, watched, size, guard, log });
    pools.push(pool);
    pool.start();
    return pool;
  }
  const stored = async (): Promise<number[]> =>
    (await database.store.addresses.from(account.id, 0, 1000)).map(({ index }) => index);
  const upTo = (from: number, end: number): number[] => Array.from({ length: end - from }, (_, position) => from + position);
  const takeIndex = (): Promise<number> => database.store.transaction((tx) => tx.accounts.takeIndexes(account.id, 1));

  describe('pooled addresses', () => {
    test('are stored, and each is returned once, at its own index', async () => {
      const pool = open();
      await vi.waitFor(() => expect(pool.take(account.id, 5)).toEqual(wallet.receive(5)));
      expect(pool.take(account.id, 5)).toBeUndefined();
      expect(await stored()).toEqual(upTo(0, SIZE));
    });

    test('are derived from where they end when they run low, and used ones are deleted', async () => {
      const pool = open();
      await vi.waitFor(() => expect(pool.take(account.id, SIZE - 1)).toBeDefined());
      for (let taken = 0; taken < 25; taken += 1) {
        const index = await takeIndex();
        expect(pool.take(account.id, index)).toEqual(wallet.receive(index));
      }
      await vi.waitFor(async () => expect((await stored()).at(-1)).toBeGreaterThanOrEqual(SIZE + 10));
      const [first = 0] = await stored();
      expect(first).toBeGreaterThan(0);
      expect(tasks.map(({ from }) => from)).toEqual([0, SIZE]);
      expect(pool.take(account.id, 25)).toEqual(wallet.receive(25));
    });

    test('are loaded after a restart and not derived twice', async () => {
      open();
      await vi.waitFor(async () => expect(await stored()).toHaveLength(SIZE));
      await pools[0]?.stop();
      const again = open();
      await vi.waitFor(() => expect(again.take(account.id, 0)).toEqual(wallet.receive(0)));
      expect(tasks).toHaveLength(1);
    });

    test('begin at the next index of an account without stored addresses', async () => {
      for (let taken = 0; taken < 3; taken += 1) await takeIndex();
      const pool = open();
      await vi.waitFor(() => expect(pool.take(account.id, 3)).toEqual(wallet.receive(3)));
      expect(await stored()).toEqual(upTo(3, 3 + SIZE));
    });

    test('may be derived by two pools at once', async () => {
      const both = [open(), open()];
      for (const pool of both) await vi.waitFor(() => expect(pool.take(account.id, 1)).toEqual(wallet.receive(1)));
      await vi.waitFor(async () => expect(await stored()).toEqual(upTo(0, SIZE)));
    });

    test('of a new account are derived as soon as the first one is requested', async () => {
      const pool = open();
      const other = parseAccount({ xpub: testKey(4) }, 'regtest');
      await vi.waitFor(async () => expect(await stored()).toHaveLength(SIZE));
      const late = sealedAccount({ ...sampleAccount(), descriptor: other.descriptor });
      await database.store.accounts.insert(late);
      expect(pool.take(late.id, 0)).toBeUndefined();
      await vi.waitFor(() => expect(pool.take(late.id, 1)).toBeDefined());
    });

    test('are not derived if the size of the pool is 0', async () => {
      const pool = open(0);
      expect(pool.take(account.id, 0)).toBeUndefined();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(tasks).toEqual([]);
    });
  });
});

describe('the derivation thread', () => {
  const thread = new DerivationThread();
  afterEach(() => thread.stop());
  const task = (from: number, descriptor = wallet.descriptor): DerivationTask => ({
    descriptor,
    network: 'regtest',
    from,
    count: 70,
  });
  const patient = (): AbortSignal => AbortSignal.timeout(60_000);

  test('derives what the wallet itself derives, task after task', async () => {
    expect(await thread.derive(task(0), patient())).toEqual(wallet.receiveMany(0, 70));
    expect(await thread.derive(task(70), patient())).toEqual(wallet.receiveMany(70, 70));
  });

  test('reports the error of a task, and handles the next one', async () => {
    await expect(thread.derive(task(0, 'wpkh(nothing)'), patient())).rejects.toThrow('addresses cannot be derived');
    expect(await thread.derive(task(0), patient())).toHaveLength(70);
  });

  test('rejects when its signal aborts', async () => {
    await expect(thread.derive(task(0), AbortSignal.abort(new Error('no more')))).rejects.toThrow('no more');
  });
});
