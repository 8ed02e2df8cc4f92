/** Processes that take turns at a lease in memory, on clocks that the test controls. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OperatorError } from '../../kernel/operator-error.ts';
import { LeaseLostError, type HeldLease, type LeaseStore } from '../../store/ports/leader/lease-store.ts';
import type { Store, StoreTransaction } from '../../store/ports/store.ts';
import { LEASE_TIMES, Leadership, type Term } from './leadership.ts';

const { lifetimeMs, lookMs, renewMs } = LEASE_TIMES;

/** The lease in a database, which may be down, or answer late. */
class Database {
  row = { holder: undefined as string | undefined, term: 0, expiresAt: 0, status: undefined as string | undefined };
  timeline = '00000001';
  /** Settles before each answer. */
  answer: () => Promise<void> = async () => {};

  get store(): Pick<Store, 'lease' | 'transaction'> {
    const isHolder = (held: HeldLease): boolean => held.holder === this.row.holder && held.term === this.row.term;
    const lease: LeaseStore = {
      read: async () => {
        await this.answer();
        const { holder, term, expiresAt, status } = this.row;
        const now = Date.now();
        return { holder, term, validMs: expiresAt - now, status, statusAgeMs: 0 };
      },
      take: async (holder, forMs) => {
        if (this.row.expiresAt > Date.now()) return undefined;
        this.row = { ...this.row, holder, term: this.row.term + 1, expiresAt: Date.now() + forMs };
        return { holder, term: this.row.term, timeline: this.timeline };
      },
      renew: async (held, forMs, status) => {
        const answer = this.answer();
        const renewed = isHolder(held);
        if (renewed) this.row = { ...this.row, expiresAt: Date.now() + forMs, status: status ?? this.row.status };
        await answer;
        if (!renewed) return 'lost';
        return held.timeline === this.timeline ? 'renewed' : 'failed over';
      },
      release: async (held) => {
        await this.answer();
        if (isHolder(held)) this.row = { ...this.row, holder: undefined, expiresAt: Date.now() };
      },
      hold: async () => {},
    };
    return {
      lease,
      transaction: async (work) => {
        await this.answer();
        return work({ lease } as StoreTransaction);
      },
    };
  }
}

/** A process, and what it does in its terms. */
class Process {
  readonly leadership: Leadership;
  readonly terms: Term[] = [];
  /** The times of the monotonic clock that this process does not notice. */
  suspendedMs = 0;
  isLeading = false;
  /** Runs while it begins to lead. */
  begin: () => Promise<void> = async () => {};

  constructor(database: Database, name: string) {
    this.leadership = new Leadership({
      store: database.store,
      holder: name,
      nowMs: () => performance.now(),
      log: { info: () => {}, warn: () => {} },
      lead: async (term) => {
        this.terms.push(term);
        await this.begin();
        this.isLeading = true;
        return {
          status: () => `${name} leads`,
          stop: async () => {
            this.isLeading = false;
          },
        };
      },
    });
  }

  get mayStore(): boolean {
    try {
      this.terms.at(-1)?.assertHeld();
      return this.terms.length > 0;
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      return false;
    }
  }
}

const DOWN = async (): Promise<void> => {
  throw new Error('the database is down');
};

describe('of two processes', () => {
  let database: Database;
  let one: Process;
  let other: Process;

  beforeEach(async () => {
    vi.useFakeTimers();
    database = new Database();
    one = new Process(database, 'one');
    other = new Process(database, 'other');
    await one.leadership.start();
    await other.leadership.start();
  });

  afterEach(async () => {
    database.answer = async () => {};
    const stopped = Promise.all([one.leadership.stop(), other.leadership.stop()]);
    await vi.advanceTimersByTimeAsync(lifetimeMs);
    await stopped;
    vi.useRealTimers();
  });

  test('one leads as long as it renews the lease, and tells what it knows', async () => {
    await vi.advanceTimersByTimeAsync(10 * lifetimeMs);
    expect([one.isLeading, other.isLeading]).toEqual([true, false]);
    expect([one.leadership.term, other.leadership.term]).toEqual([1, undefined]);
    expect(database.row.status).toBe('one leads');
  });

  test('the other leads at once when the first is stopped, and knows that it succeeds', async () => {
    await vi.advanceTimersByTimeAsync(lookMs);
    one.leadership.beginStop();
    await vi.advanceTimersByTimeAsync(lookMs);
    expect([one.isLeading, other.isLeading]).toEqual([false, true]);
    expect(other.terms.at(-1)).toMatchObject({ term: 2, isSuccession: true });
    expect(one.mayStore).toBe(false);
  });

  test('the first stops by itself before the other can lead, when it can renew the lease no more', async () => {
    await vi.advanceTimersByTimeAsync(renewMs);
    const { expiresAt } = database.row;
    database.answer = DOWN;
    for (let n = 0; one.isLeading && n < 1_000; n += 1) await vi.advanceTimersByTimeAsync(50);
    expect(Date.now()).toBeLessThan(expiresAt);
    expect(one.mayStore).toBe(false);
    expect(other.isLeading).toBe(false);
    database.answer = async () => {};
    await vi.advanceTimersByTimeAsync(lifetimeMs + lookMs);
    expect([one.isLeading, other.isLeading].filter(Boolean)).toHaveLength(1);
    expect(database.row.term).toBe(2);
  });

  test('the first does not believe a renewal whose answer comes too late', async () => {
    await vi.advanceTimersByTimeAsync(renewMs / 2);
    let answer: () => void = () => {};
    const late = new Promise<void>((resolve) => (answer = resolve));
    database.answer = () => late;
    await vi.advanceTimersByTimeAsync(lifetimeMs + renewMs);
    expect([one.isLeading, one.mayStore]).toEqual([false, false]);
    database.answer = async () => {};
    answer();
    await vi.advanceTimersByTimeAsync(0);
    expect([one.isLeading, one.mayStore]).toEqual([false, false]);
  });

  test('the first may store nothing after it was suspended, from the very first moment', async () => {
    await vi.advanceTimersByTimeAsync(renewMs);
    // Time passes, and no timer of this process runs.
    vi.setSystemTime(Date.now() + lifetimeMs);
    const nowMs = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs() + lifetimeMs);
    expect(one.mayStore).toBe(false);
    await vi.advanceTimersByTimeAsync(lifetimeMs + 2 * lookMs);
    expect([one, other].filter(({ mayStore }) => mayStore)).toHaveLength(1);
    vi.restoreAllMocks();
  });

  test('the first stops when it finds that another has taken the lease', async () => {
    database.row = { ...database.row, holder: 'a third', term: 7, expiresAt: Date.now() + 10 * lifetimeMs };
    await vi.advanceTimersByTimeAsync(renewMs);
    expect([one.isLeading, one.mayStore]).toEqual([false, false]);
    expect(database.row).toMatchObject({ holder: 'a third', term: 7 });
  });

  test('the first begins another term, with everything loaded anew, when the database has failed over', async () => {
    await vi.advanceTimersByTimeAsync(renewMs);
    database.timeline = '00000002';
    await vi.advanceTimersByTimeAsync(renewMs + lookMs);
    const leaders = [one, other].filter(({ isLeading }) => isLeading);
    expect(leaders).toHaveLength(1);
    expect(leaders[0]?.terms.at(-1)).toMatchObject({ term: 2, timeline: '00000002' });
    expect([one, other].filter(({ mayStore }) => mayStore)).toEqual(leaders);
  });

  test('one that needs longer than a lease to begin keeps it meanwhile', async () => {
    other.begin = () => new Promise((resolve) => setTimeout(resolve, 3 * lifetimeMs));
    one.leadership.beginStop();
    await vi.advanceTimersByTimeAsync(2 * lifetimeMs);
    expect([database.row.term, other.isLeading]).toEqual([2, false]);
    await vi.advanceTimersByTimeAsync(2 * lifetimeMs);
    expect([database.row.term, other.isLeading, other.mayStore]).toEqual([2, true, true]);
  });

  test('one that cannot begin gives the lease back', async () => {
    other.begin = async () => {
      throw new OperatorError('its marks file cannot be read');
    };
    one.leadership.beginStop();
    await vi.advanceTimersByTimeAsync(lookMs);
    expect(other.isLeading).toBe(false);
    expect(database.row.holder).toBeUndefined();
    other.begin = async () => {};
    await vi.advanceTimersByTimeAsync(2 * lookMs);
    expect(other.isLeading).toBe(true);
  });
});

test('a process that cannot lead as it is set up does not start, if it is the first', async () => {
  const database = new Database();
  const faulty = new Process(database, 'faulty');
  faulty.begin = async () => {
    throw new OperatorError('its marks file cannot be read');
  };
  await expect(faulty.leadership.start()).rejects.toThrow('its marks file cannot be read');
  expect(database.row.holder).toBeUndefined();
});

test('a process starts while the database fails, and leads once it answers', async () => {
  vi.useFakeTimers();
  const database = new Database();
  database.answer = DOWN;
  const process = new Process(database, 'one');
  await process.leadership.start();
  expect(process.isLeading).toBe(false);
  database.answer = async () => {};
  await vi.advanceTimersByTimeAsync(2 * lookMs);
  expect(process.isLeading).toBe(true);
  await process.leadership.stop();
  vi.useRealTimers();
});

test('a process that begins on an expired lease does not count as its successor', async () => {
  const database = new Database();
  database.row = { holder: 'before a backup', term: 4, expiresAt: 1, status: undefined };
  const process = new Process(database, 'after a restore');
  await process.leadership.start();
  expect(process.terms).toMatchObject([{ term: 5, isSuccession: false }]);
  await process.leadership.stop();
});
