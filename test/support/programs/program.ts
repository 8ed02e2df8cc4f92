/**
 * The programs that tests start as processes. They are bundled once per run: a start from source takes 3 seconds of CPU, a start of the
 * bundle a third of a second.
 */
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundleInto } from '../../../packages/gateway/test/support/bundle-programs.ts';
import { oncePerRun } from './once-per-run.ts';

export type ProgramName =
  | 'webpos'
  | 'start'
  | 'webpos-listen'
  | 'receive-callbacks'
  | 'fail-each-part'
  | 'notify-people'
  | 'open-databases'
  | 'take-serving-lock';

const ROOT = new URL('../../../', import.meta.url);
const source = (path: string): URL => new URL(`packages/${path}`, ROOT);

const PROGRAMS: Readonly<Record<ProgramName, URL>> = {
  webpos: source('gateway/src/main.ts'),
  start: new URL('scripts/start.ts', ROOT),
  'webpos-listen': source('listen/src/main.ts'),
  'receive-callbacks': source('listen/test/receiver-process.ts'),
  'fail-each-part': source('gateway/test/support/processes/fail-each-part.ts'),
  'notify-people': source('gateway/test/support/processes/notify-people.ts'),
  'open-databases': source('gateway/test/support/processes/open-databases.ts'),
  'take-serving-lock': source('gateway/test/support/processes/take-serving-lock.ts'),
};

/**
 * Returns the file of a bundled program, for `node`. The first test that asks for one bundles all; the others wait for it.
 *
 * @throws Error if they cannot be bundled.
 * @example spawn(process.execPath, [await program('webpos'), 'serve'])
 */
export async function program(name: ProgramName): Promise<string> {
  return join(await oncePerRun('programs', bundleAll), `${name}.js`);
}

async function bundleAll(folder: string): Promise<void> {
  await bundleInto(folder, PROGRAMS);
  // The shop of `start` serves its pictures and its source from the folder above it.
  const shop = new URL('examples/demo-shop/', ROOT);
  await cp(new URL('public', shop), join(dirname(folder), 'public'), { recursive: true });
  await cp(new URL('src', shop), dirname(folder), { recursive: true });
}
