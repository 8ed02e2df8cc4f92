/** Commands whose output goes to a program that ends before they do, such as `head`. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePorts } from '../../../test/support/free-ports.ts';
import { environment, REPOSITORY } from './support/installation.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { program } from '../../../test/support/programs/program.ts';

/** What a shell reports for a program that wrote to a closed pipe: 128 and SIGPIPE. */
const CLOSED_PIPE = 141;

let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => void child?.kill('SIGKILL'));

/** Starts a command whose standard output nobody reads. */
async function startUnread(
  words: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<[unknown, string]> {
  const started = spawn(process.execPath, [await program('webpos'), ...words], {
    cwd: REPOSITORY,
    env: environment(folder, settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  started.stdout.destroy();
  let err = '';
  started.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [status] = (await once(started, 'close')) as unknown[];
  return [status, err];
}

it.each([['help'], ['doctor', '--help'], ['--version'], ['rates', '--json']])(
  '%s ends quietly, with the status of a closed pipe',
  async (...words) => {
    expect(await startUnread(words.filter((word) => word !== ''))).toEqual([CLOSED_PIPE, '']);
  },
);

it('still says what is wrong on standard error, with its status', async () => {
  const [status, err] = await startUnread(['pos', 'list']);
  expect(status).toBe(1);
  expect(err).toContain('no database at');
});

it('serves whether or not somebody reads what it prints', async () => {
  const [port] = await freePorts(1);
  const ended = startUnread(['serve'], { WEBPOS_PORT: String(port), WEBPOS_OPS_PORT: '0', WEBPOS_LOG_LEVEL: 'error' });
  const isUp = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/healthz`)
      .then(({ ok }) => ok)
      .catch(() => false);
  await expect.poll(isUp, { timeout: 60_000, interval: 200 }).toBe(true);
  child?.kill('SIGTERM');
  expect(await ended).toEqual([0, '']);
});
