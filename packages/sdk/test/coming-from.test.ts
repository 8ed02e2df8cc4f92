/** Checks `docs/coming-from.md` against the library: every name of ours that it uses exists. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ENDPOINTS, ERRORS, EVENTS, OBJECTS } from './contract.ts';

const text = readFileSync(new URL('../../../docs/coming-from.md', import.meta.url), 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\|[ |-]+$/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
/** Our names are in the last column of every table. */
const ours = rows.map((cells) => cells.at(-1)!);
const spans = ours.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!));

/** Words of the language and the wire, and names that readers choose themselves. */
const OTHERS = [
  'new',
  'await',
  'case',
  'callback',
  'handler',
  'rawBody',
  'error',
  'store',
  'uuid',
  'creation',
  'update',
  'filter',
];

describe('the page for users of the older libraries', () => {
  const names = new Set([...OTHERS, ...libraryNames()]);

  it.each([...new Set(spans)])('uses a name that exists: %s', (code) => {
    // Texts, package names and headers are not our names; the texts are checked below.
    const bare = code
      .replace(/@webpos\/sdk(\/\w+)?/g, '')
      .replace(/'[^']*'/g, '')
      .replace(/X-Api-Version: v1/, '');
    const isText = TEXTS.includes(code);
    expect(isText ? [] : (bare.match(/[A-Za-z_]\w*/g) ?? []).filter((name) => !names.has(name))).toEqual([]);
  });

  it('names entries that exist', () => {
    const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { exports: object };
    const named = [...text.matchAll(/@webpos\/sdk(\/\w+)?/g)].map(([, entry]) => `.${entry ?? ''}`);
    for (const entry of new Set(named)) expect(exports).toHaveProperty([entry]);
  });

  it('maps every call, object, event and error of the contract', () => {
    const all = ours.join('\n');
    for (const { call } of ENDPOINTS) expect(all).toContain(`\`${call}(`);
    for (const event of EVENTS.slice(0, 7)) expect(all).toContain(`'${event}'`);
    for (const [code, name] of ERRORS) {
      const row = rows.find(([first]) => first === code);
      expect(row?.[2]).toContain(`\`${name.replace(/Error$/, '')}Error\``);
      expect(row?.[1]).toContain(`\`${name}Exception\``);
    }
    // These two are not classes of the older libraries.
    const older = Object.keys(OBJECTS).filter((name) => name !== 'CallbackBody' && name !== 'ErrorBody');
    for (const name of older) expect(ours).toContain(`\`${name}\``);
  });
});

const TEXTS = ['missing_signature', 'wrong_signature', 'not_json', 'not_a_callback'];

/** Returns the exports of the entries, with their members and parameters. */
function libraryNames(): Set<string> {
  const folders = ['.', 'callbacks', 'adapters', 'cache', 'node', 'testing', 'wire'];
  const paths = folders.map((folder) => fileURLToPath(new URL(`../src/${folder}/index.ts`, import.meta.url)));
  const program = ts.createProgram(paths, {
    strict: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const found = new Set<string>();
  for (const path of paths) {
    for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)!)!)) {
      found.add(exported.name);
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (!(symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias))) continue;
      const type = checker.getDeclaredTypeOfSymbol(symbol);
      const parts = type.isUnion() ? type.types : [type];
      for (const member of parts.flatMap((part) => (part.isLiteral() ? [] : part.getProperties()))) found.add(member.name);
      if (symbol.flags & ts.SymbolFlags.Class) found.add('options');
    }
  }
  return found;
}
