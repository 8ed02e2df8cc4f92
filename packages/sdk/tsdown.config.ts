import { writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { defineConfig, type UserConfig } from 'tsdown';

// The names of the entries are those that `exports` of package.json points to.
const entry = {
  index: 'src/index.ts',
  callbacks: 'src/callbacks/index.ts',
  adapters: 'src/adapters/index.ts',
  events: 'src/events/index.ts',
  testing: 'src/testing/index.ts',
  cache: 'src/cache/index.ts',
  wire: 'src/wire/index.ts',
  node: 'src/node/index.ts',
};

const code = {
  ...entry,
  'platform-node': 'src/platform/node.ts',
  'platform-web': 'src/platform/web.ts',
  'runtime-server': 'src/runtime/server.ts',
  'runtime-browser': 'src/runtime/browser.ts',
};

// What these names of `imports` are to tools that do not know it.
const BY_PATH: Readonly<Record<string, string>> = { '#platform': './platform-node.cjs', '#runtime': './runtime-server.cjs' };

// The rules of an order, which `testing` applies, are bundled in. Where their sources ship: `scripts/stage.mjs`.
const ORDER_RULES = '../order-rules/src/';

const common: UserConfig = {
  entry: code,
  // Runs wherever there is fetch and WebCrypto.
  platform: 'neutral',
  // Readable, so that stack traces are; applications minify what they bundle. Editors take doc comments from the declarations.
  minify: false,
};

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/**
 * The chunk of a module that several entries use. A file costs Node more than the code in it, so there are few; but what `#platform` and
 * `#runtime` import must not stand in one file with what imports them, or it would be used before it has run.
 */
function sharedChunk(id: string, modules: Modules): string | null {
  if (id.endsWith('.d.ts') || id.includes('/src/node/')) return null;
  const reached = new Set([id]);
  for (const each of reached) for (const next of modules.getModuleInfo(each)?.importedIds ?? []) reached.add(next);
  if (reached.has('#platform')) return 'client';
  return reached.has('#runtime') ? 'checks' : 'base';
}

const modern: UserConfig = {
  ...common,
  // Chosen by `imports` of package.json where the library runs, or is bundled for.
  deps: { neverBundle: ['#platform', '#runtime'] },
  // The types are shipped once, as CommonJS ones: an ES module may import those, and not the other way round.
  format: { esm: { dts: false }, cjs: { dts: { entry: Object.values(entry) } } },
  hooks: {
    'build:done': async ({ options: { outDir } }) => {
      for (const name of Object.keys(entry)) await writeFile(`${outDir}/${name}.d.ts`, `export * from './${name}.cjs';\n`);
    },
  },
  target: 'es2023',
  sourcemap: true,
  outputOptions: {
    codeSplitting: { groups: [{ name: sharedChunk, minShareCount: 2 }] },
    comments: { jsdoc: false },
    // The sources that the maps point to ship once. As seen from `dist` in the package, wherever this build is written to.
    sourcemapExcludeSources: true,
    sourcemapPathTransform: (source, map) =>
      `../${relative(import.meta.dirname, resolve(dirname(map), source))}`.replace(ORDER_RULES, 'src/order-rules/'),
  },
};

/**
 * For tools that know neither `exports` nor `imports` of package.json, such as webpack 4, Jest 27 and Metro: CommonJS in a syntax that
 * the oldest of them parses. `browser` of package.json does there what `imports` does elsewhere.
 */
const legacy: UserConfig = {
  ...common,
  format: 'cjs',
  dts: false,
  target: 'es2019',
  outputOptions: { comments: { jsdoc: false } },
  // Only `testing` has literals of bigint; all of these tools parse them.
  inputOptions: { checks: { toleratedTransform: false } },
  plugins: [
    {
      name: 'for-older-tools',
      resolveId: (name) => {
        if (name === './import-package.ts') return resolve(import.meta.dirname, 'src/cache/require-package.ts');
        const id = BY_PATH[name];
        return id === undefined ? null : { id, external: true };
      },
    },
  ],
};

// Not `--out-dir`, which would set one folder for both.
const outDir = process.env['BUILD_DIR'] ?? 'dist';
const configs: UserConfig[] = defineConfig([
  { ...modern, outDir },
  { ...legacy, outDir: join(outDir, 'legacy') },
]);

export default configs;
