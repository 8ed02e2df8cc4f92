/**
 * The gateway ships as a few ES modules. What is private to this repository (the pages, with what renders them) and what
 * the gateway needs of the client library (the contract) is bundled in; every dependency in package.json stays outside but Kysely,
 * whose 264 files took a third of a start. What is bundled is named in NOTICE.md. The files that the pages are made of are read
 * when the gateway starts, so they are copied beside the modules.
 */
import { defineConfig, type Rolldown, type UserConfig } from 'tsdown';

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Escapes characters beyond Latin-1. V8 keeps the source of every module, and one such character makes it store two bytes for each.
 * A raw template would keep the escape sequence instead of the character.
 */
const inLatin1: Rolldown.Plugin = {
  name: 'in-latin1',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk' || !file.fileName.endsWith('.js')) continue;
      if (/String\.raw`[^`]*[\u0100-\uffff]/.test(file.code))
        throw new Error(`${file.fileName}: expected only Latin-1 in raw templates`);
      file.code = file.code.replaceAll(/[\u0100-\uffff]/g, escaped);
    }
  },
};

const config: UserConfig = defineConfig({
  entry: { main: 'src/main.ts', index: 'src/index.ts', 'derivation-worker': 'src/services/addresses/derivation-worker.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  dts: { entry: 'src/index.ts' },
  fixedExtension: false,
  hash: false,
  copy: ({ outDir }) => ({ from: '../web/src/assets/*', to: `${outDir}/assets` }),
  deps: {
    alwaysBundle: [/^@webpos\//, 'kysely'],
    onlyBundle: ['kysely', 'preact', 'preact-render-to-string', 'qrcode-generator'],
  },
  plugins: [inLatin1],
  outputOptions: { comments: { jsdoc: false } },
  inputOptions: { resolve: { conditionNames: ['webpos-source', 'import', 'node', 'default'] } },
});

export default config;
