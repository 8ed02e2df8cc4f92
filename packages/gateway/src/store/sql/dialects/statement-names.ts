/**
 * Whether statements may have names. A name belongs to one connection of the server. Behind a connection pooler that gives each
 * transaction another one, such as PgBouncer in transaction mode, a name may be unknown where it was given, and given already where it was
 * not. So names are used only on direct connections: where the server process is the one that answered when the connection was opened.
 * If a pooler hides that, the first error about a name ends their use.
 */
import pg from 'pg';
import { SECOND_MS } from '../../../kernel/durations.ts';

/** SQLSTATE of a statement name that is unknown, and of one that is taken. */
const LOST: ReadonlySet<unknown> = new Set(['26000', '42P05']);

/** A pooler may accept a connection although its server is gone, and let its first statement wait for minutes. */
const CHECK_MS = 10 * SECOND_MS;

export class StatementNames {
  #areUsable = true;

  get areUsable(): boolean {
    return this.#areUsable;
  }

  /** Checks a new connection. @throws Error `Query read timeout`, if its server does not answer. */
  async check(client: pg.ClientBase, withinMs: number = CHECK_MS): Promise<void> {
    if (this.#areUsable && !(await isDirect(client, withinMs))) this.#areUsable = false;
  }

  /** Whether an error is about a name. If so, no more names are used. */
  isLost(error: unknown): boolean {
    if (!(error instanceof pg.DatabaseError) || !LOST.has(error.code)) return false;
    this.#areUsable = false;
    return true;
  }
}

/** Whether a connection leads to a process of PostgreSQL without a pooler in between, which would announce a process of its own. */
async function isDirect(client: pg.ClientBase, withinMs: number): Promise<boolean> {
  const query: pg.QueryConfig & { query_timeout: number } = { text: 'select pg_backend_pid() as pid', query_timeout: withinMs };
  const { rows } = await client.query<{ pid: number }>(query);
  return rows[0]?.pid === (client as pg.ClientBase & { readonly processID: number | null }).processID;
}
