/** Runs commands of `webpos` as an operator does, with files of their own for each test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect } from 'vitest';
import { program } from '../../../../test/support/programs/program.ts';
import { runWebpos } from './run-webpos.ts';
import { ask, loginAt, serveGateway, type ServedGateway } from './served-gateway.ts';
import { testKey } from './test-gateway.ts';
import { gatewayFiles } from '../../../../test/support/gateway-files.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const REPOSITORY: string = fileURLToPath(new URL('../../../..', import.meta.url));

/** The folder of the current test, and the gateway that it has started last. */
export const home: { folder: string; gateway: ServedGateway | undefined } = { folder: '', gateway: undefined };

/** Gives each test of a file a folder of its own, and kills the gateway that it has started. */
export function eachInItsFolder(): void {
  beforeEach(async () => {
    home.folder = await temporaryFolder();
  });
  afterEach(async () => {
    await home.gateway?.kill('SIGKILL');
    home.gateway = undefined;
  });
}

export interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export function environment(at: string, settings: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return {
    PATH: process.env['PATH'],
    NODE_OPTIONS: process.env['NODE_OPTIONS'],
    ...gatewayFiles(at),
    WEBPOS_PORT: '0',
    WEBPOS_LOG_LEVEL: 'warn',
    ...settings,
  };
}

export async function webpos(words: readonly string[], { at = home.folder, settings = {} }: In = {}): Promise<Run> {
  const child = spawn(process.execPath, [await program('webpos'), ...words], {
    cwd: REPOSITORY,
    env: environment(at, settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { status: code ?? -1, out, err };
}

export interface In {
  readonly at?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Runs a command in this process. Faster, for tests of neither crashes nor locks: a process takes seconds to start on a busy machine. */
export const quick = (words: readonly string[], { at = home.folder, settings = {} }: In = {}): Promise<Run> =>
  runWebpos(at, words, settings);

/** Commands that always run in a process of their own. */
const IN_OWN_PROCESS: ReadonlySet<string> = new Set(['backup', 'restore', 'key']);

export async function json<T>(words: readonly string[], where: In = {}): Promise<T> {
  const run = IN_OWN_PROCESS.has(words[0] ?? '') ? webpos : quick;
  const { status, out, err } = await run([...words, '--json'], where);
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out) as T;
}

export interface Credentials {
  readonly uuid: string;
  readonly client_id: string;
  readonly secret: string;
}

export async function newPos(where: In = {}): Promise<Credentials> {
  const { uuid } = await json<{ uuid: string }>(['account', 'create', '--name', 'Wallet', '--xpub', testKey(21)], where);
  return json<Credentials>(['pos', 'create', '--name', 'Till', '--account', uuid, '--currency', 'EUR'], where);
}

export async function newOrder(url: string, { client_id: clientId, secret }: Credentials): Promise<string> {
  const { token = '' } = await loginAt(url, clientId, secret);
  const order = await ask(url, 'POST', '/payment-order', `Bearer ${token}`, { amount: '10.00' });
  return order['address'] ?? '';
}

export const serve = async (where: In = {}): Promise<ServedGateway> =>
  (home.gateway = await serveGateway(where.at ?? home.folder, where.settings));
export const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
