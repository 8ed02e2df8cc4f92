/**
 * The runtimes, compilers and bundlers of the client library's users, all from the npm registry. They are installed once, into a
 * temporary folder named after their versions. No install script runs, because each comes as a package for this platform with its
 * binary.
 */
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const NODE = `npm:node-${process.platform}-${process.arch}`;
const PACKAGES: Readonly<Record<string, string>> = {
  // The oldest that the library supports, and the newest of each later line.
  node20: `${NODE}@20.19.0`,
  node22: `${NODE}@22.23.3`,
  node24: `${NODE}@24.21.0`,
  bun: '1.4.5',
  deno: '2.9.6',
  workerd: '1.20261117.1',
  'typescript-oldest': 'npm:typescript@4.7.4',
  // Under its own name, because ts-jest looks for it.
  typescript: '4.9.5',
  'typescript-5': 'npm:typescript@5.0.4',
  'typescript-5-last': 'npm:typescript@5.9.3',
  'typescript-6': 'npm:typescript@6.0.3',
  'typescript-newest': 'npm:typescript@7.0.2',
  esbuild: '0.28.2',
  rolldown: '1.3.2',
  rollup: '4.68.8',
  '@rollup/plugin-node-resolve': '16.0.3',
  vite: '8.4.0',
  'webpack-5': 'npm:webpack@5.113.0',
  // The last without support for `exports`.
  'webpack-4': 'npm:webpack@4.47.0',
  jest: '27.5.1',
  'ts-jest': '27.1.5',
  // The last line that runs on Node 20.
  metro: '0.83.8',
  // The last line whose `fetch` caches by default.
  next: '14.2.35',
  react: '18.3.1',
  'react-dom': '18.3.1',
  '@types/node': '20.19.43',
  // The last that TypeScript 4 can read.
  'types-node-18': 'npm:@types/node@18.19.50',
  'undici-7': 'npm:undici@7.30.2',
  'undici-8': 'npm:undici@8.13.0',
  'node-fetch': '2.7.0',
  '@types/node-fetch': '2.6.13',
  'node-fetch-3': 'npm:node-fetch@3.3.2',
};
const INSTALL_TIMEOUT_MS = 240_000;
const run = promisify(execFile);

/** The path of each tool's program: a binary, or a script for Node. */
export interface Tools {
  /** The folder of the packages. */
  modules: string;
  node20: string;
  node22: string;
  node24: string;
  bun: string;
  deno: string;
  workerd: string;
  esbuild: string;
  rolldown: string;
  tscOldest: string;
  tsc4: string;
  tsc5: string;
  tsc5Last: string;
  tsc6: string;
  tscNewest: string;
}

/** Thrown if the registry cannot be reached; any other failure to install is a fault. */
export class NoRegistry extends Error {
  override readonly name = 'NoRegistry';
}

/** Installs what is missing. @throws NoRegistry */
export async function installTools(): Promise<Tools> {
  const key = createHash('sha256').update(JSON.stringify(PACKAGES)).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `webpos-consumers-${key}`);
  if (!existsSync(folder)) await install(folder);
  const modules = join(folder, 'node_modules');
  return {
    modules,
    node20: join(modules, 'node20/bin/node'),
    node22: join(modules, 'node22/bin/node'),
    node24: join(modules, 'node24/bin/node'),
    bun: await platformBinary(modules, '@oven', /^bun-/, 'bin/bun'),
    deno: await platformBinary(modules, '@deno', /./, 'deno'),
    workerd: await platformBinary(modules, '@cloudflare', /^workerd-/, 'bin/workerd'),
    esbuild: await platformBinary(modules, '@esbuild', /./, 'bin/esbuild'),
    rolldown: join(modules, 'rolldown/bin/cli.mjs'),
    tscOldest: join(modules, 'typescript-oldest/bin/tsc'),
    tsc4: join(modules, 'typescript/bin/tsc'),
    tsc5: join(modules, 'typescript-5/bin/tsc'),
    tsc5Last: join(modules, 'typescript-5-last/bin/tsc'),
    tsc6: join(modules, 'typescript-6/bin/tsc'),
    tscNewest: join(modules, 'typescript-newest/bin/tsc'),
  };
}

/** Installs into another folder and moves it into place, so that an interrupted run leaves nothing half done. */
async function install(folder: string): Promise<void> {
  const aside = `${folder}.${randomUUID()}`;
  await mkdir(aside);
  try {
    await writeFile(join(aside, 'package.json'), JSON.stringify({ private: true, dependencies: PACKAGES }));
    await npm(aside, ['install', '--ignore-scripts', '--no-package-lock']);
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    // Another run was faster.
    if (!existsSync(folder)) throw error;
  }
}

/** Runs npm in a folder. @throws NoRegistry if npm cannot reach the registry. */
export async function npm(folder: string, words: readonly string[]): Promise<void> {
  try {
    await run('npm', [...words, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, timeout: INSTALL_TIMEOUT_MS });
  } catch (error) {
    const output = String((error as { stderr?: unknown }).stderr);
    const code = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/.exec(output)?.[0];
    if (code !== undefined) throw new NoRegistry(`the package registry cannot be reached (${code})`, { cause: error });
    throw error;
  }
}

async function platformBinary(modules: string, scope: string, name: RegExp, file: string): Promise<string> {
  const names = await readdir(join(modules, scope));
  const binary = names
    .filter((folder) => name.test(folder))
    .map((folder) => join(modules, scope, folder, file))
    .find((path) => existsSync(path));
  if (binary === undefined)
    throw new Error(`${scope}: expected a package with ${file} for this platform, got ${names.join(', ')}`);
  return binary;
}
