/** The program `webpos-listen`. Exit status: 0 stopped by its user, 1 refused or failed, 2 wrong usage. */
import process from 'node:process';
import { LISTEN_DOES, LISTEN_MORE, LISTEN_TAKES } from './help.ts';
import { listen } from './listen.ts';
import { readStdin } from './read-stdin.ts';
import { UsageError } from './usage-error.ts';

const words = process.argv.slice(2);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    // The second time it is meant.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
// Anyone who read the lines has gone.
process.stdout.on('error', () => process.exit(1));

if (words.some((word) => word === '--help' || word === '-h')) {
  process.stdout.write(`webpos-listen ${LISTEN_TAKES}\n    ${LISTEN_DOES}\n\n${LISTEN_MORE}\n`);
} else {
  try {
    await listen({
      words,
      environment: process.env,
      out: (line) => process.stdout.write(`${line}\n`),
      err: (line) => process.stderr.write(`${line}\n`),
      now: Date.now,
      readStdin,
      signal: stop.signal,
    });
  } catch (error) {
    process.stderr.write(`webpos-listen: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
