/** Shows every statement that a store runs to an inspector, before it runs. */
import type { CompiledQuery, DatabaseConnection, Driver } from 'kysely';
import type { SqlDialect } from '../../src/store/sql/dialects/dialect.ts';
import { isRepeated } from '../../src/store/sql/dialects/repeated-query.ts';

/** Runs a statement on the same connection, without inspecting it. */
export type Run = <Row>(query: CompiledQuery) => Promise<Row[]>;
export type Inspect = (query: CompiledQuery, run: Run) => Promise<void>;

export function inspected(dialect: SqlDialect, inspect: Inspect): SqlDialect {
  const { kysely } = dialect;
  const known = new WeakSet<DatabaseConnection>();
  const createDriver = (): Driver => {
    const driver = kysely.createDriver();
    const acquire = driver.acquireConnection.bind(driver);
    driver.acquireConnection = async () => {
      const connection = await acquire();
      // A pool hands out the same connection again.
      if (known.has(connection)) return connection;
      known.add(connection);
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = async (query) => {
        const [first] = isRepeated(query) ? query.repeats : [];
        await inspect(
          first === undefined ? query : { ...query, parameters: first },
          async (other) => (await execute<never>(other)).rows,
        );
        return execute(query);
      };
      return connection;
    };
    return driver;
  };
  return {
    ...dialect,
    kysely: {
      createDriver,
      createAdapter: () => kysely.createAdapter(),
      createQueryCompiler: () => kysely.createQueryCompiler(),
      createIntrospector: (db) => kysely.createIntrospector(db),
    },
  };
}
