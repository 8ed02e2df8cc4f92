/** Writes to a gateway's database by SQL, as somebody would who has its password or its file. */
import { DatabaseSync } from '@photostructure/sqlite';
import { querySql } from '../support/query-sql.ts';

export interface Attacker {
  run(statement: string): Promise<void>;
  rows(query: string): Promise<Record<string, string>[]>;
}

export function attackerOf(databaseUrl: string): Attacker {
  const path = databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : undefined;
  const rows = async (statement: string): Promise<Record<string, string>[]> => {
    if (path === undefined) return querySql<Record<string, string>>(databaseUrl, statement);
    const database = new DatabaseSync(path, { timeout: 5_000 });
    try {
      return database.prepare(statement).all() as Record<string, string>[];
    } finally {
      database.close();
    }
  };
  return { rows, run: async (statement) => void (await rows(statement)) };
}
