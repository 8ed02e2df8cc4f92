import { writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { defineConfig, type UserConfig } from 'tsdown';

// The names of the entries as `exports` in package.json uses them.
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

// What these names of `imports` resolve to in tools that do not support it.
const BY_PATH: Readonly<Record<string, string>> = { '#platform': './platform-node.cjs', '#runtime': './runtime-server.cjs' };

// The rules of an order, which `testing` bundles. `scripts/stage.mjs` ships their sources.
const ORDER_RULES = '../order-rules/src/';

// Without a comment per module, which repeats what the source maps say.
const INPUT_OPTIONS = { experimental: { attachDebugInfo: 'none' } } as const;

const common: UserConfig = {
  entry: code,
  // Runs anywhere with fetch and WebCrypto.
  platform: 'neutral',
  // Readable, for stack traces; applications minify what they bundle. Editors read doc comments from the declarations.
  minify: false,
  inputOptions: INPUT_OPTIONS,
};

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/**
 * Returns the chunk of a module that several entries use. Loading a file costs Node more than the code in it, so there are few;
 * but what `#platform` and `#runtime` import must not share a file with their importers, or it would be used before it is
 * initialised.
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
  // Resolved by `imports` of package.json where the library runs or is bundled.
  deps: { neverBundle: ['#platform', '#runtime'] },
  // The types ship once, as CommonJS: an ES module may import those, but not the other way round.
  format: { esm: { dts: false }, cjs: { dts: { entry: Object.values(entry) } } },
  hooks: {
    'build:done': async ({ options: { outDir } }) => {
      for (const name of Object.keys(entry)) await writeFile(`${outDir}/${name}.d.ts`, `export * from './${name}.cjs';\n`);
    },
  },
  target: 'es2023',
  // A bundler cannot inline constants across chunks.
  inputOptions: { optimization: { inlineConst: { mode: 'all', pass: 2 } } },
  sourcemap: true,
  outputOptions: {
    codeSplitting: { groups: [{ name: sharedChunk, minShareCount: 2 }] },
    comments: { jsdoc: false },
    // The sources ship once, not in the maps, whose paths are relative to `dist` in the package.
    sourcemapExcludeSources: true,
    sourcemapPathTransform: (source, map) =>
      `../${relative(import.meta.dirname, resolve(dirname(map), source))}`.replace(ORDER_RULES, 'src/order-rules/'),
  },
};

/**
 * For tools without support for `exports` and `imports` of package.json, such as webpack 4, Jest 27 and Metro: CommonJS in a
 * syntax that the oldest of them parses. There, `browser` of package.json does what `imports` does elsewhere.
 */
const legacy: UserConfig = {
  ...common,
  format: 'cjs',
  dts: false,
  target: 'es2019',
  outputOptions: { comments: { jsdoc: false } },
  // Only `testing` has bigint literals, which all of these tools parse.
  inputOptions: { ...INPUT_OPTIONS, checks: { toleratedTransform: false } },
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

// Not `--out-dir`, which would set the same folder for both.
const outDir = process.env['BUILD_DIR'] ?? 'dist';
const configs: UserConfig[] = defineConfig([
  { ...modern, outDir },
  { ...legacy, outDir: join(outDir, 'legacy') },
]);

export default configs;
