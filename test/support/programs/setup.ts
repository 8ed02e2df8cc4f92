/** Names the folder of what a run of the tests makes once, and removes it at the end. */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of what the first test that needs it makes for the whole run. */
    readonly madeOnce: string;
  }
}

export default function setUp(project: TestProject): () => Promise<void> {
  // Inside the repository, so that the bundles find their dependencies.
  const folder = fileURLToPath(new URL(`../../../node_modules/.cache/webpos-programs-${process.pid}`, import.meta.url));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  project.provide('madeOnce', folder);
  project.onTestsRerun(remove);
  return remove;
}
