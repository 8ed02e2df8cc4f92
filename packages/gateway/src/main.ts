/** The command `webpos`: runs it and ends with its status. */
import { runCli } from './cli/cli.ts';
import { createLog } from './ops/log.ts';
import { onReload, stopRequested } from './ops/process-signals.ts';
import { askRates, openBase, openExamined, startGateway } from './app.ts';

// A fault that nobody expected (a rejected promise that nobody waits for is one too): what is stored is whole, what is in memory may
// not be. So the process says what it was and ends, and whoever runs it starts it again.
process.on('uncaughtException', (error) => {
  createLog('fatal').fatal({ err: error }, 'process: ended by a fault');
  process.exit(1);
});

process.exitCode = await runCli({
  arguments: process.argv.slice(2),
  environment: process.env,
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  openBase,
  askRates,
  openExamined,
  startGateway,
  stopRequested: () => stopRequested(process),
  onReload: (reload) => onReload(process, reload),
});
