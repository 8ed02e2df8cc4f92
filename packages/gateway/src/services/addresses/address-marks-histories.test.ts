/**
 * Random histories of two gateways with the same wallets and one marks file: orders, crashes, clean stops, backups, restores, copies,
 * failovers and new databases. No index of a wallet is ever handed out twice. The disk is a model: after a crash it has exactly what was
 * written before.
 */
import type { TakeIndexes } from './index-allocator.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testKey } from '../../../test/support/test-gateway.ts';
import { epochMs } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Account, SkippedRange } from '../../merchants/account.ts';
import type { Marks, MarksFile, WalletMark } from '../../store/marks.ts';
import type { AccountStore } from '../../store/ports/account-store.ts';
import type { MarksPlace } from '../../store/ports/marks-place-store.ts';
import type { Store, StoreTransaction } from '../../store/ports/store.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';
import type { WalletId } from '../../wallet/wallet-id.ts';
import { createAccount } from '../merchants/create-account.ts';
import { AddressMarks } from './address-marks.ts';
import { MAX_BLOCK } from './index-blocks.ts';
import { reconcileMarks } from './reconcile-marks.ts';
import { skipAddresses } from './skip-addresses.ts';

const WALLETS = [testKey(101), testKey(102)];
const DESCRIPTORS = WALLETS.map((xpub) => parseAccount({ xpub }, 'regtest').descriptor);
const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
const NOW = epochMs(Date.UTC(2026, 10, 23));
const clock = { now: () => NOW };

/** Numbers the processes of both machines. */
let processes = 0;

/** Thrown where the process dies. */
class Crash extends Error {}

const CRASH_POINTS = ['before the marks', 'after the marks', 'before the commit', 'after the commit'] as const;
type CrashPoint = (typeof CRASH_POINTS)[number];

/** The content of a database. A copy of it is a backup. */
interface Rows {
  readonly accounts: readonly Account[];
  readonly skipped: readonly SkippedRange[];
  readonly place: MarksPlace | undefined;
}
const NO_ROWS: Rows = { accounts: [], skipped: [], place: undefined };

/** The marks files by path. */
type Disk = Map<string, Marks>;

/** A machine with a database and a gateway, which crashes at `crashAt`. */
class Machine {
  rows: Rows = NO_ROWS;
  readonly backups: Rows[] = [];
  crashAt: CrashPoint | undefined;
  marksPath = '/keys/marks';
  readonly #disk: Disk;
  readonly #handedOut: (wallet: string, index: number) => void;
  #gateway: AddressMarks | undefined;
  #nowMs = 0;

  constructor(disk: Disk, handedOut: (wallet: string, index: number) => void) {
    this.#disk = disk;
    this.#handedOut = handedOut;
  }

  /** Starts a gateway after the last one was killed or stopped. */
  async start(): Promise<void> {
    const parts = { store: this.#store(), marks: this.#marks(), session: this.#name(), clock, log: SILENT };
    const guard = { isSoundAccount: () => true, assertAccount: () => {} };
    await reconcileMarks({ ...parts, guard, readMarks: async (path) => this.#disk.get(path) });
    this.#gateway = new AddressMarks({ ...parts, guard, nowMs: () => this.#nowMs });
  }

  async kill(): Promise<void> {
    this.#gateway = undefined;
  }

  async stop(): Promise<void> {
    await this.#gateway?.close();
    this.#gateway = undefined;
  }

  wait(durationMs: number): Promise<void> {
    this.#nowMs += durationMs;
    return this.#gateway?.releaseQuiet() ?? Promise.resolve();
  }

  async createOrders(wallet: number, count: number): Promise<void> {
    const account = this.#account(wallet);
    if (account === undefined || this.#gateway === undefined) return;
    await this.#gateway.take(account.id, count, (take) => this.#transaction((tx) => take(tx, count), account));
  }

  async createAccount(wallet: number, firstIndex: number): Promise<void> {
    if (this.#account(wallet) !== undefined) return;
    const marks = { file: this.#marks(), session: this.#name() };
    const keys = { wallet: new Uint8Array(32) };
    const make = { store: this.#store() as Store, clock, newUuid: () => crypto.randomUUID(), network: 'regtest' as const, keys };
    await createAccount(make, { name: 'W', wallet: { xpub: WALLETS[wallet] ?? '' } }, { firstIndex, marks });
  }

  async skip(wallet: number, count: number): Promise<void> {
    const account = this.#account(wallet);
    if (account === undefined) return;
    const context = { store: this.#store() as Store, clock, marks: this.#marks(), session: this.#name() };
    await skipAddresses(context, account.id, account.nextIndex + count);
  }

  #account(wallet: number): Account | undefined {
    return this.rows.accounts.find((account) => account.descriptor === DESCRIPTORS[wallet]);
  }

  #name(): string {
    processes += 1;
    return processes.toString(16).padStart(16, '0');
  }

  #pass(point: CrashPoint): void {
    if (this.crashAt !== point) return;
    this.crashAt = undefined;
    throw new Crash(point);
  }

  #marks(): MarksFile {
    const [disk, path] = [this.#disk, this.marksPath];
    return {
      path,
      read: async () => disk.get(path),
      checkWritable: async () => {},
      update: async (change) => {
        this.#pass('before the marks');
        const draft = new Map<WalletId, WalletMark>(disk.get(path));
        const result = change(draft);
        disk.set(path, draft);
        this.#pass('after the marks');
        return result;
      },
    };
  }

  /** A committed index counts as handed out, even if the process dies right after the commit. */
  async #transaction<T>(work: (tx: Parameters<TakeIndexes>[0]) => Promise<T>, soldFrom?: Account): Promise<T> {
    let draft = this.rows;
    const taken: number[] = [];
    const result = await work({
      accounts: accountsOn(
        () => draft,
        (rows) => (draft = rows),
        taken,
      ),
    } as Parameters<TakeIndexes>[0]);
    this.#pass('before the commit');
    this.rows = draft;
    if (soldFrom !== undefined) for (const index of taken) this.#handedOut(soldFrom.descriptor, index);
    this.#pass('after the commit');
    return result;
  }

  #store(): Pick<Store, 'accounts' | 'marksPlace' | 'transaction'> {
    return {
      accounts: accountsOn(
        () => this.rows,
        () => expect.unreachable('a write outside of a transaction'),
        [],
      ),
      marksPlace: {
        get: async () => this.rows.place,
        put: async (place) => void (this.rows = { ...this.rows, place }),
      },
      transaction: (work) => this.#transaction((tx) => work(tx as StoreTransaction)),
    };
  }
}

function accountsOn(read: () => Rows, write: (rows: Rows) => void, taken: number[]): AccountStore {
  const find = (id: AccountId): Account => {
    const account = read().accounts.find((one) => one.id === id);
    if (account === undefined) throw new Error('unknown account');
    return account;
  };
  const moveTo = (id: AccountId, nextIndex: number): void =>
    write({ ...read(), accounts: read().accounts.map((one) => (one.id === id ? { ...one, nextIndex } : one)) });
  return {
    insert: async (account) => write({ ...read(), accounts: [...read().accounts, account] }),
    get: async (id) => read().accounts.find((one) => one.id === id),
    list: async () => [...read().accounts],
    setSeal: async () => expect.unreachable('nothing is sealed later'),
    takeIndexes: async (id, count) => {
      const { nextIndex } = find(id);
      moveTo(id, nextIndex + count);
      for (let nth = 0; nth < count; nth += 1) taken.push(nextIndex + nth);
      return nextIndex;
    },
    raiseIndex: async (accountId, to, reason, createdAt) => {
      const { nextIndex: from } = find(accountId);
      if (from >= to) return undefined;
      const range = { accountId, from, to, reason, createdAt };
      moveTo(accountId, to);
      write({ ...read(), skipped: [...read().skipped, range] });
      return range;
    },
    skippedRanges: async (id) => read().skipped.filter((range) => id === undefined || range.accountId === id),
    deleteUnused: async () => expect.unreachable('nothing is deleted'),
    lastPaidIndex: async () => undefined,
  };
}

type Step = (machines: readonly Machine[], disk: Disk) => Promise<void>;
const onOne =
  (run: (machine: Machine) => Promise<void>) =>
  (which: number): Step =>
  (machines) =>
    run(machines[which] as Machine);
const which = fc.nat(1);
const step = (what: string, steps: fc.Arbitrary<Step>): fc.Arbitrary<{ what: string; run: Step }> =>
  steps.map((run) => ({ what, run }));

const someStep = fc.oneof(
  {
    weight: 12,
    arbitrary: step(
      'create orders',
      fc.tuple(which, fc.nat(1), fc.integer({ min: 1, max: 5 })).map(([m, w, n]) => onOne((one) => one.createOrders(w, n))(m)),
    ),
  },
  {
    weight: 2,
    arbitrary: step(
      'create an account',
      fc.tuple(which, fc.nat(1), fc.constantFrom(0, 0, 7)).map(([m, w, first]) => onOne((one) => one.createAccount(w, first))(m)),
    ),
  },
  {
    weight: 3,
    arbitrary: step(
      'wait',
      fc.tuple(which, fc.constantFrom(100, 900, 3_000, 20_000)).map(([m, ms]) => onOne((one) => one.wait(ms))(m)),
    ),
  },
  {
    weight: 2,
    arbitrary: step(
      'skip',
      fc.tuple(which, fc.nat(1), fc.integer({ min: 1, max: 9 })).map(([m, w, n]) => onOne((one) => one.skip(w, n))(m)),
    ),
  },
  {
    weight: 2,
    arbitrary: step(
      'kill',
      which.map(
        onOne(async (one) => {
          await one.kill();
          await one.start();
        }),
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: step(
      'stop',
      which.map(
        onOne(async (one) => {
          await one.stop();
          await one.start();
        }),
      ),
    ),
  },
  {
    weight: 4,
    arbitrary: step(
      'crash soon',
      fc.tuple(which, fc.constantFrom(...CRASH_POINTS)).map(([m, point]) => onOne(async (one) => void (one.crashAt = point))(m)),
    ),
  },
  { weight: 3, arbitrary: step('back up', which.map(onOne(async (one) => void one.backups.push(one.rows)))) },
  {
    weight: 3,
    arbitrary: step(
      'restore',
      fc.tuple(which, fc.nat()).map(([m, nth]) =>
        onOne(async (one) => {
          await one.kill();
          one.rows = one.backups[nth % Math.max(1, one.backups.length)] ?? one.rows;
          await one.start();
        })(m),
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: step(
      'fail over while it is running',
      which.map(onOne(async (one) => void (one.rows = withAccountsOf(one.backups.at(-1), one.rows)))),
    ),
  },
  {
    weight: 2,
    arbitrary: step(
      'start with a new database',
      fc.tuple(which, fc.nat(1)).map(([m, w]) =>
        onOne(async (one) => {
          await one.kill();
          one.rows = NO_ROWS;
          await one.start();
          await one.createAccount(w, 0);
        })(m),
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: step(
      'copy the other database here',
      which.map((m): Step => async (machines) => {
        const [from, to] = [machines[1 - m] as Machine, machines[m] as Machine];
        await to.kill();
        to.rows = from.rows;
        await to.start();
      }),
    ),
  },
);

/** A failover loses the last commits, but not the accounts that the gateway knows. */
function withAccountsOf(backup: Rows | undefined, now: Rows): Rows {
  if (backup === undefined || now.accounts.some(({ id }) => !backup.accounts.some((one) => one.id === id))) return now;
  return backup;
}

async function play(
  steps: readonly { readonly what: string; readonly run: Step }[],
  begin: (disk: Disk, machines: Machine[]) => Promise<void>,
): Promise<void> {
  const disk: Disk = new Map();
  const handedOut = new Map<string, Set<number>>();
  const record = (wallet: string, index: number): void => {
    const known = handedOut.get(wallet) ?? new Set<number>();
    handedOut.set(wallet, known);
    if (known.has(index)) throw new Error(`index ${index} was handed out twice`);
    known.add(index);
  };
  const machines = [new Machine(disk, record), new Machine(disk, record)];
  await begin(disk, machines);
  for (const { run } of steps) {
    try {
      await run(machines, disk);
    } catch (error) {
      if (!(error instanceof Crash) && !(error instanceof Error && error.cause instanceof Crash)) throw error;
      for (const machine of machines)
        if (machine.crashAt === undefined) {
          await machine.kill();
          await machine.start();
        }
    }
  }
}

describe('no index of a wallet is handed out twice', () => {
  it('in any history of databases and processes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someStep, { maxLength: 60 }), (steps) =>
        play(steps, async (_disk, machines) => {
          for (const machine of machines) {
            await machine.createAccount(0, 0);
            await machine.start();
          }
        }),
      ),
      { numRuns: Number(process.env['HISTORIES'] ?? 150) },
    );
  }, 240_000);

  it('when a copy is started with its own marks file after the original was stopped or killed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(30), fc.nat(30), fc.boolean(), async (before, after, clean) => {
        const disk: Disk = new Map();
        const seen = new Set<number>();
        const record = (_wallet: string, index: number): void => {
          if (seen.has(index)) throw new Error(`index ${index} was handed out twice`);
          seen.add(index);
        };
        const [original, copy] = [new Machine(disk, record), new Machine(disk, record)];
        await original.createAccount(0, 0);
        await original.start();
        for (let nth = 0; nth < before; nth += 1) await original.createOrders(0, 1);
        copy.rows = original.rows;
        copy.marksPath = '/elsewhere/marks';
        for (let nth = 0; nth < after; nth += 1) await original.createOrders(0, 1);
        await (clean ? original.stop() : original.kill());
        await copy.start();
        for (let nth = 0; nth < 5; nth += 1) await copy.createOrders(0, 1);
      }),
    );
  });
});

describe('a kill', () => {
  it('skips less than a block, and nothing after a pause of orders; a clean stop skips nothing', async () => {
    const batches = fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.constantFrom(0, 50, 700, 1_500)), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(batches, fc.constantFrom('kill', 'pause and kill', 'stop'), async (orders, end) => {
        const machine = new Machine(new Map(), () => {});
        await machine.createAccount(0, 0);
        await machine.start();
        let count = 0;
        for (const [many, waitMs] of orders) {
          await machine.createOrders(0, many);
          await machine.wait(waitMs);
          count += many;
        }
        if (end === 'pause and kill') await machine.wait(3_000);
        await (end === 'stop' ? machine.stop() : machine.kill());
        await machine.start();
        const skipped = (machine.rows.accounts[0]?.nextIndex ?? 0) - count;
        expect(skipped).toBeGreaterThanOrEqual(0);
        expect(skipped).toBeLessThan(end === 'kill' ? MAX_BLOCK : 1);
      }),
    );
  });
});
