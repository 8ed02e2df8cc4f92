/**
 * The options of a connection, such as `-c search_path=webpos`. PostgreSQL applies them; a connection pooler refuses them or, worse,
 * ignores them, and the tables would be looked for, and created, in another schema.
 */
import { sql, type Kysely } from 'kysely';
import { errorMessage } from '../../../kernel/error-message.ts';
import type { Tables } from '../tables.ts';
import type { PostgresHosts } from './postgres-hosts.ts';

const HINT = 'a pooler does not pass options on; set the schema of the role instead (alter role NAME set search_path = SCHEMA)';

/** Checks that connections have the search path that their options ask for. @throws Error if they do not. */
export async function checkSearchPath(db: Kysely<Tables>, hosts: PostgresHosts): Promise<void> {
  const wanted = /(?:^|\s)(?:-c\s*|--)search_path=(?<path>\S+)/.exec(hosts.options)?.groups?.['path'];
  try {
    const { rows } = await sql<{ path: string }>`select current_setting('search_path') as path`.execute(db);
    const found = rows[0]?.path ?? '';
    if (wanted !== undefined && plain(found) !== plain(wanted))
      throw new Error(`expected search_path to be ${wanted}, as the options of the URL say, got ${found}: ${HINT}`);
  } catch (error) {
    if (!/unsupported startup parameter/.test(errorMessage(error))) throw error;
    throw new Error(`${errorMessage(error)}: ${HINT}`, { cause: error });
  }
}

function plain(path: string): string {
  return path.replaceAll(/[\s"\\]/g, '');
}
