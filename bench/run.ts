/**
 * `npm run bench`: builds and packs the client library, installs it from its tarball, installs its peers, and runs every
 * benchmark file, one after the other, each in a process of its own; `npm run bench -- callbacks` runs only those with that in
 * their name. Words that begin with `--`, and their values, are passed on to them. The repository's own node_modules stays as it is.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packSdk } from '../test/support/pack-sdk.ts';

/** The peers, each installed in a folder of its own, so that its dependencies can be measured. */
const PEERS: Readonly<Record<string, string>> = {
  stripe: '23.1.0',
  // The last line of versions that runs on Node 20.
  openai: '6.49.0',
  standardwebhooks: '1.1.1',
  square: '46.0.0',
  esbuild: '0.28.2',
};

const here = fileURLToPath(new URL('.', import.meta.url));
const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('--'));
const [wanted, options] = firstOption < 0 ? [words, []] : [words.slice(0, firstOption), words.slice(firstOption)];
const files = (await readdir(here))
  .filter((name) => /\.bench\.(?:mjs|ts)$/.test(name))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort();
const folder = await mkdtemp(join(tmpdir(), 'webpos-bench-'));
try {
  const isNeeded = (await Promise.all(files.map(usesInstalled))).includes(true);
  const [sdk = '', ...peers] = isNeeded ? await Promise.all([installSdk(), ...Object.entries(PEERS).map(installPeer)]) : [];
  const { version, platform, arch } = process;
  console.log(`Node ${version}, ${platform} ${arch}, ${cpus().length} CPUs. Ratios hold within one run, on one machine.`);
  const env = { ...process.env, NODE_OPTIONS: '', BENCH_SDK: sdk, BENCH_PEERS: JSON.stringify(Object.fromEntries(peers)) };
  for (const file of files) {
    console.log(`\n${file.split('.', 1)[0]}`);
    if ((await runToEnd(process.execPath, [...flagsOf(file), join(here, file), ...options], here, env)) !== 0)
      process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Benchmarks of parts of the gateway run from source; those of packages run as they are. */
function flagsOf(file: string): readonly string[] {
  return file.endsWith('.ts') ? ['--conditions=webpos-source', '--expose-gc', '--import', 'tsx'] : [];
}

/** Whether a benchmark measures the installed client library or its peers. */
async function usesInstalled(file: string): Promise<boolean> {
  return (await readFile(join(here, file), 'utf8')).includes('support/installed.mjs');
}

async function installSdk(): Promise<string> {
  const project = join(folder, 'webpos');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{"private":true}');
  await npmInstall(project, ['--offline', await packSdk(folder)]);
  return project;
}

/**
 * Installs a peer once, into the system's temporary folder. @returns its name and folder; an empty folder if the registry cannot
 * be reached.
 */
async function installPeer([name, version]: [name: string, version: string]): Promise<[name: string, project: string]> {
  const project = join(tmpdir(), `webpos-peer-${name}-${version}`);
  if (existsSync(project)) return [name, project];
  const aside = join(folder, name);
  await mkdir(aside);
  await writeFile(join(aside, 'package.json'), '{"private":true}');
  try {
    await npmInstall(aside, ['--ignore-scripts', `${name}@${version}`]);
    await rename(aside, project);
    return [name, project];
  } catch {
    console.log(`${name} ${version} cannot be installed; the benchmarks continue without it`);
    return [name, ''];
  }
}

async function npmInstall(project: string, words: readonly string[]): Promise<void> {
  const all = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--silent', ...words];
  const code = await runToEnd('npm', all, project, process.env, 'ignore');
  if (code !== 0) throw new Error(`npm install ${words.join(' ')}: exit code ${String(code)}`);
}

async function runToEnd(
  command: string,
  words: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  output: 'inherit' | 'ignore' = 'inherit',
): Promise<unknown> {
  const child = spawn(command, words, { cwd, env, stdio: ['ignore', output, 'inherit'] });
  const [code] = (await once(child, 'exit')) as [unknown];
  return code;
}
