/** The command `webpos`: runs it and ends with its status. */
import { runCli } from './cli/cli.ts';
import { askRates, openBase, startGateway } from './app.ts';

process.exitCode = await runCli({
  arguments: process.argv.slice(2),
  environment: process.env,
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  openBase,
  askRates,
  startGateway,
  stopRequested: () =>
    new Promise((resolve) => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve(name));
    }),
});
