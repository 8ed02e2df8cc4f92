/** The command `webpos` in this process, with a database and a key file of its own; `serve` is asked to stop as soon as it serves. */
import { join } from 'node:path';
import { askRates, openBase, openExamined, startGateway } from '../../src/app.ts';
import { runCli } from '../../src/cli/cli.ts';

export interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** @param folder Where the database and the key file are, or will be. */
export async function runWebpos(
  folder: string,
  words: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await runCli({
    arguments: words,
    environment: {
      WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`,
      WEBPOS_KEY_FILE: join(folder, 'webpos.key'),
      WEBPOS_PORT: '0',
      WEBPOS_LOG_LEVEL: 'silent',
      ...settings,
    },
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    openBase,
    askRates,
    openExamined,
    startGateway,
    stopRequested: async () => 'SIGTERM',
  });
  return { status, out: out.join('\n'), err: err.join('\n') };
}
