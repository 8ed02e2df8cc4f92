/** A process that takes the serving lock on a database, prints `locked` or the error, and keeps running. Argument: the database URL. */
import { hostname } from 'node:os';
import { lockServing } from '../../../src/store/sql/open-store.ts';

const lock = await lockServing(
  process.argv[2] ?? '',
  { pid: process.pid, host: hostname() },
  { info: () => {}, warn: () => {} },
).catch((error: unknown) => error as Error);
process.stdout.write(`${lock instanceof Error ? lock.message : 'locked'}\n`);
// Ends with its parent.
process.stdin.resume().on('end', () => process.exit(0));
