/** Runs a benchmark on one database after the other, each time in a process of its own, on a new database that is dropped at its end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fromGateway, POSTGRES } from './stalls/database.mjs';

const KINDS = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

/** The choice of `--database`. */
export const databaseOption = { type: 'string', default: 'both' };

/** @returns `sqlite` or `postgres`; undefined for both. @throws if it is something else. */
export function databaseOf(word) {
  if (word === 'both') return undefined;
  if (Object.hasOwn(KINDS, word)) return word;
  throw new Error(`--database: expected sqlite, postgres or both, got ${JSON.stringify(word)}`);
}

/**
 * Runs a benchmark file on SQLite, and then on PostgreSQL if one answers.
 *
 * @param file the benchmark, which understands `--database`.
 * @param words its other options.
 * @returns 0, or the first exit code that is something else.
 */
export async function onEachDatabase(file, words) {
  let failed = 0;
  for (const [kind, name] of Object.entries(KINDS)) {
    if (kind === 'postgres' && !(await postgresAnswers())) {
      console.log('\n  no PostgreSQL answers, so there are no numbers for it; TEST_POSTGRES_URL names another one');
      continue;
    }
    console.log(`\n  on ${name}`);
    const child = spawn(process.execPath, [file, ...words, '--database', kind], { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    failed ||= code ?? 1;
  }
  return failed;
}

async function postgresAnswers() {
  const client = new (fromGateway('pg').Client)({ connectionString: POSTGRES, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
  } catch {
    return false;
  }
  await client.end();
  return true;
}
