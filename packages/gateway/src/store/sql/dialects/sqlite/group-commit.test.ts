import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseSync } from '@photostructure/sqlite';
import { GroupCommit } from './group-commit.ts';

let database: InstanceType<typeof DatabaseSync>;
let commands: string[];
/** The command that the database refuses, once. */
let refuses: string | undefined;
let group: GroupCommit;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  database.exec('create table notes (text text unique)');
  commands = [];
  refuses = undefined;
  group = new GroupCommit({
    get isTransaction() {
      return database.isTransaction;
    },
    exec: (text) => {
      commands.push(text);
      if (text === refuses) {
        refuses = undefined;
        throw new Error(`no ${text}`);
      }
      database.exec(text);
    },
  });
});
afterEach(() => database.close());

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
    refuses = 'commit';
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
    refuses = 'begin immediate';
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
