/** A process that opens databases as a gateway does. For each address on its standard input, it prints `opened` or the error. */
import { createInterface } from 'node:readline';
import { postgresDialect } from '../../../src/store/sql/dialects/postgres.ts';
import { sqliteDialect } from '../../../src/store/sql/dialects/sqlite/sqlite.ts';
import { openSqlStore } from '../../../src/store/sql/sql-store.ts';
import type { TestPlace } from '../every-database.ts';

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const address = JSON.parse(line) as TestPlace['address'];
  process.stdout.write(`${await open(address)}\n`);
}

async function open(address: TestPlace['address']): Promise<string> {
  try {
    const store = await openSqlStore('path' in address ? sqliteDialect(address.path) : postgresDialect(address.url, address));
    await store.close();
    return 'opened';
  } catch (error) {
    const { message, cause } = error as Error;
    return [message, cause instanceof Error ? cause.message : ''].join(' ');
  }
}
