import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DatabaseSync } from '@photostructure/sqlite';
import { StoreDownError } from '../../../store-down.ts';
import { BUSY_RETRY } from './busy-retry.ts';
import { GroupCommit, type GroupDatabase } from './group-commit.ts';

let database: InstanceType<typeof DatabaseSync>;
let commands: string[];
/** The commands that the database refuses, each once. */
let refuses: Set<string>;
let group: GroupCommit;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  database.exec('create table notes (text text unique)');
  commands = [];
  refuses = new Set();
  group = new GroupCommit(recorded());
});
afterEach(() => database.close());

/** The database, which records its commands. */
function recorded(): GroupDatabase {
  return {
    get isTransaction() {
      return database.isTransaction;
    },
    exec: (text) => {
      commands.push(text);
      if (refuses.delete(text)) throw new Error(`no ${text}`);
      database.exec(text);
    },
  };
}

const insert = (text: string): void => void database.prepare('insert into notes values (?)').run(text);
const notes = (): unknown[] => database.prepare('select text from notes order by text').all();
const rows = (...texts: string[]): unknown[] => texts.map((text) => ({ text }));
const commits = (): number => commands.filter((text) => text === 'commit').length;
const loopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs a task as a transaction does: committed when it succeeds, rolled back when it throws. */
async function task(act: () => Promise<void> | void): Promise<void> {
  await group.enter();
  try {
    await act();
  } catch (error) {
    await group.rollBack();
    throw error;
  }
  await group.commit();
}

describe('tasks that write', () => {
  test('at the same time share one commit', async () => {
    await Promise.all(['a', 'b', 'c'].map((text) => task(() => insert(text))));
    expect(notes()).toEqual(rows('a', 'b', 'c'));
    expect(commits()).toBe(1);
  });

  test('run one after the other, even if one of them waits', async () => {
    const seen: string[] = [];
    const slow = task(async () => {
      seen.push('slow begins');
      await loopTurn();
      await loopTurn();
      seen.push('slow ends');
    });
    await Promise.all([slow, task(() => void seen.push('quick'))]);
    expect(seen).toEqual(['slow begins', 'slow ends', 'quick']);
  });

  test('that are urgent go before others, one of which has its turn after each', async () => {
    const seen: string[] = [];
    const named = async (name: string, isUrgent: boolean): Promise<void> => {
      await group.enter(isUrgent);
      seen.push(name);
      await loopTurn();
      await group.commit();
    };
    const others = ['a', 'b', 'c', 'd'].map((name) => named(name, false));
    const urgent = ['1', '2', '3'].map((name) => named(name, true));
    const ended = group.end();
    await Promise.all([...others, ...urgent, ended]);
    expect(seen).toEqual(['a', '1', 'b', '2', 'c', '3', 'd']);
  });

  test('resolve only after the commit', async () => {
    const order: string[] = [];
    const done = task(() => insert('a')).then(() => order.push(`resolved after ${commits()} commit`));
    await Promise.resolve();
    expect(commits()).toBe(0);
    await done;
    expect(order).toEqual(['resolved after 1 commit']);
  });

  test('do not affect other tasks when they throw', async () => {
    const results = await Promise.allSettled([
      task(() => insert('a')),
      task(() => {
        insert('b');
        throw new Error('cancelled');
      }),
      task(() => insert('a')),
      task(() => insert('c')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: new Error('cancelled') });
    expect(notes()).toEqual(rows('a', 'c'));
    expect(commits()).toBe(1);
  });

  test('all fail when their commit fails, even if they only read, and later tasks succeed', async () => {
    refuses.add('commit');
    const results = await Promise.allSettled([
      task(() => insert('a')),
      task(() => {
        if (notes().length > 0) throw new Error('there is one already');
      }),
    ]);
    expect(results).toMatchObject([{ reason: new Error('no commit') }, { reason: new Error('no commit') }]);
    expect([notes(), database.isTransaction]).toEqual([[], false]);
    await task(() => insert('b'));
    expect(notes()).toEqual(rows('b'));
  });

  test('all fail when neither their commit nor the rollback after it succeeds, and later tasks store nothing of theirs', async () => {
    refuses.add('commit').add('rollback');
    const results = await Promise.allSettled([task(() => insert('a')), task(() => insert('b'))]);
    expect(results).toMatchObject([{ reason: new Error('no commit') }, { reason: new Error('no commit') }]);
    expect(database.isTransaction).toBe(true);
    await task(() => insert('c'));
    expect(notes()).toEqual(rows('c'));
  });

  test('of one group fail with the fault of a task that cannot be rolled back, and do not block others', async () => {
    refuses.add('rollback to task').add('rollback');
    const results = await Promise.allSettled([
      task(() => insert('a')),
      task(() => {
        throw new Error('cancelled');
      }),
      task(() => insert('c')),
    ]);
    expect(results).toMatchObject([
      { reason: new Error('no rollback to task') },
      { reason: new Error('no rollback to task') },
      { status: 'fulfilled' },
    ]);
    expect(notes()).toEqual(rows('c'));
  });

  test('all fail when a fault rolls back their transaction, and the task that met it reports it', async () => {
    const results = await Promise.allSettled([
      task(() => insert('a')),
      task(() => {
        database.exec('rollback');
        throw new Error('the disk is full');
      }),
      task(() => insert('c')),
    ]);
    expect(results).toMatchObject([
      { reason: { message: expect.stringContaining('rolled back') as unknown } },
      { reason: new Error('the disk is full') },
      { status: 'fulfilled' },
    ]);
    expect(notes()).toEqual(rows('c'));
  });

  test('do not block others when they cannot begin', async () => {
    refuses.add('begin immediate');
    const results = await Promise.allSettled([task(() => insert('a')), task(() => insert('b'))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(notes()).toEqual(rows('b'));
  });

  test('are split into several groups when there are many', async () => {
    await Promise.all(Array.from({ length: 600 }, (_, number) => task(() => insert(String(number)))));
    expect(commits()).toBe(3);
    expect(notes()).toHaveLength(600);
  });

  test('are committed as soon as a task ends that took longer than a turn of the event loop', async () => {
    const first = task(() => insert('a'));
    const slow = task(async () => {
      await loopTurn();
      await loopTurn();
    });
    const behind = task(() => insert('b'));
    await Promise.all([first, slow, behind]);
    expect(commits()).toBe(2);
  });

  test('are committed at the end, also those that still run or wait, and later ones are refused', async () => {
    const done = [task(() => insert('a')), task(loopTurn), task(() => insert('b'))];
    const ended = group.end();
    const late = task(() => insert('c'));
    late.catch(() => {});
    await ended;
    await Promise.all(done);
    await expect(late).rejects.toThrow('the database is closed');
    expect(database.isTransaction).toBe(false);
    expect(notes()).toEqual(rows('a', 'b'));
  });
});

describe('with a sync after each commit', () => {
  let syncs: { resolve: () => void; reject: (error: Error) => void }[];
  let paused: Promise<void> | undefined;
  beforeEach(() => {
    syncs = [];
    paused = undefined;
    group = new GroupCommit(recorded(), {
      sync: () => new Promise((resolve, reject) => void syncs.push({ resolve, reject })),
      pause: () => paused,
    });
  });
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await loopTurn();
  };

  test('tasks resolve when it has ended, and the next group begins only then', async () => {
    const seen: string[] = [];
    const first = task(() => insert('a')).then(() => seen.push('first'));
    await turns();
    const second = task(() => insert('b')).then(() => seen.push('second'));
    await turns();
    expect({ seen, notes: notes(), begun: commands.filter((text) => text === 'begin immediate') }).toEqual({
      seen: [],
      notes: rows('a'),
      begun: ['begin immediate'],
    });
    expect(group.unsynced).toBeInstanceOf(Promise);
    syncs[0]!.resolve();
    await first;
    await turns();
    expect({ seen, notes: notes(), syncs: syncs.length }).toEqual({ seen: ['first'], notes: rows('a', 'b'), syncs: 2 });
    syncs[1]!.resolve();
    await second;
    expect(group.unsynced).toBeUndefined();
  });

  test('a task that has only read waits for it too', async () => {
    let ended = false;
    const reading = task(() => void notes()).then(() => (ended = true));
    await turns();
    expect(ended).toBe(false);
    syncs[0]!.resolve();
    await reading;
  });

  test('all tasks of its group and all later ones fail when the disk refuses it', async () => {
    const results = Promise.allSettled([task(() => insert('a')), task(() => insert('b'))]);
    await turns();
    const later = task(() => insert('c'));
    later.catch(() => {});
    syncs[0]!.reject(new Error('no disk'));
    expect(await results).toMatchObject([{ reason: new Error('no disk') }, { reason: new Error('no disk') }]);
    await expect(later).rejects.toThrow('no disk');
    await expect(task(() => insert('d'))).rejects.toThrow('no disk');
    await expect(group.unsynced).rejects.toThrow('no disk');
    await expect(group.end()).rejects.toThrow('no disk');
    expect(syncs).toHaveLength(1);
  });

  test('a task gives up when the disk takes too long, and so do those that have waited as long', async () => {
    let nowMs = 0;
    group = new GroupCommit(recorded(), {
      sync: () => new Promise((resolve, reject) => void syncs.push({ resolve, reject })),
      retry: { ...BUSY_RETRY, nowMs: () => nowMs },
    });
    const first = task(() => insert('a'));
    await turns();
    const late = [task(() => insert('b')), task(() => insert('c'))];
    const results = Promise.allSettled(late);
    nowMs = 5_000;
    const inTime = task(() => insert('d'));
    expect(await results).toMatchObject([
      { reason: new StoreDownError('the disk takes too long') },
      { reason: new StoreDownError('the disk takes too long') },
    ]);
    syncs[0]!.resolve();
    await first;
    await vi.waitFor(() => expect(syncs).toHaveLength(2));
    syncs[1]!.resolve();
    await inTime;
    expect(notes()).toEqual(rows('a', 'd'));
  }, 60_000);

  test('a group does not begin in a pause', async () => {
    let goOn: () => void = () => {};
    paused = new Promise((resolve) => (goOn = resolve));
    const done = task(() => insert('a'));
    await turns();
    expect(commands).toEqual([]);
    goOn();
    await turns();
    syncs[0]!.resolve();
    await done;
    expect(notes()).toEqual(rows('a'));
  });

  test('the end of all waits for it', async () => {
    let ended = false;
    const done = task(() => insert('a'));
    const end = group.end().then(() => (ended = true));
    await turns();
    expect(ended).toBe(false);
    syncs[0]!.resolve();
    await Promise.all([done, end]);
  });
});
