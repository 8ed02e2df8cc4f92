/**
 * The PostgreSQL for tests: `TEST_POSTGRES_URL`, or else the database and the user `postgres` on this machine. Without one, its tests
 * are skipped with a notice; with CI=true they fail, so that CI cannot pass by skipping.
 */
import { randomBytes } from 'node:crypto';
import { runSql } from '../../packages/gateway/test/support/run-sql.ts';

const ON_THIS_MACHINE = 'postgres://postgres@127.0.0.1:5432/postgres';

/**
 * Returns the URL of a PostgreSQL that answers; undefined after a notice that names the tests and the reason.
 *
 * @throws Error if none answers and CI=true.
 * @example const postgres = await findPostgres('orders.test.ts'); describe.skipIf(postgres === undefined)(...)
 */
export async function findPostgres(forTests: string): Promise<string | undefined> {
  const url = process.env['TEST_POSTGRES_URL'] || ON_THIS_MACHINE;
  try {
    await runSql(url, 'select 1');
    return url;
  } catch (error) {
    const line = `NO POSTGRESQL: cannot run ${forTests} on ${withoutPassword(url)}: ${reason(error)}`;
    if (process.env['CI'] === 'true') throw new Error(line, { cause: error });
    process.stderr.write(`\n*** ${line}\n*** SKIPPED. Start a PostgreSQL there, or set TEST_POSTGRES_URL.\n\n`);
    return undefined;
  }
}

/** A schema for one run of tests. */
export interface FreshSchema extends AsyncDisposable {
  readonly name: string;
}

/** Creates a schema; disposing drops it with its contents. */
export async function freshSchema(url: string): Promise<FreshSchema> {
  const name = `webpos_test_${randomBytes(8).toString('hex')}`;
  await runSql(url, `create schema ${name}`);
  return { name, [Symbol.asyncDispose]: () => runSql(url, `drop schema ${name} cascade`) };
}

function withoutPassword(text: string): string {
  if (!URL.canParse(text)) return 'an invalid URL';
  const url = new URL(text);
  url.password = '';
  return url.href;
}

/** A refused connection is an AggregateError with one message per address. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join('; ');
  return error instanceof Error ? error.message : String(error);
}
