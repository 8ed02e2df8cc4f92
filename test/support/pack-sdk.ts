import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SDK = fileURLToPath(new URL('../../packages/sdk', import.meta.url));

/**
 * Builds the client library from its sources and packs it as npm would publish it, all in `folder`, so that it does not disturb
 * another build.
 *
 * @returns the path of the tarball.
 */
export async function packSdk(folder: string): Promise<string> {
  const build = join(folder, 'build');
  const staged = join(folder, 'staged');
  const tsdown = join(dirname(createRequire(import.meta.url).resolve('tsdown/package.json')), 'dist/run.mjs');
  await run(process.execPath, [tsdown], { cwd: SDK, env: { ...process.env, BUILD_DIR: build } });
  await run(process.execPath, [join(SDK, 'scripts/stage.mjs'), build, staged]);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: staged });
  const packed = JSON.parse(stdout) as unknown;
  // npm 12 and later return the packages by name; before, it is a list.
  const [first] = Object.values(packed as Record<string, { filename: string }>);
  if (first === undefined) throw new Error(`npm pack: expected one package in its answer, got ${stdout.slice(0, 200)}`);
  return join(folder, first.filename);
}
