/**
 * The gates: each is a name, what it makes sure of, and the commands that do so. A command is looked for among the
 * repository's own tools first. The steps of a gate all run, unless one that is marked `orStop` fails.
 */

/**
 * @typedef {{ run: string[], orStop?: boolean }} Step
 * @typedef {{ name: string, about: string, steps: Step[] }} Gate
 */

/** @type {Gate[]} */
export const gates = [
  {
    name: 'format',
    about: 'every file is laid out by prettier (mend with `npm run format`)',
    steps: [{ run: ['prettier', '--check', '--log-level', 'warn', '.'] }],
  },
  {
    name: 'types',
    about: 'all of it compiles, the client library also without the types of Node, and what runs in browsers with theirs',
    steps: [
      { run: ['tsc', '--noEmit'] },
      { run: ['tsc', '--noEmit', '--project', 'packages/sdk/tsconfig.json'] },
      { run: ['tsc', '--noEmit', '--project', 'packages/checkout/tsconfig.json'] },
    ],
  },
  {
    name: 'lint',
    about: 'no mistake that a linter can see, types included',
    steps: [{ run: ['oxlint', '--type-aware', '--deny-warnings', '--report-unused-disable-directives'] }],
  },
  {
    name: 'boundaries',
    about: 'imports point inward, from room to room, and the pure rooms stay pure',
    steps: [{ run: ['depcruise', '--output-type', 'err-long', '.'] }],
  },
  {
    name: 'folders',
    about: 'no folder of sources holds more files than can be taken in at a glance',
    steps: [{ run: ['node', 'scripts/check/folders.mjs'] }],
  },
  {
    name: 'unused',
    about: 'no file, export or dependency that nothing uses',
    steps: [{ run: ['knip'] }],
  },
  {
    name: 'package',
    about:
      'all packages build, resolve and type-check for those who install them, the gateway starts, and the libraries stay small',
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
    about: "each export of the client library says what it is, in the library's reference",
    steps: [{ run: ['typedoc', '--emit', 'none', '--treatWarningsAsErrors'] }],
  },
  {
    name: 'openapi',
    about: 'docs/openapi.json is what the schemas say (write it with `npm run openapi`), and valid OpenAPI 3.1',
    steps: [{ run: ['npm', 'run', '--silent', 'openapi', '--', '--check'] }],
  },
  {
    name: 'migrations',
    about: 'migrations that were released are as they were, and all are registered (`npm run freeze:migrations` at a release)',
    steps: [{ run: ['node', 'scripts/check/migrations.mjs'] }],
  },
  {
    name: 'words',
    about: 'no path or address of one machine, no note to self, no test switched off without a reason',
    steps: [{ run: ['node', 'scripts/check/words.mjs'] }],
  },
  {
    name: 'language',
    about: 'names, comments and documents use the words of docs/glossary.md, and none that it lists as never right',
    steps: [{ run: ['node', 'scripts/check/language.mjs'] }],
  },
  {
    name: 'markdown',
    about: 'Markdown prose has one sentence per line (mend with `node scripts/check/markdown.mjs --write`)',
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
