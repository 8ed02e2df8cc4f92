import { defineConfig, type UserConfig } from 'tsdown';

// The names of the entries are those that `exports` of package.json points to.
const config: UserConfig = defineConfig({
  entry: {
    index: 'src/index.ts',
    callbacks: 'src/callbacks/index.ts',
    adapters: 'src/adapters/index.ts',
    testing: 'src/testing/index.ts',
    cache: 'src/cache/index.ts',
    wire: 'src/wire/index.ts',
    node: 'src/node/index.ts',
    'no-node': 'src/no-node.ts',
  },
  // Chosen by `imports` of package.json where the library runs, or is bundled for.
  deps: { neverBundle: ['#node-fetch'] },
  format: ['esm', 'cjs'],
  dts: true,
  target: 'es2023',
  // Runs wherever there is fetch and WebCrypto.
  platform: 'neutral',
  // Small to install: editors take doc comments from the .d.ts files. Names stay, so that a stack trace can be read.
  outputOptions: { comments: { jsdoc: false } },
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
});

export default config;
