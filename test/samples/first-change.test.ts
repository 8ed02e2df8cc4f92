import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { firstChanges } from './first-change.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const files = firstChanges(ROOT);
const names = [...files.keys()];

it('the walkthroughs for a first change add and change files', () => {
  expect(names.filter((name) => name.endsWith('.ts')).length).toBeGreaterThan(8);
});

it.each(names)('%s is formatted by prettier after a first change', async (name) => {
  const options = await prettier.resolveConfig(join(ROOT, name));
  expect(await prettier.format(files.get(name)!, { ...options, filepath: name })).toBe(files.get(name));
});

it('the sources compile after a first change', () => {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const changed = new Map(names.map((name) => [join(ROOT, name), files.get(name)!]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (path) => changed.get(path) ?? readFile.call(host, path);
  host.fileExists = (path) => changed.has(path) || fileExists.call(host, path);
  host.getSourceFile = (path, languageVersion) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, languageVersion);
  };
  const sources = names.filter((name) => name.endsWith('.ts')).map((name) => join(ROOT, name));
  const program = ts.createProgram(sources, options, host);
  // Only the changed files: checking every file that they import takes ten times as long.
  const problems = sources
    .map((path) => program.getSourceFile(path)!)
    .flatMap((source) => [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)])
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  expect(problems).toEqual([]);
}, 300_000);
