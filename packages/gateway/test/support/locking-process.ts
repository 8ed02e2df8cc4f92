/** A process that takes the lock on the database named by its argument, says `locked` or why not, and then lives on. */
import { hostname } from 'node:os';
import { lockServing } from '../../src/store/sql/open-store.ts';

const lock = await lockServing(
  process.argv[2] ?? '',
  { pid: process.pid, host: hostname() },
  { info: () => {}, warn: () => {} },
).catch((error: unknown) => error as Error);
process.stdout.write(`${lock instanceof Error ? lock.message : 'locked'}\n`);
// Ends with anyone who started it.
process.stdin.resume().on('end', () => process.exit(0));
