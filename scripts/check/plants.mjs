/**
 * The violations that check:planted plants. `files` are written whole, or changed by a function of their text; `commits` are
 * messages of commits; `expects` is what the gate must report about them; `quiet` is what it must not report.
 */

/** @typedef {{ gate: string, about: string, files?: Record<string, string | ((text: string) => string)>, commits?: string[], expects: RegExp[], quiet?: RegExp[] }} Plant */

/** Not a gate, because `npm test` runs it, but it must fire as well. */
export const testGate = { name: 'tests', about: '', steps: [{ run: ['vitest', 'run', 'test/planted'] }] };

const GATEWAY = 'packages/gateway/src';
const SDK = 'packages/sdk/src';

/** Joins halves of words that the gate `words` would otherwise find here too. */
const word = (...parts) => parts.join('');

const LINT_FILE = `${GATEWAY}/kernel/planted.ts`;
const LINT_RULES = [
  'typescript(no-floating-promises)',
  'typescript(no-misused-promises)',
  'typescript(await-thenable)',
  'typescript(switch-exhaustiveness-check)',
  'typescript(no-explicit-any)',
  'typescript(no-unsafe-assignment)',
  'typescript(no-unsafe-return)',
  'typescript(no-unsafe-member-access)',
  'typescript(no-non-null-assertion)',
  'typescript(consistent-type-imports)',
  'typescript(only-throw-error)',
  'eslint(eqeqeq)',
  'eslint(no-console)',
  'eslint(no-unused-vars)',
  'import(no-default-export)',
  'unicorn(prefer-node-protocol)',
];
const LINT_CODE = `
import { Txid } from './chain.ts';
import { readFile } from 'fs/promises';
type Colour = 'red' | 'green';
export async function planted(colour: Colour, list: number[], outside: any): Promise<string> {
  readFile('a');
  list.forEach(async (item) => readFile(String(item)));
  await colour;
  switch (colour) {
    case 'red':
      break;
  }
  const text: string = outside;
  const first = list[0]!;
  if (text == String(first)) console.log(text as Txid);
  if (outside.wrong) throw 'a text';
  const unused = 1;
  return outside;
}
export default planted;
`;

/** The rooms in which the linter refuses what no import shows. */
const PURE_ROOMS = ['orders', 'merchants', 'wallet/descriptor', 'chain/view', 'rates', 'callbacks', 'contract'];

/** Each violates the rule of its name: [rule, file, its import, file that it imports]. */
const BOUNDARIES = [
  ['layer-kernel', `${GATEWAY}/kernel/p1.ts`, `'../orders/planted-target.ts'`],
  ['layer-kernel-npm', `${GATEWAY}/kernel/p2.ts`, `'@noble/hashes/sha2.js'`],
  ['layer-kernel-node', `${GATEWAY}/kernel/p3.ts`, `'node:fs'`],
  ['layer-orders', `${GATEWAY}/orders/p1.ts`, `'../wallet/planted-target.ts'`],
  ['layer-orders', `${GATEWAY}/orders/p5.ts`, `'../merchants/planted-target.ts'`],
  ['layer-orders', `${GATEWAY}/orders/p2.ts`, `'@webpos/sdk/wire'`],
  ['layer-orders-npm', `${GATEWAY}/orders/p3.ts`, `'undici'`],
  ['layer-orders-node', `${GATEWAY}/orders/p4.ts`, `'node:crypto'`],
  ['layer-merchants', `${GATEWAY}/merchants/p1.ts`, `'../wallet/planted-target.ts'`],
  ['layer-merchants-types', `${GATEWAY}/merchants/p2.ts`, `'../orders/planted-target.ts'`],
  ['layer-merchants-npm', `${GATEWAY}/merchants/p3.ts`, `'undici'`],
  ['layer-merchants-node', `${GATEWAY}/merchants/p4.ts`, `'node:fs'`],
  ['layer-wallet', `${GATEWAY}/wallet/p1.ts`, `'../store/planted-target.ts'`],
  ['layer-wallet-npm', `${GATEWAY}/wallet/p2.ts`, `'undici'`],
  ['layer-wallet-node', `${GATEWAY}/wallet/p3.ts`, `'node:fs'`],
  ['layer-chain/view', `${GATEWAY}/chain/view/p1.ts`, `'../planted-target.ts'`],
  ['layer-chain/view-npm', `${GATEWAY}/chain/view/p2.ts`, `'undici'`],
  ['layer-chain/view-node', `${GATEWAY}/chain/view/p3.ts`, `'node:net'`],
  ['layer-chain', `${GATEWAY}/chain/p1.ts`, `'../store/planted-target.ts'`],
  ['layer-rates', `${GATEWAY}/rates/p1.ts`, `'../orders/planted-target.ts'`],
  ['layer-rates', `${GATEWAY}/rates/p2.ts`, `'./http/planted-target.ts'`],
  ['layer-rates-npm', `${GATEWAY}/rates/p3.ts`, `'undici'`],
  ['layer-rates-node', `${GATEWAY}/rates/p4.ts`, `'node:https'`],
  ['layer-rates/http', `${GATEWAY}/rates/http/p1.ts`, `'../../store/planted-target.ts'`],
  ['layer-rates/http-npm', `${GATEWAY}/rates/http/p2.ts`, `'fastify'`],
  ['layer-rates/http-node', `${GATEWAY}/rates/http/p3.ts`, `'node:fs'`],
  ['layer-callbacks', `${GATEWAY}/callbacks/p1.ts`, `'../store/planted-target.ts'`],
  ['layer-callbacks', `${GATEWAY}/callbacks/p3.ts`, `'./http/planted-target.ts'`],
  ['layer-callbacks-types', `${GATEWAY}/callbacks/p2.ts`, `'@webpos/sdk/wire'`],
  ['layer-callbacks-npm', `${GATEWAY}/callbacks/p4.ts`, `'undici'`],
  ['layer-callbacks-node', `${GATEWAY}/callbacks/p5.ts`, `'node:net'`],
  ['layer-callbacks/http', `${GATEWAY}/callbacks/http/p1.ts`, `'../../store/planted-target.ts'`],
  ['layer-callbacks/http-npm', `${GATEWAY}/callbacks/http/p2.ts`, `'fastify'`],
  ['layer-callbacks/http-node', `${GATEWAY}/callbacks/http/p3.ts`, `'node:fs'`],
  ['layer-contract', `${GATEWAY}/contract/p1.ts`, `'../services/planted-target.ts'`],
  ['layer-contract-types', `${GATEWAY}/contract/p2.ts`, `'../merchants/planted-target.ts'`],
  ['layer-contract-npm', `${GATEWAY}/contract/p3.ts`, `'fastify'`],
  ['layer-contract-node', `${GATEWAY}/contract/p4.ts`, `'node:http'`],
  ['layer-http', `${GATEWAY}/http/p1.ts`, `'../services/planted-target.ts'`],
  ['layer-http-types', `${GATEWAY}/http/p2.ts`, `'@webpos/sdk/wire'`],
  ['layer-store', `${GATEWAY}/store/p1.ts`, `'../services/planted-target.ts'`],
  ['layer-store-types', `${GATEWAY}/store/p2.ts`, `'../wallet/planted-target.ts'`],
  ['layer-services', `${GATEWAY}/services/p1.ts`, `'../api/planted-target.ts'`],
  ['layer-services', `${GATEWAY}/services/p2.ts`, `'../store/sql/planted-target.ts'`],
  ['layer-services', `${GATEWAY}/services/orders/p1.ts`, `'../../callbacks/http/planted-target.ts'`],
  ['layer-services-npm', `${GATEWAY}/services/orders/p2.ts`, `'undici'`],
  ['store-sql-stays-inside', `${GATEWAY}/services/p2.ts`, `'../store/sql/planted-target.ts'`],
  ['subject-services/merchants', `${GATEWAY}/services/merchants/p1.ts`, `'../orders/planted-target.ts'`],
  ['subject-services/addresses', `${GATEWAY}/services/addresses/p1.ts`, `'../orders/planted-target.ts'`],
  ['subject-services/callbacks', `${GATEWAY}/services/callbacks/p1.ts`, `'../orders/planted-target.ts'`],
  ['subject-services/orders', `${GATEWAY}/services/orders/p4.ts`, `'../chain/planted-target.ts'`],
  ['subject-services/chain', `${GATEWAY}/services/chain/p1.ts`, `'../merchants/planted-target.ts'`],
  ['subject-services/sandbox', `${GATEWAY}/services/sandbox/p1.ts`, `'../chain/planted-target.ts'`],
  ['subject-services/operator', `${GATEWAY}/services/operator/p1.ts`, `'../orders/planted-target.ts'`],
  ['subject-services/backup', `${GATEWAY}/services/backup/p1.ts`, `'../orders/planted-target.ts'`],
  ['context-below-subjects', `${GATEWAY}/services/p5.ts`, `'./orders/planted-target.ts'`],
  ['known-subject', `${GATEWAY}/services/helpers/p1.ts`, `'../orders/planted-target.ts'`],
  ...['schemas', 'login', 'openapi', 'orders', 'events', 'sandbox']
    .map((subject) => ['api', subject, subject === 'orders' ? 'events' : 'orders'])
    .concat(['shared', 'checkout', 'panel'].map((subject) => ['web', subject, subject === 'panel' ? 'checkout' : 'panel']))
    .concat(
      ['support', 'account', 'callback', 'gateway', 'order', 'payment', 'pos'].map((subject) => [
        'cli',
        subject,
        subject === 'pos' ? 'order' : 'pos',
      ]),
    )
    .map(([room, subject, other]) => [
      `subject-${room}/${subject}`,
      `${GATEWAY}/${room}/${subject}/p9.ts`,
      `'../${other}/planted-target.ts'`,
    ]),
  ['layer-api', `${GATEWAY}/api/p1.ts`, `'../cli/planted-target.ts'`],
  ['layer-api-types', `${GATEWAY}/api/p2.ts`, `'../callbacks/planted-target.ts'`],
  ['layer-web-types', `${GATEWAY}/web/p2.ts`, `'../callbacks/planted-target.ts'`],
  ['layer-cli-types', `${GATEWAY}/cli/p2.ts`, `'../callbacks/planted-target.ts'`],
  ['layer-web', `${GATEWAY}/web/p1.ts`, `'../api/planted-target.ts'`],
  ['layer-cli', `${GATEWAY}/cli/p1.ts`, `'../api/planted-target.ts'`],
  ['layer-security', `${GATEWAY}/security/p1.ts`, `'../orders/planted-target.ts'`],
  ['layer-security-npm', `${GATEWAY}/security/p2.ts`, `'undici'`],
  ['layer-config', `${GATEWAY}/config/p1.ts`, `'../orders/planted-target.ts'`],
  ['layer-ops', `${GATEWAY}/ops/p1.ts`, `'../orders/planted-target.ts'`],
  ['known-layer', `${GATEWAY}/helpers/p1.ts`, `'../orders/planted-target.ts'`],
  ['adapters-stay-apart', `${GATEWAY}/chain/p2.ts`, `'./bitcoind/planted-target.ts'`],
  ['adapters-stay-apart', `${GATEWAY}/services/orders/p3.ts`, `'../../rates/http/planted-target.ts'`],
  ['adapters-stay-apart', `${GATEWAY}/chain/sandbox/p1.ts`, `'../bitcoind/planted-target.ts'`],
  ['database-drivers-in-store-sql', `${GATEWAY}/services/p3.ts`, `'kysely'`],
  ['http-framework-at-the-rim', `${GATEWAY}/services/p4.ts`, `'fastify'`],
  ['composition-root', `${GATEWAY}/ops/p2.ts`, `'../app/start-gateway.ts'`],
  ['sdk-wire-alone', `${SDK}/wire/p1.ts`, `'../planted-target.ts'`],
  ['order-rules-alone', 'packages/order-rules/src/p1.ts', `'../../gateway/src/kernel/planted-target.ts'`],
  ['order-rules-alone', 'packages/order-rules/src/p2.ts', `'node:crypto'`],
  ['sdk-rules-for-tests-alone', `${SDK}/p4.ts`, `'@webpos/order-rules'`],
  ['sdk-no-node', `${SDK}/p1.ts`, `'node:http'`],
  ['sdk-no-dependencies', `${SDK}/p2.ts`, `'undici'`],
  ['sdk-alone', `${SDK}/p3.ts`, `'../../gateway/src/kernel/planted-target.ts'`],
  ['packages-by-name', `${SDK}/p3.ts`, `'../../gateway/src/kernel/planted-target.ts'`],
  ['web-alone', 'packages/web/src/p1.ts', `'../../gateway/src/kernel/planted-target.ts'`],
  ['web-rooms', 'packages/web/src/page/p1.ts', `'../checkout/view.ts'`],
  ['web-rooms', 'packages/web/src/panel/p1.ts', `'../checkout/view.ts'`],
  ['listen-alone', 'packages/listen/src/p1.ts', `'../../sdk/src/planted-target.ts'`],
  ['examples-as-a-user-would', 'examples/planted/p1.ts', `'../../packages/sdk/src/planted-target.ts'`],
  ['examples-as-a-user-would', 'examples/planted/p2.ts', `'../../packages/gateway/src/kernel/planted-target.ts'`],
  ['packages-by-name', 'examples/planted/p3.ts', `'../../packages/sdk/src/wire/index.ts'`],
  ['no-test-code', `${GATEWAY}/ops/p3.ts`, `'./planted.test.ts'`],
  ['no-cycles', `${GATEWAY}/kernel/p4.ts`, `'./p5.ts'`],
  ['no-unresolvable', `${GATEWAY}/kernel/p6.ts`, `'./nowhere.ts'`],
];
const BOUNDARY_TARGETS = [
  ...[
    'kernel',
    'orders',
    'merchants',
    'wallet',
    'chain',
    'chain/bitcoind',
    'rates/http',
    'callbacks',
    'callbacks/http',
    'store',
    'store/sql',
    'services',
    'api',
    'cli',
    'services/merchants',
    'services/orders',
    'services/chain',
    'api/orders',
    'api/events',
    'web/panel',
    'web/checkout',
    'cli/pos',
    'cli/order',
  ].map((folder) => `${GATEWAY}/${folder}/planted-target.ts`),
  `${GATEWAY}/ops/planted.test.ts`,
  `${GATEWAY}/app/start-gateway.ts`,
  `${SDK}/planted-target.ts`,
];

/** 24 kB that cannot be compressed. */
function noise() {
  let state = 1;
  return Array.from({ length: 24_000 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(97 + (state % 26));
  }).join('');
}

/** Changes one value in a package.json. */
const json = (change) => (text) => {
  const value = JSON.parse(text);
  change(value);
  return `${JSON.stringify(value, null, 2)}\n`;
};

/** @type {Plant[]} */
export const plants = [
  {
    gate: 'format',
    about: 'double quotes',
    files: { [`${GATEWAY}/kernel/planted.ts`]: 'export const planted = "text";\n' },
    expects: [/kernel\/planted\.ts/],
  },
  {
    gate: 'types',
    about: 'text where a number is expected, and Node in the client library',
    files: {
      [`${GATEWAY}/kernel/planted.ts`]: `export const planted: number = 'text';\n`,
      [`${SDK}/planted.ts`]: `export const planted: number = process.pid;\n`,
    },
    expects: [/kernel\/planted\.ts.*TS2322/, /--project packages\/sdk\/tsconfig\.json\n[^$]*src\/planted\.ts.*'process'/],
  },
  {
    gate: 'lint',
    about: 'one violation of each important rule',
    files: { [LINT_FILE]: LINT_CODE },
    expects: LINT_RULES.map((rule) => new RegExp(`${escape(rule)}: [^\\n]*\\n[^\\n]*${escape(LINT_FILE)}`)),
  },
  {
    gate: 'lint',
    about: 'a clock, randomness, timers and a network in pure rooms, and randomness where signing is allowed',
    files: {
      ...Object.fromEntries(
        PURE_ROOMS.map((room) => [
          `${GATEWAY}/${room}/planted.ts`,
          `export const planted = [Date.now(), Math.random(), setTimeout, fetch, performance.now(), process.pid];\n`,
        ]),
      ),
      [`${GATEWAY}/callbacks/planted-random.ts`]: `import { randomUUID } from 'node:crypto';\nexport const planted = randomUUID();\n`,
      [`${GATEWAY}/callbacks/http/harmless.ts`]: 'export const planted = [Date.now(), setTimeout];\n',
    },
    expects: [
      ...PURE_ROOMS.flatMap((room) =>
        [
          ...['Date', 'setTimeout', 'fetch', 'performance', 'process'].map((name) => ['globals', name]),
          ['properties', 'random'],
        ].map(
          ([kind, name]) =>
            new RegExp(`no-restricted-${kind}\\): [^\\n]*${name}[^\\n]*\\n[^\\n]*${escape(`${GATEWAY}/${room}/planted.ts`)}`),
        ),
      ),
      new RegExp(`no-restricted-imports\\): [^\\n]*\\n[^\\n]*${escape(`${GATEWAY}/callbacks/planted-random.ts`)}`),
    ],
    quiet: [/http\/harmless\.ts/],
  },
  {
    gate: 'boundaries',
    about: 'an import against each arrow',
    files: {
      ...Object.fromEntries(BOUNDARY_TARGETS.map((file) => [file, (text) => `${text}\nexport const planted: number = 1;\n`])),
      ...Object.fromEntries(
        BOUNDARIES.map(([, file, target]) => [
          file,
          `import * as target from ${target};\nexport const planted: unknown = target;\n`,
        ]),
      ),
      [`${GATEWAY}/kernel/p5.ts`]: `import * as target from './p4.ts';\nexport const planted: unknown = target;\n`,
      [`${GATEWAY}/kernel/p7.ts`]: 'export const planted: number = 1;\n',
    },
    expects: [...BOUNDARIES, ['no-orphans', `${GATEWAY}/kernel/p7.ts`]].map(
      ([rule, file]) => new RegExp(`error ${escape(rule)}: ${escape(file)}`),
    ),
  },
  {
    gate: 'boundaries',
    about: 'imports along the arrows',
    files: {
      [`${GATEWAY}/kernel/planted-target.ts`]: 'export type Planted = 1;\n',
      [`${GATEWAY}/orders/planted-target.ts`]: `import type { ErrorCode } from '@webpos/sdk/wire';\nexport type Planted = ErrorCode;\n`,
      [`${GATEWAY}/chain/view/p1.ts`]: `import { createHash } from 'node:crypto';\nimport type * as a from '../../kernel/planted-target.ts';\nexport const planted = [createHash] as unknown as typeof a;\n`,
      [`${GATEWAY}/wallet/p1.ts`]: `import { hex } from '@scure/base';\nimport { sha256 } from '@noble/hashes/sha2.js';\nexport const planted = [hex, sha256];\n`,
      [`${GATEWAY}/merchants/p1.ts`]: `import type * as a from '../orders/planted-target.ts';\nexport const planted = {} as typeof a;\n`,
      [`${GATEWAY}/callbacks/p1.ts`]: `import { createHmac } from 'node:crypto';\nimport type { ErrorCode } from '@webpos/sdk/wire';\nexport const planted = createHmac as unknown as ErrorCode;\n`,
      [`${GATEWAY}/callbacks/http/p1.ts`]: `import { Agent } from 'undici';\nimport type * as a from '../p1.ts';\nexport const planted = Agent as unknown as typeof a;\n`,
      [`${GATEWAY}/contract/p1.ts`]: `import { ERROR_CODES } from '@webpos/sdk/wire';\nimport type * as a from '../orders/planted-target.ts';\nexport const planted = ERROR_CODES as unknown as typeof a;\n`,
      [`${GATEWAY}/services/orders/p1.ts`]: `import type * as a from '../../contract/p1.ts';\nexport const planted = {} as typeof a;\n`,
      [`${GATEWAY}/store/sql/p1.ts`]: `import { sql } from 'kysely';\nimport type * as a from '../../orders/planted-target.ts';\nexport const planted = sql as unknown as typeof a;\n`,
      [`${GATEWAY}/api/p1.ts`]: `import fastify from 'fastify';\nimport type * as a from '../orders/planted-target.ts';\nexport const planted = fastify as unknown as typeof a;\n`,
      'examples/planted/p1.ts': `import { ERROR_CODES } from '@webpos/sdk/wire';\nexport const planted = ERROR_CODES;\n`,
      // One violation, so that the gate reports something.
      [`${GATEWAY}/kernel/p7.ts`]: 'export const planted: number = 1;\n',
    },
    expects: [/error no-orphans: packages\/gateway\/src\/kernel\/p7\.ts/],
    quiet: [/error .*\/(?:planted-target|p1)\.ts/],
  },
  {
    gate: 'folders',
    about: 'one file too many, and a folder full of tests next to it',
    files: Object.fromEntries(
      Array.from({ length: 26 }, (_, n) => [
        [`${GATEWAY}/planted/p${n}.ts`, 'export {};\n'],
        [`${GATEWAY}/harmless/p${n}.test.ts`, 'export {};\n'],
      ]).flat(),
    ),
    expects: [/gateway\/src\/planted: expected at most 25 files, got 26/],
    quiet: [/harmless/],
  },
  {
    gate: 'unused',
    about: 'an unused file, export and dependency',
    files: {
      [`${GATEWAY}/kernel/planted.ts`]: 'export const planted: number = 1;\n',
      'scripts/planted.ts': `import { used } from './check/planted-exports.ts';\nconsole.log(used);\n`,
      'scripts/check/planted-exports.ts': 'export const used: number = 1;\nexport const idle: number = 2;\n',
      'packages/gateway/package.json': json((manifest) => (manifest.dependencies['planted-package'] = '1.0.0')),
    },
    expects: [
      /Unused files[^]*kernel\/planted\.ts/,
      /Unused exports[^]*idle .*planted-exports\.ts/,
      /Unused dependencies[^]*planted-package/,
    ],
  },
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
    gate: 'words',
    about: 'one of each kind, with harmless ones next to them',
    files: {
      'planted.md': `see ${word('/ho', 'me/someone/notes')}\n`,
      'planted.sh': `cd ${word('/wo', 'rk/main')}\nfile=${word('/ro', 'ot/key')}\n`,
      'planted.txt': `npm i --registry https://${word('registry.npm', 'js.org')}/\n`,
      [`${GATEWAY}/kernel/planted.ts`]: `// ${word('TO', 'DO')}: later\n// ${word('FIX', 'ME')}: later\n`,
      'test/planted.test.ts': [
        `test${word('.on', 'ly(')}'a', f);`,
        `describe${word('.sk', 'ip(')}'b', f);`,
        `test${word('.skip', 'If(')}x)('c', f);`,
        `context${word('.sk', 'ip(')});`,
        `test${word('.to', 'do(')}'d');`,
        `// skip: the reason is here`,
        `test${word('.sk', 'ip(')}'harmless e', f);`,
        `context${word('.sk', 'ip(')}'harmless f');`,
        `context${word('.sk', 'ip(')}!found, 'harmless g');`,
      ].join('\n'),
      'package-lock.json': json(
        (lock) => (lock.packages['node_modules/planted'] = { resolved: 'https://example.com/planted.tgz' }),
      ),
      '.npmrc': (text) => `${text}\nregistry=https://example.com/\n`,
      'harmless.md':
        'Files in /tmp, /usr/bin and $dest/root/usr; https://example.com/work/home/name; `GET /home`; a mouse/root/hut; todo.\n',
    },
    expects: [
      /planted\.md:1: a path/,
      /planted\.sh:1: a path/,
      /planted\.sh:2: a path/,
      /planted\.txt:1: .*registry/,
      /kernel\/planted\.ts:1: a note/,
      /kernel\/planted\.ts:2: a note/,
      /planted\.test\.ts:1: .*excludes/,
      /planted\.test\.ts:2: .*disabled test/,
      /planted\.test\.ts:3: .*disabled test/,
      /planted\.test\.ts:4: .*disabled test/,
      /planted\.test\.ts:5: .*not written/,
      /package-lock\.json:\d+: a download address/,
      /\.npmrc:\d+: a registry/,
    ],
    quiet: [/harmless/],
  },
  {
    gate: 'language',
    about: 'a name and phrases that the glossary rules out, with harmless lookalikes',
    files: {
      [`${GATEWAY}/kernel/planted.ts`]: [
        `export const ${word('MO', 'ST_TRIES')} = 3;`,
        `/** For ${word('who', 'ever')} asks; the error is ${word('told', ' of')} once. */`,
        `export const ${word('keysAt', 'Hand')} = 1;`,
        'export const lookAhead = 2;',
        '/** Most callers keep it. */',
        'export const MAX_TRIES = 3;',
      ].join('\n'),
    },
    expects: [/planted\.ts:1: /, /planted\.ts:2: "who/, /planted\.ts:2: "told/, /planted\.ts:3: /],
    quiet: [/planted\.ts:[456]/],
  },
  {
    gate: 'markdown',
    about: 'two sentences on a line and breaks inside a sentence, with harmless text next to them',
    files: {
      'planted.md': [
        'One sentence. Another one.',
        '',
        'A line that breaks',
        'inside its sentence.',
        '',
        '- An item. `code` begins the next sentence.',
        '- An item that breaks',
        '  inside its sentence.',
        '',
        'It ends in a [link](a.md). **Bold** follows.',
      ].join('\n'),
      'harmless.md': [
        '# A heading. With two',
        '',
        'Needs Node 20.19, e.g. Debian 13, i.e. a new one; see `a. B`, [the page](a.b/C. D) and "more ..." There.',
        'It takes 5 MB. 256 MB is plenty, etc. Really?',
        '',
        '- **A title.** Its text.',
        '  Another sentence with a number such as 1. 2 is more.',
        '',
        '| A cell. With two. | B |',
        '| --- | --- |',
        '',
        '<p>Some HTML. It has',
        'breaks.</p>',
        '',
        '> A licence. It breaks',
        '> as it likes.',
        '',
        '```sh',
        'a comment. Another',
        'one',
        '```',
        '',
        'A hard break\\',
        'stays.',
      ].join('\n'),
    },
    expects: [
      /planted\.md:1: holds two sentences/,
      /planted\.md:3: breaks inside a sentence/,
      /planted\.md:6: holds two sentences/,
      /planted\.md:7: breaks inside a sentence/,
      /planted\.md:10: holds two sentences/,
    ],
    quiet: [/harmless/],
  },
  {
    gate: 'links',
    about: 'one of each kind, with good ones next to them',
    files: {
      'planted.md': [
        '# A Title, with `code` & more',
        '## Twice',
        '## Twice',
        '[a](nowhere.md)',
        '[b](docs/wallets.md#no-such-heading)',
        '[c](#twice-2)',
        '![d](docs/none.png)',
        '<img src="x.png">',
        '[e]: nowhere-either.md',
        '`packages/gateway/src/nowhere.ts`',
        '`packages/{sdk,nowhere}/tsconfig.json`',
        '`sdk/src/nowhere/`',
        '',
      ].join('\n'),
      'harmless.md': [
        '# A Title, with `code` & more',
        '## Twice',
        '## Twice',
        '[a](docs/wallets.md), [b](docs/wallets.md#the-gap-limit), [c](#twice-1), [d](#a-title-with-code--more), [e](docs/)',
        '[f](https://example.com/nowhere.md), [g](mailto:nobody@example.com), `[h](nowhere.md)`',
        '`packages/sdk/dist/x`, `packages/*/x`, `gateway/src/main.ts`, packages/gateway/src/main.ts.',
        '```sh',
        '[i](nowhere.md)',
        '```',
        '',
      ].join('\n'),
      [`${GATEWAY}/kernel/planted.ts`]: `// See ${word('docs/ad', 'r/9999')}.\n// See ${word('docs/no', 'where.md')}.\n`,
      [`${GATEWAY}/kernel/harmless.ts`]: '// See docs/adr/0007 and docs/wallets.md.\n',
    },
    expects: [
      /planted\.md:4: .*no file: nowhere\.md/,
      /planted\.md:5: .*no heading of docs\/wallets\.md/,
      /planted\.md:6: .*no heading of planted\.md/,
      /planted\.md:7: .*no file: docs\/none\.png/,
      /planted\.md:8: .*no file: x\.png/,
      /planted\.md:9: .*no file: nowhere-either\.md/,
      /planted\.md:10: no such path: packages\/gateway\/src\/nowhere\.ts/,
      /planted\.md:11: no such path: packages\/nowhere\/tsconfig\.json/,
      /planted\.md:12: no such path: packages\/sdk\/src\/nowhere/,
      /kernel\/planted\.ts:1: no such document/,
      /kernel\/planted\.ts:2: no such document/,
    ],
    quiet: [/harmless/, /packages\/sdk\/tsconfig/],
  },
  {
    gate: 'commits',
    about: 'a subject of each refused kind, with harmless ones next to them',
    commits: [
      `Say more than ${'very '.repeat(12)}much`,
      'Added a command',
      'Adds a command',
      'feat: add a command',
      'add a command',
      'Add a command.',
      'fixup! Add a command',
      'Add a command\nwithout an empty line',
      'Process harmless orders\n\nThe reason, in a body that may be as long as it needs to be. Not a harmless line in sight.',
      'Bring harmless `webpos doctor` back',
    ],
    expects: [
      /Say more .*has \d+ characters/,
      /"Added a command": expected an imperative/,
      /"Adds a command": expected an imperative/,
      /"feat: add a command": expected no prefix/,
      /"add a command": expected a subject that begins with a capital/,
      /"Add a command\.": expected no full stop/,
      /"fixup! Add a command": expected a finished commit/,
      /"Add a command": expected an empty line/,
    ],
    quiet: [/harmless/],
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
  {
    gate: 'tests',
    about: 'a skipped test in CI',
    files: {
      'test/planted.test.ts': `import { test } from 'vitest';\ntest('planted', (context) => context${word('.sk', 'ip(')}'for want of a nail'));\n`,
    },
    expects: [/planted: for want of a nail/, /a skipped test fails the run/],
  },
];

function escape(text) {
  return text.replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`);
}
