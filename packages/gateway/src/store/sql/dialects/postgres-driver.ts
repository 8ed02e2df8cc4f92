/** Kysely's driver for PostgreSQL, over a pool of connections, each with a {@link PostgresSession}. */
import type { Driver, TransactionSettings } from 'kysely';
import type pg from 'pg';
import { currentStep } from '../../../kernel/thread/steps.ts';
import type { PostgresPool } from './postgres-pool.ts';
import { PostgresSession } from './postgres-session.ts';
import type { StatementNames } from './statement-names.ts';

export class PostgresDriver implements Driver {
  readonly #pool: PostgresPool;
  readonly #names: StatementNames;
  readonly #sessions = new WeakMap<pg.Client, PostgresSession>();

  constructor(pool: PostgresPool, names: StatementNames) {
    this.#pool = pool;
    this.#names = names;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresSession> {
    const step = currentStep();
    const client = await this.#pool.acquire();
    const session = this.#sessions.get(client) ?? new PostgresSession({ client, pool: this.#pool, names: this.#names });
    this.#sessions.set(client, session);
    session.begin(step);
    return session;
  }

  async beginTransaction(session: PostgresSession, { isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    if (isolationLevel !== undefined || accessMode !== undefined) throw new Error('transactions have no settings');
    await session.command('begin');
  }

  async commitTransaction(session: PostgresSession): Promise<void> {
    await session.command('commit');
  }

  /** Never rejects, so that the error that led here is the one that is reported. */
  async rollbackTransaction(session: PostgresSession): Promise<void> {
    await session.command('rollback').catch(() => session.spoil());
  }

  async releaseConnection(session: PostgresSession): Promise<void> {
    session.release();
  }

  async destroy(): Promise<void> {
    await this.#pool.end();
  }
}
