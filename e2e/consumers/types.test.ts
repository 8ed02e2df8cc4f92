/**
 * The declarations of the packed library, with the compilers, module resolutions and global types of its users. `skipLibCheck` is
 * off, so the library's own declarations must compile too.
 */
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Consumer, installConsumer } from './consumer.ts';
import { NoRegistry, type Tools } from './tools.ts';

let consumer: Consumer;

beforeAll(async () => {
  consumer = await installConsumer();
  const { folder, installed } = consumer;
  // Under Node's rules, the extension makes a file an ES module or CommonJS; both kinds have declarations of their own.
  for (const name of ['shop.ts', 'shop.mts', 'shop.cts']) await cp(join(folder, 'shop.ts'), join(folder, 'types', name));
  for (const name of ['options', 'errors']) await cp(join(folder, `types/${name}.ts`), join(folder, `types/${name}.cts`));
  for (const [name, text] of Object.entries(DISPOSALS)) await writeFile(join(folder, `types/${name}.ts`), text);
  await writeFile(join(folder, 'types/fetches.mts'), FETCHES);
  await writeFile(join(folder, 'types/node-fetch-2.mts'), NODE_FETCH_2);
  if (installed instanceof NoRegistry) return;
  await mkdir(join(folder, 'types/node_modules/@types'), { recursive: true });
  for (const name of ['undici-7', 'undici-8', 'node-fetch', '@types/node-fetch', 'node-fetch-3'])
    await symlink(join(installed.modules, name), join(folder, 'types/node_modules', name));
  for (const [line, name] of [
    ['types-18', 'types-node-18'],
    ['types-20', '@types/node'],
  ] as const) {
    await mkdir(join(folder, line));
    await symlink(join(installed.modules, name), join(folder, line, 'node'));
  }
}, 400_000);

afterAll(async () => await consumer?.remove());

const COMPILERS = {
  '4.7': 'tscOldest',
  '4.9': 'tsc4',
  '5.0': 'tsc5',
  '5.9': 'tsc5Last',
  '6.0': 'tsc6',
  '7.0': 'tscNewest',
} as const satisfies Record<string, keyof Tools>;
type Compiler = keyof typeof COMPILERS;
// Not in a file, because the repository's own compiler does not have these packages.
const FETCHES = `
import { Client, type Fetch } from '@webpos/sdk';
import nodeFetch from 'node-fetch-3';
import { Agent as Agent7, fetch as undici7 } from 'undici-7';
import { Agent as Agent8, fetch as undici8 } from 'undici-8';

const shop = { mode: 'sandbox', clientId: 'shop', secret: 'testSecret' } as const;

export const clients: readonly Client[] = [
  new Client({ ...shop, http: { fetch } }),
  new Client({ ...shop, http: { fetch: globalThis.fetch } }),
  new Client({ ...shop, http: { fetch: undici7 } }),
  new Client({ ...shop, http: { fetch: undici8 } }),
  new Client({ ...shop, http: { fetch: nodeFetch } }),
  new Client({ ...shop, http: { fetch: async (url, init) => await fetch(url, { ...init, keepalive: true }) } }),
  new Client({ ...shop, http: { dispatcher: new Agent7() } }),
  new Client({ ...shop, http: { dispatcher: new Agent8() } }),
];

export const wrapped: Fetch = (url, init) => undici8(url, init);
`;
/** The types of node-fetch 2 predate `exactOptionalPropertyTypes`, and do without it. */
const NODE_FETCH_2 = `
import { Client } from '@webpos/sdk';
import nodeFetch from 'node-fetch';

export const client: Client = new Client({ mode: 'sandbox', clientId: 'shop', secret: 'testSecret', http: { fetch: nodeFetch } });
`;

/** A client at the end of its scope, depending on the globals. */
const DISPOSALS = {
  'without-disposal': `
import { Client } from '@webpos/sdk';

type Knows = SymbolConstructor extends { readonly asyncDispose: symbol } ? true : false;
export const knows: Knows = false;
export const close = (client: Client): Promise<void> => client.close();
// @ts-expect-error there is no such symbol
export const dispose = (client: Client): unknown => client[Symbol.asyncDispose]();
`,
  'with-symbol': `
import { Client } from '@webpos/sdk';

export const dispose = (client: Client): PromiseLike<void> => client[Symbol.asyncDispose]();
`,
  'with-using': `
import { Client } from '@webpos/sdk';

export const disposable: AsyncDisposable = new Client({ mode: 'sandbox', clientId: 'shop', secret: 'testSecret' });
export async function scope(): Promise<string> {
  await using client = new Client({ mode: 'sandbox', clientId: 'shop', secret: 'testSecret' });
  return (await client.getPaymentOrder('')).uuid;
}
`,
} as const;

type Resolution = 'node10' | 'node16' | 'nodenext' | 'bundler';

type Setup = [Compiler, Resolution, lib: string];

/** The resolution and the globals of each compiler: those of a browser if `lib` names `dom`, otherwise those of Node. */
const MATRIX: Setup[] = [
  ['4.7', 'node10', 'es2020'],
  ['4.7', 'node10', 'es2020,dom'],
  ['4.7', 'node16', 'es2020'],
  ['4.7', 'node16', 'es2022,dom'],
  ['4.7', 'nodenext', 'esnext'],
  ['4.9', 'node10', 'es2021'],
  ['4.9', 'node16', 'es2022,dom'],
  ['4.9', 'nodenext', 'es2020'],
  ['5.0', 'node10', 'es2020,dom'],
  ['5.0', 'node16', 'es2022'],
  ['5.0', 'nodenext', 'es2020,dom'],
  ['5.0', 'bundler', 'es2020'],
  ['5.0', 'bundler', 'esnext,dom'],
  ['5.9', 'node10', 'es2020'],
  ['5.9', 'node10', 'es2022,dom'],
  ['5.9', 'node16', 'es2020'],
  ['5.9', 'nodenext', 'es2023'],
  ['5.9', 'bundler', 'es2020,dom'],
  ['5.9', 'bundler', 'esnext'],
  ['6.0', 'node10', 'es2020'],
  ['6.0', 'node10', 'esnext,dom'],
  ['6.0', 'node16', 'es2022'],
  ['6.0', 'nodenext', 'es2020,dom'],
  ['6.0', 'bundler', 'es2020'],
  ['6.0', 'bundler', 'esnext,dom'],
  ['7.0', 'node16', 'es2020'],
  ['7.0', 'node16', 'esnext,dom'],
  ['7.0', 'nodenext', 'es2022'],
  ['7.0', 'bundler', 'es2020,dom'],
  ['7.0', 'bundler', 'esnext'],
];

/**
 * Without TYPES=all, which takes minutes, every compiler compiles the shop once, the newest, which is fast, in every way, and the
 * rest is compiled by the fewest compilers that show it.
 */
const ALL = process.env['TYPES'] === 'all';
const SETUPS = MATRIX.filter(([compiler], at) => ALL || compiler === '7.0' || at % 6 === 0);

describe('a shop compiles with', () => {
  it.for(SETUPS)('TypeScript %s, %s, %s', { timeout: 180_000 }, async ([compiler, resolution, lib], context) => {
    const tools = consumer.tools(context);
    const asNode = resolution === 'node16' || resolution === 'nodenext';
    const files = asNode
      ? ['types/shop.mts', 'types/shop.cts', 'types/options.cts', 'types/errors.cts']
      : ['types/shop.ts', 'types/options.ts', 'types/errors.ts'];
    const module = asNode ? resolution : resolution === 'bundler' ? 'esnext' : 'commonjs';
    const by = ['--module', module, '--moduleResolution', resolution === 'node10' ? 'node' : resolution];
    if (compiler === '6.0' && resolution === 'node10') by.push('--ignoreDeprecations', '6.0');
    const globals = lib.endsWith('dom') ? ['--typeRoots', 'no-types'] : nodeTypes(compiler);
    const words = [...by, ...globals, '--exactOptionalPropertyTypes', '--lib', lib, ...files];
    expect(await compile(tools, compiler, words)).toBe('');
  });
});

describe('every fetch (of the runtime, of undici 7 and 8, of node-fetch 2 and 3) compiles with', () => {
  const compilers: [Compiler, lib: string][] = (ALL ? (['5.9', '6.0', '7.0'] as const) : (['7.0'] as const)).flatMap(
    (compiler) => [
      [compiler, 'es2022'],
      [compiler, 'es2022,dom,dom.iterable'],
    ],
  );
  it.for(compilers)('TypeScript %s, %s', { timeout: 180_000 }, async ([compiler, lib], context) => {
    const tools = consumer.tools(context);
    const by = ['--module', 'nodenext', '--moduleResolution', 'nodenext', '--lib', lib, ...nodeTypes(compiler)];
    expect(await compile(tools, compiler, [...by, '--exactOptionalPropertyTypes', 'types/fetches.mts'])).toBe('');
    expect(await compile(tools, compiler, [...by, 'types/node-fetch-2.mts'])).toBe('');
  });
});

describe('a client is closed at the end of its scope', () => {
  const cases: [keyof typeof DISPOSALS, Compiler, lib: string][] = [
    ['without-disposal', '4.7', 'es2020,dom'],
    ['without-disposal', '4.9', 'es2021,dom'],
    ['without-disposal', '5.9', 'es2022,dom'],
    ['without-disposal', '7.0', 'es2022,dom'],
    // The types of Node declare the symbol.
    ['with-symbol', '4.7', 'es2020'],
    ['with-symbol', '5.0', 'es2020'],
    ['with-symbol', '5.9', 'es2022'],
    ['with-using', '5.9', 'es2022,esnext.disposable,dom'],
    ['with-using', '6.0', 'esnext'],
    ['with-using', '7.0', 'esnext,dom'],
  ];
  const chosen = cases.filter(([, compiler]) => ALL || ['4.7', '5.0', '7.0'].includes(compiler));
  it.for(chosen)('%s, TypeScript %s, %s', { timeout: 180_000 }, async ([name, compiler, lib], context) => {
    const tools = consumer.tools(context);
    const globals = lib.endsWith('dom') ? ['--typeRoots', 'no-types'] : nodeTypes(compiler);
    const by = ['--module', 'node16', '--moduleResolution', 'node16', '--lib', lib, ...globals];
    expect(await compile(tools, compiler, [...by, `types/${name}.ts`])).toBe('');
  });
});

function nodeTypes(compiler: Compiler): string[] {
  return ['--typeRoots', compiler.startsWith('4') ? 'types-18' : 'types-20', '--types', 'node'];
}

/** Compiles strictly. @returns the compiler's output, which is empty on success. */
async function compile(tools: Tools, compiler: Compiler, words: readonly string[]): Promise<string> {
  const common = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--target', 'es2020'];
  return await consumer.run(process.execPath, [tools[COMPILERS[compiler]], ...common, ...words]);
}
