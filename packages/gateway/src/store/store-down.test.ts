import { expect, it } from 'vitest';
import { isStoreDown, StoreDownError } from './store-down.ts';

const coded = (code: string, more: object = {}): Error => Object.assign(new Error('no'), { code, ...more });
/** Imitates an error of the driver; test/store-failures.test.ts has real ones. */
const ofSqlite = (sqliteCodeName: string): Error => coded('ERR_SQLITE_ERROR', { sqliteCodeName });

it.each([
  ofSqlite('SQLITE_BUSY'),
  ofSqlite('SQLITE_FULL'),
  ofSqlite('SQLITE_IOERR_WRITE'),
  coded('ECONNREFUSED'),
  coded('ENOENT', { syscall: 'connect' }),
  coded('53100'),
  coded('25006'),
  coded('ENOSPC', { syscall: 'fsync' }),
  coded('57P01'),
  coded('08006'),
  new Error('timeout expired'),
  new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]),
  new StoreDownError('rolled back'),
])('%s means that the store is down', (error) => {
  expect(isStoreDown(error)).toBe(true);
});

it.each([
  coded('23505'),
  coded('42P01'),
  ofSqlite('SQLITE_CONSTRAINT_UNIQUE'),
  ofSqlite('SQLITE_ERROR'),
  coded('ENOENT', { syscall: 'open' }),
  new TypeError('x is undefined'),
  'SQLITE_FULL',
])('%s does not mean that the store is down', (error) => {
  expect(isStoreDown(error)).toBe(false);
});
