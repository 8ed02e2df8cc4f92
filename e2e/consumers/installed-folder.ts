import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { NoRegistry, npm } from './tools.ts';

/**
 * Creates a folder with npm packages for the tests of a file. They are skipped with the reason if no registry can be reached.
 *
 * @param dependencies as in package.json.
 * @param prepare fills the folder, and returns the tarballs to install as well.
 * @returns a function that returns the folder's path while the tests run.
 */
export function installedFolder(
  dependencies: Readonly<Record<string, string>>,
  prepare: (folder: string) => Promise<readonly string[]>,
): () => string {
  let folder = '';
  let whyNot: string | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webpos-installed-'));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
    const tarballs = await prepare(folder);
    await npm(folder, ['install', '--ignore-scripts', '--no-package-lock', ...tarballs]).catch((error: unknown) => {
      if (!(error instanceof NoRegistry)) throw error;
      whyNot = error.message;
    });
  }, 300_000);
  beforeEach((context) => {
    if (whyNot !== undefined) context.skip(whyNot);
  });
  afterAll(async () => {
    if (folder !== '') await rm(folder, { recursive: true, force: true });
  });
  return () => folder;
}
