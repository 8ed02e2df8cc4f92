/** Holds `docs/coming-from.md` to the library: what it says of ours is there, under that very name. */
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
/** The last column of every table is ours. */
const ours = rows.map((cells) => cells.at(-1)!);
const spans = ours.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!));

/** Words of the language, of the wire, and names that a reader gives to things of their own. */
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

describe('the page for those who come from the older libraries', () => {
  const names = new Set([...OTHERS, ...libraryNames()]);

  it.each([...new Set(spans)])('names what there is: %s', (code) => {
    // Texts, package names and headers are no names of ours; the texts are looked at below.
    const bare = code
      .replace(/@webpos\/sdk(\/\w+)?/g, '')
      .replace(/'[^']*'/g, '')
      .replace(/X-Api-Version: v1/, '');
    const isText = TEXTS.includes(code);
    expect(isText ? [] : (bare.match(/[A-Za-z_]\w*/g) ?? []).filter((name) => !names.has(name))).toEqual([]);
  });

  it('has every entry that it names', () => {
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
    // These two are no classes of the older libraries.
    const older = Object.keys(OBJECTS).filter((name) => name !== 'CallbackBody' && name !== 'ErrorBody');
    for (const name of older) expect(ours).toContain(`\`${name}\``);
  });
});

const TEXTS = ['missing_signature', 'wrong_signature', 'not_json', 'not_a_callback'];

/** What the entries export, and the members and parameters of that. */
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
