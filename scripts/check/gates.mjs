/**
 * The gates: each has a name, what it ensures, and the commands that check it. A command is looked up among the repository's own
 * tools first. All steps of a gate run, unless one marked `orStop` fails.
 */

/**
 * @typedef {{ run: string[], orStop?: boolean }} Step
 * @typedef {{ name: string, about: string, steps: Step[] }} Gate
 */

/** @type {Gate[]} */
export const gates = [
  {
    name: 'format',
    about: 'files are formatted by prettier (fix with `npm run format`)',
    steps: [{ run: ['prettier', '--check', '--log-level', 'warn', '.'] }],
  },
  {
    name: 'types',
    about: "everything compiles, the client library also without the types of Node, and browser code with the browser's",
    steps: [
      { run: ['tsc', '--noEmit'] },
      { run: ['tsc', '--noEmit', '--project', 'packages/sdk/tsconfig.json'] },
      { run: ['tsc', '--noEmit', '--project', 'packages/checkout/tsconfig.json'] },
    ],
  },
  {
    name: 'lint',
    about: 'the linter finds no mistake, with type information',
    steps: [{ run: ['oxlint', '--type-aware', '--deny-warnings', '--report-unused-disable-directives'] }],
  },
  {
    name: 'boundaries',
    about: 'imports point inward, from room to room, and the pure rooms stay pure',
    steps: [{ run: ['depcruise', '--output-type', 'err-long', '.'] }],
  },
  {
    name: 'folders',
    about: 'no folder of sources holds more than 25 files',
    steps: [{ run: ['node', 'scripts/check/folders.mjs'] }],
  },
  {
    name: 'unused',
    about: 'every file, export and dependency is used',
    steps: [{ run: ['knip'] }],
  },
  {
    name: 'package',
    about: 'the packages build, resolve and type-check for their users, the gateway starts, and the libraries stay small',
    steps: [
      { run: ['npm', 'run', 'build', '--silent'], orStop: true },
      { run: ['node', 'packages/gateway/bin/webpos.js', '--version'] },
      { run: ['publint', '--strict', 'packages/sdk/dist/npm'] },
      { run: ['publint', '--strict', 'packages/checkout'] },
      { run: ['publint', '--strict', 'packages/gateway'] },
      { run: ['publint', '--strict', 'packages/listen'] },
      { run: ['attw', '--pack', 'packages/sdk/dist/npm', '--no-emoji'] },
      { run: ['attw', '--pack', 'packages/checkout', '--no-emoji'] },
      { run: ['size-limit'] },
    ],
  },
  {
    name: 'reference',
    about: 'every export of the client library is described in its reference',
    steps: [{ run: ['typedoc', '--emit', 'none', '--treatWarningsAsErrors'] }],
  },
  {
    name: 'openapi',
    about: 'docs/openapi.json matches the schemas (write it with `npm run openapi`), and is valid OpenAPI 3.1',
    steps: [{ run: ['npm', 'run', '--silent', 'openapi', '--', '--check'] }],
  },
  {
    name: 'migrations',
    about: 'released migrations are unchanged, and every migration is registered (`npm run freeze:migrations` at a release)',
    steps: [{ run: ['node', 'scripts/check/migrations.mjs'] }],
  },
  {
    name: 'words',
    about: 'no path or address of one machine, no note to self, no test disabled without a reason',
    steps: [{ run: ['node', 'scripts/check/words.mjs'] }],
  },
  {
    name: 'language',
    about: 'names, comments and documents use the terms of docs/glossary.md, and none that it rules out',
    steps: [{ run: ['node', 'scripts/check/language.mjs'] }],
  },
  {
    name: 'markdown',
    about: 'Markdown prose has one sentence per line (fix with `node scripts/check/markdown.mjs --write`)',
    steps: [{ run: ['node', 'scripts/check/markdown.mjs'] }],
  },
  {
    name: 'links',
    about: 'links in Markdown lead to a file and a heading, and the files that Markdown and sources name exist',
    steps: [{ run: ['node', 'scripts/check/links.mjs'] }],
  },
  {
    name: 'commits',
    about: 'commit subjects are imperative and at most 72 characters long',
    steps: [{ run: ['node', 'scripts/check/commits.mjs'] }],
  },
];
