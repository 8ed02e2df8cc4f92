/** The command `webpos`: runs it and ends with its status. */
import { operator } from './app/operator.ts';
import { runCli } from './cli/cli.ts';
import { CLOSED_OUTPUT_STATUS, outputClosed } from './ops/closed-output.ts';
import { endProcess } from './ops/end-process.ts';
import { ask } from './ops/ask.ts';
import { createLog } from './ops/log.ts';
import { limitHeapGrowth } from './ops/limit-heap-growth.ts';
import { keepNewSpaceSmall, limitNewSpace } from './ops/new-space.ts';
import { lowerPriority } from './ops/lower-priority.ts';
import { onReload, stopRequested } from './ops/process-signals.ts';
import { openExamined } from './app/doctor.ts';
import { openBase } from './app/open-base.ts';
import { openCallbackSender } from './app/open-callback-sender.ts';
import { askRates } from './app/open-rates.ts';
import { scanWallet } from './app/scan-wallet.ts';

// A fault that nobody expected (a rejected promise that nobody waits for is one too): what is stored is whole, what is in memory may
// not be. So the process says what it was and ends, and its supervisor starts it again.
process.on('uncaughtException', (error) => {
  createLog('fatal').fatal({ err: error }, 'process: ended by a fault');
  process.exit(1);
});

const closed = outputClosed([process.stdout, process.stderr]);

limitHeapGrowth();
keepNewSpaceSmall();

process.exitCode = await runCli({
  arguments: process.argv.slice(2),
  environment: process.env,
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  openBase,
  askRates,
  openExamined,
  scanWallet,
  openCallbackSender,
  ask: process.stdin.isTTY ? ask : undefined,
  operator,
  lowerPriority,
  // The commands do without the server and the pages.
  startGateway: async (config) => {
    const { startGateway } = await import('./app/start-gateway.ts');
    const gateway = await startGateway(config);
    limitNewSpace();
    return gateway;
  },
  stopRequested: () => stopRequested(process),
  onInterrupt: (stop) => void Promise.race([stopRequested(process), closed]).then(stop),
  onReload: (reload) => onReload(process, reload),
});

// A gateway serves whether or not somebody reads what it prints.
if (process.argv[2] !== 'serve') void closed.then(() => (process.exitCode ||= CLOSED_OUTPUT_STATUS));
endProcess();
