/** What run.ts has installed: the client library and its peers, by name. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

/** The project in which `@webpos/sdk` is installed. */
export const sdkProject = process.env.BENCH_SDK ?? '';

const peers = JSON.parse(process.env.BENCH_PEERS ?? '{}');
if (sdkProject === '')
  throw new Error('BENCH_SDK: expected the folder that run.ts makes; start the benchmarks with `npm run bench`');

/** Returns the project in which a peer is installed; undefined if the registry could not be reached. */
export function peerProject(name) {
  return peers[name] || undefined;
}

/** Imports a package from a project, as a module of that project would. */
export async function importFrom(project, name) {
  const { resolve } = createRequire(join(project, 'package.json'));
  const found = await import(pathToFileURL(resolve(name)).href);
  // A CommonJS build arrives as the default export.
  return found.default?.__esModule ? found.default : found;
}

/** Imports the client library's entry as an ES module. */
export async function importSdk(entry = 'index') {
  return await import(pathToFileURL(join(sdkProject, `node_modules/@webpos/sdk/dist/${entry}.js`)).href);
}
