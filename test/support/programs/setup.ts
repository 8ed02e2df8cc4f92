/** Names the folder in which the programs of this run of the tests are bundled, and removes it at the end. */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the programs of this run are bundled by the first test that starts one. */
    readonly programFolder: string;
  }
}

export default function setUp(project: TestProject): () => Promise<void> {
  // Inside the repository, so that the bundles find their dependencies.
  const folder = fileURLToPath(new URL(`../../../node_modules/.cache/webpos-programs-${process.pid}`, import.meta.url));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  project.provide('programFolder', folder);
  project.onTestsRerun(remove);
  return remove;
}
