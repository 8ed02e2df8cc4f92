/**
 * The reference of the client library, from its sources: every entry that its package exports is one module. What an
 * entry exports without a doc comment is a warning, and a warning fails the gate `reference`.
 */
import { readFileSync } from 'node:fs';
import { Application, ReflectionKind } from 'typedoc';

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
  // A field whose name and type say all needs no sentence, and a constructor has its class's. Functions are the plugin's
  // business: typedoc's own rule for them takes the members of every interface along.
  requiredToBeDocumented: ['Class', 'Enum', 'Interface', 'TypeAlias', 'Variable'],
  plugin: [requireDocumentedFunctions],
  // One class of an error, and the module of them: all are exported one by one.
  intentionallyNotExported: ['ApiErrorClass', 'api'],
  validation: { notDocumented: true, notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true },
  treatWarningsAsErrors: true,
};

export default options;

/**
 * A function that is exported says what it does, and so does a method of a class, unless it stands in for one of an interface.
 * An interface may describe what others bring along (`Headers`, a framework's reply), whose methods are known.
 *
 * @param {import('typedoc').Application} app
 */
function requireDocumentedFunctions(app) {
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    for (const one of project.getReflectionsByKind(ReflectionKind.FunctionOrMethod)) {
      const place = one.parent?.kind ?? ReflectionKind.Module;
      if (![ReflectionKind.Class, ReflectionKind.Module, ReflectionKind.Project].includes(place)) continue;
      if (one.implementationOf || one.inheritedFrom || one.signatures?.every((signature) => signature.hasComment())) continue;
      app.logger.warn(`${one.getFullName()} (${ReflectionKind.singularString(one.kind)}) does not have any documentation`);
    }
  });
}
