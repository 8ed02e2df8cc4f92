import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import { packedSdk } from '../../test/support/programs/packed-sdk.ts';
import { installTools, NoRegistry, npm, type Tools } from './tools.ts';

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));
const run = promisify(execFile);

/** A folder with the fixtures, and the client library installed from its tarball. */
export interface Consumer {
  folder: string;
  /** The tools, or why they are missing. */
  installed: Tools | NoRegistry;
  /** Returns the tools, or skips the test with the reason. */
  tools(context: TestContext): Tools;
  /** Runs a program in the folder, or in another. @throws Error with all its output. */
  run(command: string, words: readonly string[], cwd?: string): Promise<string>;
  remove(): Promise<void>;
}

/** Installs the library as its users would, and the tools that they use with it. */
export async function installConsumer(): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-consumer-'));
  await cp(FIXTURES, folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const [tarball, installed] = await Promise.all([
    packedSdk(),
    installTools().catch((error: unknown) => {
      if (error instanceof NoRegistry) return error;
      throw error;
    }),
  ]);
  // It has no dependencies, so this needs no registry.
  await npm(folder, ['install', '--offline', tarball]);
  return {
    folder,
    installed,
    tools: (context) => (installed instanceof NoRegistry ? context.skip(installed.message) : installed),
    run: async (command, words, cwd = folder) => {
      const env = { ...process.env, NODE_OPTIONS: '', DENO_DIR: join(folder, '.deno'), DENO_NO_UPDATE_CHECK: '1' };
      try {
        return (await run(command, words, { cwd, env, timeout: 120_000 })).stdout;
      } catch (error) {
        const { stdout, stderr } = error as { stdout?: string; stderr?: string };
        throw new Error(`${[command, ...words].join(' ')}:\n${stdout}${stderr}`, { cause: error });
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
