/**
 * Callbacks queue by POS and endpoint, those that were never tried apart from those that were. What waits stays as it is: its row has
 * named its POS all along, and only the indexes by which queues are read change. How an endpoint does is known for each POS by itself;
 * what was known of one is taken over for every POS that has callbacks waiting there.
 */
import { sql, type Kysely, type Migration } from 'kysely';

export const callbackQueues: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.dropIndex('callbacks_due').execute();
    await sql`create index callbacks_fresh on callbacks (pos_id, endpoint, next_attempt_at)
      where next_attempt_at is not null and attempts = 0`.execute(db);
    await sql`create index callbacks_retries on callbacks (pos_id, endpoint, next_attempt_at)
      where next_attempt_at is not null and attempts > 0`.execute(db);

    await db.schema.alterTable('failing_endpoints').renameTo('failing_endpoints_before').execute();
    await db.schema
      .createTable('failing_endpoints')
      .addColumn('pos_id', 'text', (c) => c.notNull())
      .addColumn('endpoint', 'text', (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addColumn('failures', 'bigint', (c) => c.notNull())
      .addColumn('last_error', 'text', (c) => c.notNull())
      .addColumn('last_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('failing_endpoints_of_pos', ['pos_id', 'endpoint'])
      .execute();
    await sql`insert into failing_endpoints (pos_id, endpoint, since, failures, last_error, last_at)
      select waiting.pos_id, before.endpoint, before.since, before.failures, before.last_error, before.last_at
      from failing_endpoints_before as before
      join (select distinct pos_id, endpoint from callbacks where next_attempt_at is not null) as waiting
        on waiting.endpoint = before.endpoint`.execute(db);
    await db.schema.dropTable('failing_endpoints_before').execute();
  },
};
