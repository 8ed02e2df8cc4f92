/** Runs the command `webpos` in this process, with a database and a key file of its own. `serve` stops as soon as it serves. */
import { openExamined } from '../../src/app/doctor.ts';
import { openBase } from '../../src/app/open-base.ts';
import { openCallbackSender } from '../../src/app/open-callback-sender.ts';
import { askRates } from '../../src/app/open-rates.ts';
import { scanWallet } from '../../src/app/scan-wallet.ts';
import { startGateway } from '../../src/app/start-gateway.ts';
import { operator } from '../../src/app/operator.ts';
import { runCli } from '../../src/cli/cli.ts';
import type { CliWorld } from '../../src/cli/command.ts';
import { gatewayFiles } from '../../../../test/support/gateway-files.ts';

export interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/**
 * @param folder The folder of the database and the key file.
 * @param replaced Replaces parts of the command's environment.
 */
export async function runWebpos(
  folder: string,
  words: readonly string[],
  settings: Readonly<Record<string, string>> = {},
  replaced: Partial<CliWorld> = {},
): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await runCli({
    arguments: words,
    environment: {
      ...gatewayFiles(folder),
      WEBPOS_PORT: '0',
      WEBPOS_LOG_LEVEL: 'silent',
      ...settings,
    },
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    openBase,
    askRates,
    openExamined,
    scanWallet,
    openCallbackSender,
    operator,
    startGateway,
    stopRequested: async () => 'SIGTERM',
    ...replaced,
  });
  return { status, out: out.join('\n'), err: err.join('\n') };
}
