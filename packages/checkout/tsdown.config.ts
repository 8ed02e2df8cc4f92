import { writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { defineConfig, type UserConfig } from 'tsdown';

// The names of the entries are those that `exports` of package.json points to.
const entry = { index: 'src/index.ts', react: 'src/react.ts', vue: 'src/vue.ts' };

const config: UserConfig = defineConfig({
  entry,
  // The types are shipped once, as CommonJS ones: an ES module may import those, and not the other way round.
  format: { esm: { dts: false }, cjs: { dts: { entry: Object.values(entry) } } },
  hooks: {
    'build:done': async ({ options: { outDir } }) => {
      for (const name of Object.keys(entry)) await writeFile(`${outDir}/${name}.d.ts`, `export * from './${name}.cjs';\n`);
    },
  },
  // What the oldest bundlers parse that know nothing of exports, such as webpack 4.
  target: 'es2019',
  platform: 'neutral',
  // Readable, so that stack traces are; applications minify what they bundle.
  minify: false,
  sourcemap: true,
  outputOptions: {
    comments: { jsdoc: false },
    sourcemapExcludeSources: true,
    // As seen from `dist` in the package, wherever this build is written to.
    sourcemapPathTransform: (source, map) => `../${relative(import.meta.dirname, resolve(dirname(map), source))}`,
  },
});

export default config;
