import { writeFile } from 'node:fs/promises';
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

const config: UserConfig = defineConfig({
  entry: { ...entry, 'no-node': 'src/no-node.ts' },
  // Chosen by `imports` of package.json where the library runs, or is bundled for.
  deps: { neverBundle: ['#node-fetch'] },
  // The types are shipped once, as CommonJS ones: an ES module may import those, and not the other way round.
  format: { esm: { dts: false }, cjs: { dts: { entry: Object.values(entry) } } },
  hooks: {
    'build:done': async ({ options: { outDir } }) => {
      for (const name of Object.keys(entry)) await writeFile(`${outDir}/${name}.d.ts`, `export * from './${name}.cjs';\n`);
    },
  },
  target: 'es2023',
  // Runs wherever there is fetch and WebCrypto.
  platform: 'neutral',
  // Small to install: editors take doc comments from the declarations. The names of functions and classes stay, so that a
  // stack trace can be read.
  outputOptions: { comments: { jsdoc: false } },
  minify: {
    compress: true,
    mangle: { toplevel: false, keepNames: { function: true, class: true } },
    codegen: { removeWhitespace: true },
  },
});

export default config;
