/** The errors of a real PostgreSQL that mean that the store is down. */
import { sql, type Kysely } from 'kysely';
import { expect, test } from 'vitest';
import { ON_POSTGRES, onEveryDatabase } from '../../../test/support/every-database.ts';
import { isStoreDown } from '../store-down.ts';
import { postgresDialect } from './dialects/postgres.ts';
import { openSqlStore } from './sql-store.ts';
import type { Tables } from './tables.ts';

await onEveryDatabase(
  import.meta.url,
  (database) => {
    const failing = async (work: (tx: Kysely<Tables>) => Promise<unknown>): Promise<unknown> => {
      try {
        await database.db.transaction().execute(work);
      } catch (error) {
        return error;
      }
      throw new Error('it has not failed');
    };

    test.each([
      [
        'is read-only, as after a failover,',
        'set transaction read only',
        `insert into chain_blocks values (1, 'x')`,
        { code: '25006' },
      ],
      [
        'terminates the connection',
        'select 1',
        'select pg_terminate_backend(pg_backend_pid())',
        { message: expect.stringContaining('terminat') as unknown },
      ],
      ['cancels a statement', `set local statement_timeout = '10ms'`, 'select pg_sleep(5)', { code: '57014' }],
    ])('a server that %s counts as down', async (_, before, statement, expected) => {
      const error = await failing(async (tx) => {
        await sql.raw(before).execute(tx);
        await sql.raw(statement).execute(tx);
      });
      expect(error).toMatchObject(expected);
      expect(isStoreDown(error)).toBe(true);
      // The next query gets a working connection.
      expect(await database.store.accounts.list()).toEqual([]);
    });

    test('a faulty statement does not count as a server that is down', async () => {
      expect(isStoreDown(await failing((tx) => sql.raw('select * from no_such_table').execute(tx)))).toBe(false);
    });

    test('an unreachable server counts as down', async () => {
      const error: unknown = await openSqlStore(postgresDialect('postgres://127.0.0.1:9/webpos')).catch(
        (thrown: unknown) => thrown,
      );
      expect(isStoreDown(error) || isStoreDown((error as Error).cause)).toBe(true);
    });
  },
  [ON_POSTGRES],
);
