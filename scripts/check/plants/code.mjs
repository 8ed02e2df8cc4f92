/** Code that the compiler, the linter and their like refuse. */
import { escape, GATEWAY, json, SDK, word } from './support.mjs';

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

/** @type {import('../plants.mjs').Plant[]} */
export const codePlants = [
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
    about: 'a long file and a long function, and none of the two in a test',
    files: {
      [`${GATEWAY}/kernel/planted.ts`]: `export function planted(): void {\n${'  //\n'.repeat(300)}}\n`,
      [`${GATEWAY}/kernel/planted.test.ts`]: `export function harmless(): void {\n${'  //\n'.repeat(300)}}\n`,
    },
    expects: [/max-lines\): [^\n]*\n[^\n]*kernel\/planted\.ts/, /max-lines-per-function\): [^\n]*\n[^\n]*kernel\/planted\.ts/],
    quiet: [/planted\.test\.ts[^]*max-lines|max-lines[^\n]*\n[^\n]*planted\.test/],
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
    gate: 'tests',
    about: 'a skipped test in CI',
    files: {
      'test/planted.test.ts': `import { test } from 'vitest';\ntest('planted', (context) => context${word('.sk', 'ip(')}'for want of a nail'));\n`,
    },
    expects: [/planted: for want of a nail/, /a skipped test fails the run/],
  },
];
