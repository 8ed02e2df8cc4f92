import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseSync } from '@photostructure/sqlite';
import { GroupCommit } from './group-commit.ts';

let database: InstanceType<typeof DatabaseSync>;
let commands: string[];
/** What the database refuses, once. */
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

/** A work as a transaction does it: kept when it succeeds, undone when it throws. */
async function work(act: () => Promise<void> | void): Promise<void> {
  await group.enter();
  try {
    await act();
  } catch (error) {
    await group.undo();
    throw error;
  }
  await group.keep();
}

describe('works that write', () => {
  test('at one time share one commit', async () => {
    await Promise.all(['a', 'b', 'c'].map((text) => work(() => insert(text))));
    expect(notes()).toEqual(rows('a', 'b', 'c'));
    expect(commits()).toBe(1);
  });

  test('run one after the other, also when one waits for something', async () => {
    const seen: string[] = [];
    const slow = work(async () => {
      seen.push('slow begins');
      await loopTurn();
      await loopTurn();
      seen.push('slow ends');
    });
    await Promise.all([slow, work(() => void seen.push('quick'))]);
    expect(seen).toEqual(['slow begins', 'slow ends', 'quick']);
  });

  test('learn of their end only after the commit', async () => {
    const order: string[] = [];
    const done = work(() => insert('a')).then(() => order.push(`told after ${commits()} commit`));
    await Promise.resolve();
    expect(commits()).toBe(0);
    await done;
    expect(order).toEqual(['told after 1 commit']);
  });

  test('leave the others as they are when they throw', async () => {
    const results = await Promise.allSettled([
      work(() => insert('a')),
      work(() => {
        insert('b');
        throw new Error('changed my mind');
      }),
      work(() => insert('a')),
      work(() => insert('c')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: new Error('changed my mind') });
    expect(notes()).toEqual(rows('a', 'c'));
    expect(commits()).toBe(1);
  });

  test('all fail when their commit fails, those too that had only looked, and the next ones work', async () => {
    refuses = 'commit';
    const results = await Promise.allSettled([
      work(() => insert('a')),
      work(() => {
        if (notes().length > 0) throw new Error('there is one already');
      }),
    ]);
    expect(results).toMatchObject([{ reason: new Error('no commit') }, { reason: new Error('no commit') }]);
    expect([notes(), database.isTransaction]).toEqual([[], false]);
    await work(() => insert('b'));
    expect(notes()).toEqual(rows('b'));
  });

  test('all fail when a fault has ended their transaction, and the one it hit says which', async () => {
    const results = await Promise.allSettled([
      work(() => insert('a')),
      work(() => {
        database.exec('rollback');
        throw new Error('the disk is full');
      }),
      work(() => insert('c')),
    ]);
    expect(results).toMatchObject([
      { reason: { message: expect.stringContaining('taken back') as unknown } },
      { reason: new Error('the disk is full') },
      { status: 'fulfilled' },
    ]);
    expect(notes()).toEqual(rows('c'));
  });

  test('do not keep others out when they cannot begin', async () => {
    refuses = 'begin immediate';
    const results = await Promise.allSettled([work(() => insert('a')), work(() => insert('b'))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(notes()).toEqual(rows('b'));
  });

  test('that are many make more than one group, so that the first do not wait for all', async () => {
    await Promise.all(Array.from({ length: 600 }, (_, number) => work(() => insert(String(number)))));
    expect(commits()).toBe(3);
    expect(notes()).toHaveLength(600);
  });

  test('are committed as soon as one ends that took longer than a turn of the event loop', async () => {
    const first = work(() => insert('a'));
    const slow = work(async () => {
      await loopTurn();
      await loopTurn();
    });
    const behind = work(() => insert('b'));
    await Promise.all([first, slow, behind]);
    expect(commits()).toBe(2);
  });

  test('are committed at once when the database is about to be closed', async () => {
    const done = work(() => insert('a'));
    await Promise.resolve();
    await Promise.resolve();
    group.flush();
    expect(commits()).toBe(1);
    await done;
  });
});
