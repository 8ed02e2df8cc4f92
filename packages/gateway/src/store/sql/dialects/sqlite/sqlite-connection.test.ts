import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.ts';
import { SqliteConnection } from './sqlite-connection.ts';

let path: string;
let connection: SqliteConnection;
beforeEach(async () => {
  path = join(await temporaryFolder(), 'rows.db');
  connection = new SqliteConnection(new DatabaseSync(path));
  connection.exec('create table coins (txid text, sats integer, script blob)');
});
afterEach(() => connection.close());

it('reads rows by the names of their columns', () => {
  connection.run('insert into coins values (?, ?, ?), (?, ?, ?)', ['aa', 5_000_000_000, Buffer.from('51', 'hex'), 'bb', 0, null]);
  expect(connection.run('select sats, script, txid as id from coins order by txid', []).rows).toEqual([
    { sats: 5_000_000_000, script: new Uint8Array([0x51]), id: 'aa' },
    { sats: 0, script: null, id: 'bb' },
  ]);
  expect(connection.run('select txid from coins where sats < 0', []).rows).toEqual([]);
});

it('reads what a statement returns of each row that it writes', () => {
  const inserted = connection.runEach('insert into coins (txid, sats) values (?, ?) returning sats, txid', [
    ['aa', 1],
    ['bb', 2],
  ]);
  expect(inserted.rows).toEqual([
    { sats: 1, txid: 'aa' },
    { sats: 2, txid: 'bb' },
  ]);
  expect(connection.changedRows()).toBe(2);
});

it('names a column that another connection has added since the statement was prepared', () => {
  connection.run('insert into coins values (?, ?, ?)', ['aa', 1, null]);
  const all = (): unknown[] => connection.run('select * from coins', []).rows;
  expect(all()).toEqual([{ txid: 'aa', sats: 1, script: null }]);
  const other = new DatabaseSync(path);
  other.exec("alter table coins add column place text not null default 'mempool'");
  other.close();
  expect(all()).toEqual([{ txid: 'aa', sats: 1, script: null, place: 'mempool' }]);
});
