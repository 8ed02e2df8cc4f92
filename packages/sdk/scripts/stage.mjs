/**
 * Makes the folder to publish from a build: `stage.mjs [BUILD [TARGET]]`. It holds the build, the sources that the source maps
 * refer to, and, for tools that do not support `exports`, a folder per entry whose package.json names the code and the types.
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ORDER_RULES = 'src/order-rules/';
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
for (const source of await mappedSources(join(target, 'dist'))) {
  const bundled = source.startsWith(ORDER_RULES) ? join('../order-rules/src', source.slice(ORDER_RULES.length)) : source;
  await cp(join(PACKAGE, bundled), join(target, source));
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

/** Returns the sources that the source maps refer to, relative to the package; modules that hold only types are not among them. */
async function mappedSources(dist) {
  const maps = (await readdir(dist)).filter((name) => name.endsWith('.map'));
  const lists = await Promise.all(maps.map(async (name) => (await readJson(join(dist, name))).sources));
  return new Set(lists.flat().map((source) => join('dist', source)));
}

async function readJson(path) {
  return JSON.parse(await readFile(path, 'utf8'));
}

async function writeJson(file, value) {
  await writeFile(join(target, file), `${JSON.stringify(value, null, 2)}\n`);
}
