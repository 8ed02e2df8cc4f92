/** A gateway as a user runs it: built, in a process of its own, on a SQLite file in a folder that is deleted with it. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
/** The gateway's own dependencies. */
const fromGateway = createRequire(join(repository, 'packages/gateway/package.json'));
const command = join(repository, 'packages/gateway/bin/webpos.js');
/** An account key of a test network that nobody owns (BIP 84's example words, m/84h/1h/0h). */
const TPUB = 'tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M';

export async function buildGateway() {
  await run('npm', ['run', 'build', '--workspace', 'packages/gateway', '--silent'], { cwd: repository });
}

const settingsOf = new Map();

/** Sets settings for every gateway and command in a folder. */
export function configure(folder, settings) {
  settingsOf.set(folder, settings);
}

function settingsFor(folder, more) {
  return {
    PATH: process.env.PATH,
    WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`,
    WEBPOS_KEY_FILE: join(folder, 'webpos.key'),
    WEBPOS_PORT: '0',
    WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '600',
    ...settingsOf.get(folder),
    ...more,
  };
}

/** Runs a command of the gateway. @returns its output. */
export async function webpos(folder, ...words) {
  const { stdout } = await run(process.execPath, [command, ...words, '--json'], {
    env: settingsFor(folder),
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(stdout);
}

/** Creates an account and a POS by the gateway's own commands. */
export async function newPos(folder) {
  const { uuid } = await webpos(folder, 'account', 'create', '--name', 'Wallet', '--xpub', TPUB);
  const urls = ['--callback-url', 'https://shop.example/paid', '--cancel-url', 'https://shop.example/back'];
  const pos = await webpos(folder, 'pos', 'create', '--name', 'Till', '--account', uuid, '--currency', 'EUR', ...urls);
  return { ...pos, account: uuid };
}

/**
 * Starts `webpos serve`.
 *
 * @returns its port, the time until it served, its memory, and a function to stop it.
 */
export async function serve(folder, more = {}, nodeOptions = []) {
  const start = performance.now();
  const child = spawn(process.execPath, [...nodeOptions, command, 'serve', '--json'], {
    env: settingsFor(folder, more),
    stdio: ['ignore', 'pipe', process.env.BENCH_VERBOSE ? 'inherit' : 'ignore'],
  });
  const line = await new Promise((resolve, reject) => {
    child.stdout.once('data', (bytes) => resolve(bytes.toString()));
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code} before it served`)));
  });
  const { url } = JSON.parse(line);
  return {
    url,
    pid: child.pid,
    port: Number(new URL(url).port),
    startMs: performance.now() - start,
    residentMb: async () => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

/** Returns an access token of a POS. */
export async function login(url, { client_id: id, secret }) {
  const answer = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'client_credentials', scope: '*' }),
  });
  return (await answer.json()).access_token;
}

/** Waits until that many addresses are derived. @returns the time in milliseconds. */
export async function derived(folder, count) {
  const { DatabaseSync } = fromGateway('@photostructure/sqlite');
  const database = new DatabaseSync(join(folder, 'webpos.db'), { readOnly: true });
  const asked = database.prepare('select count(*) as n from derived_addresses');
  const start = performance.now();
  while (asked.get().n < count) await new Promise((resolve) => setTimeout(resolve, 100));
  database.close();
  return performance.now() - start;
}

/** Returns the CPU time of a process in milliseconds; on Linux only. */
export function cpuMsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The bytes that a process has written to the disk, as Linux counts them. */
export function bytesWrittenBy(pid) {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}
