import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * Creates a folder that is removed after the current test and its `afterEach` hooks. Call it in a test or in `beforeEach`.
 *
 * @example
 * let folder: string;
 * beforeEach(async () => {
 *   folder = await temporaryFolder();
 * });
 */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
