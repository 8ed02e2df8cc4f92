import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { sqliteCopies } from './sqlite-copies.ts';

const PAGES = 4_000;

async function databaseOf(pages: number): Promise<string> {
  const path = join(await temporaryFolder(), 'webpos.db');
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; create table notes (note blob)');
  database.exec(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${pages}) insert into notes select randomblob(4000) from n`,
  );
  database.close();
  return path;
}

test('a copy is made in a thread, and is whole', async () => {
  const path = await databaseOf(PAGES);
  const target = join(await temporaryFolder(), 'copy.db');
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 1);
  await sqliteCopies(path).copyTo(target);
  clearInterval(turning);
  expect(turns).toBeGreaterThan(0);
  const copied = new DatabaseSync(target, { readOnly: true });
  expect(copied.prepare('select count(*) as n from notes').get()).toEqual({ n: PAGES });
  copied.close();
});

test('a copy that cannot be made fails with the reason', async () => {
  const path = await databaseOf(1);
  const target = await databaseOf(1);
  await expect(sqliteCopies(path).copyTo(target)).rejects.toThrow('output file already exists');
});
