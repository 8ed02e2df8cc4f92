/** The program `webpos-listen`. Exit status: 0 when its user stops it, 1 when something is refused or fails, 2 for wrong options. */
import { constants } from 'node:os';
import process from 'node:process';
import { formatHelp, LISTEN_HELP } from './help.ts';
import { listen } from './listen.ts';
import { readStdin } from './read-stdin.ts';
import { UsageError } from './usage-error.ts';

const words = process.argv.slice(2);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    // The second signal ends the process at once.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
// Nobody reads the output any more.
process.stdout.on('error', () => process.exit(128 + constants.signals.SIGPIPE));

if (words.some((word) => word === '--help' || word === '-h')) {
  process.stdout.write(`${formatHelp('webpos-listen', LISTEN_HELP)}\n`);
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
