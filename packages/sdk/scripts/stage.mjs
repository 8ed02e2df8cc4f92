/**
 * Makes the folder to publish from a build: `stage.mjs [BUILD [TARGET]]`. It holds the build, the sources that the source maps
 * refer to, and, for tools that do not support `exports`, a folder per entry whose package.json names the code and the types.
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const [build = join(PACKAGE, 'dist'), target = join(build, 'npm')] = process.argv.slice(2);

const manifest = await readJson(join(PACKAGE, 'package.json'));
// The addresses of the project, defined once for all packages.
const { repository, homepage, bugs } = await readJson(join(PACKAGE, '../../package.json'));
await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
for (const name of await readdir(build)) {
  // The target may be inside the build.
  if (join(build, name) !== target) await cp(join(build, name), join(target, 'dist', name), { recursive: true });
}
await copySources(join(PACKAGE, 'src'), join(target, 'src'));
// Bundled sources ship among the sources, which import them from there.
await copySources(join(PACKAGE, '../order-rules/src'), join(target, 'src/order-rules'));
for (const name of await readdir(join(target, 'src/testing'))) {
  const file = join(target, 'src/testing', name);
  await writeFile(file, (await readFile(file, 'utf8')).replace(`'@webpos/order-rules'`, `'../order-rules/index.ts'`));
}
for (const file of ['README.md', 'LICENSE']) await cp(join(PACKAGE, file), join(target, file));
await writeJson('package.json', published(manifest));
for (const entry of Object.keys(manifest.exports)) {
  const name = basename(entry);
  if (name === '.' || name.endsWith('.json')) continue;
  await mkdir(join(target, name));
  await writeJson(`${name}/package.json`, { main: `../dist/legacy/${name}.cjs`, types: `../dist/${name}.d.cts` });
}

/** Returns the manifest without what only this repository needs. */
function published({ private: _private, scripts: _scripts, devDependencies: _devDependencies, ...rest }) {
  return JSON.parse(
    JSON.stringify({ ...rest, repository, homepage, bugs }, (key, value) => (key === 'webpos-source' ? undefined : value)),
  );
}

async function copySources(from, to) {
  await cp(from, to, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
}

async function readJson(path) {
  return JSON.parse(await readFile(path, 'utf8'));
}

async function writeJson(file, value) {
  await writeFile(join(target, file), `${JSON.stringify(value, null, 2)}\n`);
}
