import type { QueueId } from '../../../callbacks/queue-key.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { FailingEndpoint } from '../../../callbacks/endpoint.ts';
import type { EndpointStore, PausedQueue } from '../../ports/endpoint-store.ts';
import { pickColumns, rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { failingColumns, failingFrom, pausedColumns, pausedFrom } from './endpoint-columns.ts';

const rowOfFailing = rowWriter<FailingEndpoint, typeof failingColumns>(failingColumns);
/** The columns that every failure updates. */
const lastColumns = pickColumns(failingColumns, ['failures', 'last_error', 'last_at']);
const rowOfLast = rowWriter<FailingEndpoint, typeof lastColumns>(lastColumns);
const rowOfPaused = rowWriter<PausedQueue, typeof pausedColumns>(pausedColumns);

export class SqlEndpoints implements EndpointStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async failing(): Promise<FailingEndpoint[]> {
    const rows = await this.#sql.db
      .selectFrom('failing_endpoints')
      .selectAll()
      .orderBy('since')
      .orderBy('pos_id')
      .orderBy('endpoint')
      .execute();
    return rows.map(failingFrom);
  }

  async recordFailure(failing: FailingEndpoint): Promise<void> {
    await this.#sql.db
      .insertInto('failing_endpoints')
      .values(rowOfFailing(failing))
      .onConflict((conflict) => conflict.columns(['pos_id', 'endpoint']).doUpdateSet(rowOfLast(failing)))
      .execute();
  }

  async recordSuccess({ posId, endpoint }: QueueId): Promise<void> {
    await this.#sql.db.deleteFrom('failing_endpoints').where('pos_id', '=', posId).where('endpoint', '=', endpoint).execute();
  }

  async pauses(): Promise<PausedQueue[]> {
    const rows = await this.#sql.db.selectFrom('paused_queues').selectAll().execute();
    return rows.map(pausedFrom);
  }

  async pause(paused: PausedQueue): Promise<void> {
    await this.#sql.db
      .insertInto('paused_queues')
      .values(rowOfPaused(paused))
      .onConflict((conflict) =>
        conflict.columns(['pos_id', 'endpoint']).doUpdateSet({ paused_until: paused.pausedUntil, failures: paused.failures }),
      )
      .execute();
  }

  async resume({ posId, endpoint }: QueueId): Promise<void> {
    await this.#sql.db.deleteFrom('paused_queues').where('pos_id', '=', posId).where('endpoint', '=', endpoint).execute();
  }

  async resumeAll(): Promise<void> {
    await this.#sql.db.deleteFrom('paused_queues').execute();
  }

  async prune(before: EpochMs): Promise<void> {
    await this.#sql.db.deleteFrom('paused_queues').where('paused_until', '<', before).execute();
    await this.#sql.db.deleteFrom('failing_endpoints').where('last_at', '<', before).execute();
  }
}
