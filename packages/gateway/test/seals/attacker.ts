/** Writes to a gateway's database by SQL, as somebody would who has its password or its file. */
import { setTimeout } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { querySql } from '../support/query-sql.ts';

export interface Attacker {
  run(statement: string): Promise<void>;
  rows(query: string): Promise<Record<string, string>[]>;
}

export function attackerOf(databaseUrl: string): Attacker {
  const path = databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : undefined;
  const rows = async (statement: string): Promise<Record<string, string>[]> =>
    path === undefined ? querySql<Record<string, string>>(databaseUrl, statement) : whenUnlocked(() => onFile(path, statement));
  return { rows, run: async (statement) => void (await rows(statement)) };
}

function onFile(path: string, statement: string): Record<string, string>[] {
  const database = new DatabaseSync(path);
  try {
    return database.prepare(statement).all() as Record<string, string>[];
  } finally {
    database.close();
  }
}

/** A gateway in this process cannot end its transaction while a statement waits for it. */
async function whenUnlocked<T>(work: () => T): Promise<T> {
  for (let tries = 1; ; tries += 1)
    try {
      return work();
    } catch (error) {
      if (tries === 1_000 || !String(error).includes('database is locked')) throw error;
      await setTimeout(5);
    }
}
