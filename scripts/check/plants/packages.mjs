/** Packages, references and migrations that do not match their sources. */
import { GATEWAY, json, noise, SDK } from './support.mjs';

/** @type {import('../plants.mjs').Plant[]} */
export const packagePlants = [
  {
    gate: 'package',
    about: 'an import that leads nowhere',
    files: { [`${SDK}/index.ts`]: (text) => `${text}\nexport * from './planted-nowhere.ts';\n` },
    expects: [/\$ npm run build[^]*planted-nowhere/],
  },
  {
    gate: 'package',
    about: 'entries without files, types of the wrong kind, a library that is too large',
    files: {
      'packages/sdk/package.json': json((manifest) => {
        manifest.exports['./planted'] = './dist/planted.js';
        manifest.exports['.'].require.types = './dist/index.d.ts';
        delete manifest.types;
      }),
      'packages/gateway/package.json': json((manifest) => (manifest.exports['./planted'] = './dist/planted.js')),
      [`${SDK}/index.ts`]: (text) => `${text}\nexport const planted: string = '${noise()}';\n`,
      [`${SDK}/callbacks/index.ts`]: (text) => `${text}\nexport const planted: string = '${noise()}';\n`,
    },
    expects: [
      /\$ publint --strict packages\/sdk\/dist\/npm\n[^$]*planted/,
      /\$ publint --strict packages\/gateway\n[^$]*planted/,
      /\$ attw[^$]*(?:[Mm]asquerading|FalseESM)/,
      /\$ attw[^$]*"@webpos\/sdk" +│ No types/,
      /\$ size-limit[^$]*@webpos\/sdk\n[^@]*exceeded/,
      /\$ size-limit[^$]*@webpos\/sdk\/callbacks\n[^@]*exceeded/,
    ],
  },
  {
    gate: 'reference',
    about: 'a variable, a function, a method without a description, and a broken link',
    files: {
      [`${SDK}/index.ts`]: (text) => `${text}\nexport * from './planted.ts';\n`,
      [`${SDK}/planted.ts`]:
        'export const planted: number = 1;\nexport function mute(): void {}\n' +
        '/** See {@link nowhere}. */\nexport class Planted {\n  silent(): number {\n    return 1;\n  }\n}\n',
    },
    expects: [
      /index\.planted \(Variable\)/,
      /index\.mute \(Function\)/,
      /index\.Planted\.silent \(Method\)/,
      /Failed to resolve link to "nowhere"/,
    ],
  },
  {
    gate: 'openapi',
    about: 'a schema that changed without the document',
    files: { [`${GATEWAY}/api/schemas/limits.ts`]: (text) => text.replace('MAX_CHARACTERS = 300', 'MAX_CHARACTERS = 301') },
    expects: [/docs\/openapi\.json is stale/],
  },
  {
    gate: 'openapi',
    about: 'a document that was changed by hand',
    files: { 'docs/openapi.json': json((document) => (document.paths['/token'].post.summary = 'Planted')) },
    expects: [/docs\/openapi\.json is stale/],
  },
  {
    gate: 'openapi',
    about: 'a document that is not OpenAPI 3.1',
    files: { [`${GATEWAY}/api/openapi/document.ts`]: (text) => text.replace("title: 'WebPOS'", 'title: 7') },
    expects: [/not be valid OpenAPI 3\.1[^]*\/info\/title/],
  },
  {
    gate: 'migrations',
    about: 'an edited released migration, one with an import, one that is not registered',
    files: {
      [`${GATEWAY}/store/sql/migrations/0001-first.ts`]: (text) => `${text}\n`,
      [`${GATEWAY}/store/sql/migrations/9999-planted.ts`]: `import { sats } from '../../../kernel/sats.ts';\nexport { sats };\n`,
    },
    expects: [/0001-first\.ts has been released/, /9999-planted\.ts is not among/, /9999-planted\.ts may import/],
    quiet: [/0006/],
  },
];
