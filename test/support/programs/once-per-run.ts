import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject, vi } from 'vitest';

/**
 * Lets the first test of a run that asks make the content of a folder; the others, in any process, wait for it. The folder is removed at
 * the end of the run.
 *
 * @param make Fills a draft of the folder, which is renamed when it is complete.
 * @returns The folder.
 * @throws Error with the reason if it cannot be made.
 * @example const folder = await oncePerRun('pages', (draft) => buildPages(draft));
 */
export async function oncePerRun(name: string, make: (draft: string) => Promise<void>): Promise<string> {
  const parent = join(inject('madeOnce'), name);
  await mkdir(parent, { recursive: true });
  const failure = join(parent, 'failure');
  const made = join(parent, 'made');
  if (await isFirst(join(parent, 'begun'))) {
    const draft = join(parent, 'draft');
    await make(draft)
      .then(() => rename(draft, made))
      .catch((error: unknown) => writeFile(failure, describeError(error)));
  }
  await vi.waitFor(() => Promise.any([access(made), access(failure)]), { timeout: 120_000, interval: 50 });
  const reason = await readFile(failure, 'utf8').catch(() => undefined);
  if (reason !== undefined) throw new Error(`${name} cannot be made: ${reason}`);
  return made;
}

async function isFirst(begun: string): Promise<boolean> {
  return mkdir(begun).then(
    () => true,
    () => false,
  );
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
