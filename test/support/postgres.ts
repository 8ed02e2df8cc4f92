/**
 * Where tests get a PostgreSQL from: env WEBPOS_TEST_POSTGRES_URL, else the database `test` of user postgres on this machine.
 * Without one, its tests skip with a loud line; with CI=true they fail, so that CI can never pass by skipping.
 */
import { randomBytes } from 'node:crypto';
import { runSql } from '../../packages/gateway/test/support/run-sql.ts';

const ON_THIS_MACHINE = 'postgres://postgres@127.0.0.1:5432/test';

/**
 * The URL of a PostgreSQL that answers, or undefined after a loud line that names the tests and the reason.
 *
 * @throws Error when none exists and CI=true.
 * @example const postgres = await findPostgres('orders.test.ts'); describe.skipIf(postgres === undefined)(...)
 */
export async function findPostgres(forTests: string): Promise<string | undefined> {
  const url = process.env['WEBPOS_TEST_POSTGRES_URL'] || ON_THIS_MACHINE;
  try {
    await runSql(url, 'select 1');
    return url;
  } catch (error) {
    const line = `NO POSTGRESQL: cannot run ${forTests} on ${withoutPassword(url)}: ${reason(error)}`;
    if (process.env['CI'] === 'true') throw new Error(line, { cause: error });
    process.stderr.write(`\n*** ${line}\n*** SKIPPED. Start a PostgreSQL there, or set WEBPOS_TEST_POSTGRES_URL.\n\n`);
    return undefined;
  }
}

/** A schema that nobody else uses, in which one run of tests can do what it likes. */
export interface FreshSchema extends AsyncDisposable {
  readonly name: string;
}

/** Makes a schema; disposing drops it with all that is in it. */
export async function freshSchema(url: string): Promise<FreshSchema> {
  const name = `webpos_test_${randomBytes(8).toString('hex')}`;
  await runSql(url, `create schema ${name}`);
  return { name, [Symbol.asyncDispose]: () => runSql(url, `drop schema ${name} cascade`) };
}

function withoutPassword(text: string): string {
  if (!URL.canParse(text)) return 'a URL that cannot be read';
  const url = new URL(text);
  url.password = '';
  return url.href;
}

/** A refused connection is reported once for each address; their messages are inside. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join('; ');
  return error instanceof Error ? error.message : String(error);
}
