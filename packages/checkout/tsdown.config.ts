import { writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { defineConfig, type UserConfig } from 'tsdown';

// The names of the entries as `exports` in package.json uses them.
const entry = { index: 'src/index.ts', react: 'src/react.ts', vue: 'src/vue.ts' };

const config: UserConfig = defineConfig({
  entry,
  // The types ship once, as CommonJS: an ES module may import those, but not the other way round.
  format: { esm: { dts: false }, cjs: { dts: { entry: Object.values(entry) } } },
  hooks: {
    'build:done': async ({ options: { outDir } }) => {
      for (const name of Object.keys(entry)) await writeFile(`${outDir}/${name}.d.ts`, `export * from './${name}.cjs';\n`);
    },
  },
  // The syntax of the oldest bundlers, which do not support exports, such as webpack 4.
  target: 'es2019',
  platform: 'neutral',
  // Readable, for stack traces; applications minify what they bundle.
  minify: false,
  sourcemap: true,
  outputOptions: {
    comments: { jsdoc: false },
    sourcemapExcludeSources: true,
    // Relative to `dist` in the package, wherever this build is written.
    sourcemapPathTransform: (source, map) => `../${relative(import.meta.dirname, resolve(dirname(map), source))}`,
  },
});

export default config;
