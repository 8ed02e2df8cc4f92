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
    about: 'all of it compiles, and the client library also without the types of Node',
    steps: [{ run: ['tsc', '--noEmit'] }, { run: ['tsc', '--noEmit', '--project', 'packages/sdk/tsconfig.json'] }],
  },
  {
    name: 'lint',
    about: 'no mistake that a linter can see, types included',
    steps: [{ run: ['oxlint', '--type-aware', '--deny-warnings', '--report-unused-disable-directives'] }],
  },
  {
    name: 'boundaries',
    about: 'imports point inward, from layer to layer',
    steps: [{ run: ['depcruise', '--output-type', 'err-long', '.'] }],
  },
  {
    name: 'unused',
    about: 'no file, export or dependency that nothing uses',
    steps: [{ run: ['knip'] }],
  },
  {
    name: 'package',
    about: 'both packages build, resolve and type-check for whoever installs them, and the library stays small',
    steps: [
      { run: ['npm', 'run', 'build', '--silent'], orStop: true },
      { run: ['publint', '--strict', 'packages/sdk'] },
      { run: ['publint', '--strict', 'packages/gateway'] },
      { run: ['attw', '--pack', 'packages/sdk', '--profile', 'node16', '--no-emoji'] },
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
    name: 'words',
    about: 'no path or address of one machine, no note to self, no test switched off without a reason',
    steps: [{ run: ['node', 'scripts/check/words.mjs'] }],
  },
];
