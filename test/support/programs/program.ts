/**
 * The programs that tests start as processes. They are bundled once per run: a start from source takes 3 seconds of CPU, a start of the
 * bundle a third of a second.
 */
import { access, cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inject, vi } from 'vitest';
import { bundleInto } from '../../../packages/gateway/test/support/bundle-programs.ts';

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
  const folder = inject('programFolder');
  await mkdir(folder, { recursive: true });
  const [begun, failure, bundle] = ['begun', 'failure', 'bundle'].map((entry) => join(folder, entry)) as [string, string, string];
  if (await isFirst(begun)) await bundleAll(bundle).catch((error: unknown) => writeFile(failure, describeError(error)));
  await vi.waitFor(() => Promise.any([access(bundle), access(failure)]), { timeout: 120_000, interval: 50 });
  const reason = await readFile(failure, 'utf8').catch(() => undefined);
  if (reason !== undefined) throw new Error(`the programs cannot be bundled: ${reason}`);
  return join(bundle, `${name}.js`);
}

async function isFirst(begun: string): Promise<boolean> {
  return mkdir(begun).then(
    () => true,
    () => false,
  );
}

/** The folder is there once it is complete. */
async function bundleAll(folder: string): Promise<void> {
  const draft = `${folder}-draft`;
  await bundleInto(draft, PROGRAMS);
  // The shop of `start` serves its pictures and its source from the folder above it.
  const shop = new URL('examples/demo-shop/', ROOT);
  await cp(new URL('public', shop), join(dirname(folder), 'public'), { recursive: true });
  await cp(new URL('src', shop), dirname(folder), { recursive: true });
  await rename(draft, folder);
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
