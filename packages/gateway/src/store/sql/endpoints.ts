import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import type { EndpointStore, FailingEndpoint } from '../ports.ts';
import type { SqlContext } from './sql-context.ts';

export class SqlEndpoints implements EndpointStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async failing(): Promise<FailingEndpoint[]> {
    const rows = await this.#sql.db.selectFrom('failing_endpoints').selectAll().orderBy('since').orderBy('endpoint').execute();
    return rows.map((row) => ({
      endpoint: row.endpoint,
      since: epochMs(Number(row.since)),
      failures: Number(row.failures),
      lastError: row.last_error,
      lastAt: epochMs(Number(row.last_at)),
    }));
  }

  async fails({ endpoint, since, failures, lastError, lastAt }: FailingEndpoint): Promise<void> {
    const last = { failures, last_error: lastError, last_at: lastAt };
    await this.#sql.db
      .insertInto('failing_endpoints')
      .values({ endpoint, since, ...last })
      .onConflict((conflict) => conflict.column('endpoint').doUpdateSet(last))
      .execute();
  }

  async worksAgain(endpoint: string): Promise<void> {
    await this.#sql.db.deleteFrom('failing_endpoints').where('endpoint', '=', endpoint).execute();
  }

  async forget(before: EpochMs): Promise<void> {
    await this.#sql.db.deleteFrom('failing_endpoints').where('last_at', '<', before).execute();
  }
}
