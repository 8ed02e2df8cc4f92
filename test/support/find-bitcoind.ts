/**
 * The Bitcoin node for tests: `BITCOIND`, the PATH, the cache folder, or scripts/get-bitcoind, in this order. Without one, tests
 * are skipped with a notice; with CI=true they fail, so that CI cannot pass by skipping.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const GET_BITCOIND = fileURLToPath(new URL('../../scripts/get-bitcoind', import.meta.url));

/**
 * Returns the path of a bitcoind; undefined after a notice that names the tests and the reason.
 *
 * @throws Error if none exists and CI=true.
 * @example const bitcoind = await findBitcoind('watcher.test.ts'); describe.skipIf(bitcoind === undefined)(...)
 */
export async function findBitcoind(forTests: string): Promise<string | undefined> {
  try {
    return await locateBitcoind();
  } catch (error) {
    const line = `NO BITCOIN NODE: cannot run ${forTests}: ${error instanceof Error ? error.message : String(error)}`;
    if (process.env['CI'] === 'true') throw new Error(line, { cause: error });
    process.stderr.write(`\n*** ${line}\n*** SKIPPED. Run scripts/get-bitcoind, or set BITCOIND to a bitcoind.\n\n`);
    return undefined;
  }
}

/** @throws Error if none exists, and none can be installed. */
export async function locateBitcoind(): Promise<string> {
  const named = process.env['BITCOIND'];
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return named;
    throw new Error(`BITCOIND: expected a program, got ${JSON.stringify(named)}`);
  }
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'bitcoind'));
  const cached = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bitcoind', 'bin', 'bitcoind');
  return [...onPath, cached].find(isProgram) ?? (await unpackOne());
}

async function unpackOne(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(GET_BITCOIND, { timeout: 110_000 });
    return stdout.trim().split('\n').at(-1) ?? '';
  } catch (error) {
    const output = (error as { stderr?: string }).stderr?.trim();
    throw new Error(`scripts/get-bitcoind failed: ${output || String(error)}`, { cause: error });
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
