/**
 * The reference of the client library, from its sources: every entry that its package exports is one module. What an
 * entry exports without a doc comment is a warning, and a warning fails the gate `reference`.
 */
import { readFileSync } from 'node:fs';

const PACKAGE = 'packages/sdk';
const manifest = JSON.parse(readFileSync(new URL(`${PACKAGE}/package.json`, import.meta.url), 'utf8'));
const sources = Object.values(manifest.exports).flatMap((entry) => entry['webpos-source'] ?? []);

/** @type {Partial<import('typedoc').TypeDocOptions>} */
const options = {
  name: manifest.name,
  entryPoints: sources.map((source) => `${PACKAGE}/${source.replace('./', '')}`),
  tsconfig: `${PACKAGE}/tsconfig.json`,
  readme: `${PACKAGE}/README.md`,
  out: 'dist/reference',
  excludePrivate: true,
  excludeInternal: true,
  githubPages: false,
  disableSources: true,
  // Exports, and the methods of classes. A field whose name and type say all needs no sentence, and a constructor has its class's.
  requiredToBeDocumented: ['Class', 'Enum', 'Function', 'Interface', 'Method', 'TypeAlias', 'Variable'],
  // A part of what is known already: the standard `Headers` and `Response`, and one class of an error.
  intentionallyNotDocumented: [
    'index.FetchAnswer.headers.__type.get',
    'index.FetchAnswer.text',
    'callbacks.CallbackHeaders.__type.get',
  ],
  intentionallyNotExported: ['ApiErrorClass'],
  validation: { notDocumented: true, notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true },
  treatWarningsAsErrors: true,
};

export default options;
