/** The contents of the client library's tarball: its declarations, its code and its source maps. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packedSdk } from '../../test/support/programs/packed-sdk.ts';
import { npm } from './tools.ts';

const FIXTURE = fileURLToPath(new URL('fixtures/entry-names.mjs', import.meta.url));

/** The names that a program can import from an entry as values. */
interface EntryValues {
  name: string;
  kind: 'import' | 'require';
  values: string[];
}

const run = promisify(execFile);
let folder: string;
/** The installed package. */
let sdk: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-declarations-'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  await cp(FIXTURE, join(folder, 'entry-names.mjs'));
  await npm(folder, ['install', '--offline', await packedSdk()]);
  sdk = join(folder, 'node_modules/@webpos/sdk');
}, 240_000);

afterAll(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

it('every value that an entry declares is an export of the module, and vice versa', { timeout: 60_000 }, async () => {
  const manifest = await readFile(join(sdk, 'package.json'), 'utf8');
  const { exports } = JSON.parse(manifest) as { exports: Record<string, unknown> };
  const names = Object.keys(exports)
    .filter((entry) => !entry.endsWith('.json'))
    .map((entry) => entry.replace('.', '@webpos/sdk'));
  expect(names).toContain('@webpos/sdk/wire');
  const { stdout } = await run(process.execPath, ['entry-names.mjs', ...names], { cwd: folder });
  expect(await declaredValues(names)).toEqual(JSON.parse(stdout));
});

it('an uncaught error shows the line that threw it, and with source maps that of the source', async () => {
  await writeFile(join(folder, 'wrong.mjs'), `import { Client } from '@webpos/sdk';\nnew Client({ mode: 'lvie' });\n`);
  await writeFile(join(folder, 'wrong.cjs'), `const { Client } = require('@webpos/sdk');\nnew Client({ mode: 'lvie' });\n`);
  for (const program of ['wrong.mjs', 'wrong.cjs']) {
    const plain = await stderrOf([program]);
    expect(plain).toMatch(/ConfigurationError: mode: /);
    expect(plain.length).toBeLessThan(2000);
    expect(Math.max(...plain.split('\n').map((line) => line.length))).toBeLessThan(300);
    expect(await stderrOf(['--enable-source-maps', program])).toMatch(/@webpos\/sdk\/src\/\S+\.ts:\d+/);
  }
});

it('all code has a source map whose sources, and no others, are in the tarball once', async () => {
  const files = (await readdir(join(sdk, 'dist'))).filter((file) => /\.c?js$/.test(file));
  const mapped: string[] = [];
  const sources = new Set<string>();
  for (const file of files) {
    const path = join(sdk, 'dist', file);
    const code = await readFile(path, 'utf8');
    // A file that only re-exports has nothing to map.
    if (!/\b(?:function|class)\b|=>/.test(code)) continue;
    const map = JSON.parse(await readFile(`${path}.map`, 'utf8')) as { sources: string[]; sourcesContent?: unknown };
    expect({ file, content: map.sourcesContent }).toEqual({ file, content: undefined });
    for (const source of map.sources) sources.add(join(dirname(path), source));
    mapped.push(file);
  }
  expect(mapped.length).toBeGreaterThan(20);
  const shipped = await readdir(join(sdk, 'src'), { recursive: true, withFileTypes: true });
  const shippedFiles = shipped.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(shippedFiles.toSorted()).toEqual([...sources].toSorted());
});

it('the manifest contains nothing that only the repository needs', async () => {
  const manifest = JSON.parse(await readFile(join(sdk, 'package.json'), 'utf8')) as Record<string, unknown>;
  expect(JSON.stringify(manifest)).not.toContain('webpos-source');
  expect(manifest).not.toHaveProperty('devDependencies');
  expect(manifest).not.toHaveProperty('private');
  const targets = JSON.stringify([
    manifest['main'],
    manifest['types'],
    manifest['browser'],
    manifest['exports'],
    manifest['imports'],
  ]);
  for (const target of new Set(targets.match(/\.\/[^"]+/g)?.filter((path) => /\.[a-z]+$/.test(path))))
    expect({ target, exists: existsSync(join(sdk, target)) }).toEqual({ target, exists: true });
});

it.each([
  ['index', 6],
  ['callbacks', 4],
])('an import of the entry %s loads at most %i files, because each costs more time than the code in it', async (entry, max) => {
  const files = new Set([`${entry}.js`]);
  for (const file of files) {
    const code = await readFile(join(sdk, 'dist', file), 'utf8');
    for (const [, name = ''] of code.matchAll(/^(?:import|export)\b.*?"(?:\.\/|#)([^"]+)";$/gm))
      files.add(name.endsWith('.js') ? name : `${{ platform: 'platform-node', runtime: 'runtime-server' }[name]}.js`);
  }
  expect([...files]).toContain('runtime-server.js');
  expect(files.size).toBeLessThanOrEqual(max);
});

it('the installed package stays small, and contains no test', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: sdk });
  const [packed] = JSON.parse(stdout) as [{ unpackedSize: number; files: { path: string }[] }];
  expect(packed.unpackedSize).toBeLessThan(1_200_000);
  expect(packed.files.filter(({ path }) => /\.test\.|(^|\/)test\//.test(path))).toEqual([]);
});

/** Returns what a failing program prints. */
async function stderrOf(words: readonly string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const error: unknown = await run(process.execPath, words, { cwd: folder, env }).catch((thrown: unknown) => thrown);
  return String((error as { stderr?: unknown }).stderr);
}

async function declaredValues(names: readonly string[]): Promise<EntryValues[]> {
  const imports = names.flatMap((name, index) => [
    { name, kind: 'import' as const, file: join(folder, `entry-${index}.mts`) },
    { name, kind: 'require' as const, file: join(folder, `entry-${index}.cts`) },
  ]);
  for (const { name, file } of imports) await writeFile(file, `import * as entry from '${name}';\nexport { entry };\n`);
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true, noEmit: true, types: [] };
  const program = ts.createProgram({ rootNames: imports.map(({ file }) => file), options });
  const checker = program.getTypeChecker();
  return imports.map(({ name, kind, file }) => {
    const statement = program.getSourceFile(file)?.statements[0];
    const bindings = statement && ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    if (bindings === undefined || !ts.isNamespaceImport(bindings)) throw new Error(`${file}: expected an import of a namespace`);
    const values = checker.getTypeAtLocation(bindings.name).getProperties();
    return { name, kind, values: values.map((value) => value.getName()).toSorted() };
  });
}
