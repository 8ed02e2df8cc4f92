/**
 * The arrows of docs/ARCHITECTURE.md, checked. For every layer of the gateway a list of all that it may import, and
 * whatever is not on the list is refused: other layers, npm packages and Node built-ins alike. Imports point inward:
 * kernel <- orders, wallet, chain view, rates, callbacks <- ports <- services <- api, web, cli <- app.
 * Tests are exempt; `npm run check:planted` sees every rule fire.
 */

const SRC = 'packages/gateway/src';
const TESTS = String.raw`\.test\.tsx?$|(^|/)test/|(^|/)(e2e|bench)/`;

/** A folder of the gateway. */
const layer = (name) => `^${SRC}/${name}/`;
const npm = (name) => `(^|/)node_modules/${name}/`;
const NPM = '(^|/)node_modules/';
const WIRE = '^packages/sdk/src/wire/';
const DOMAIN = ['kernel', 'orders', 'wallet', 'chain', 'rates', 'callbacks'].map(layer);
/** Whatever talks to the outside behind a port: only its own folder and app.ts know these by name. */
const ADAPTERS = [`^${SRC}/chain/(bitcoind|sandbox|electrum|esplora)/`, layer('rates/providers')];
const ROOT = `^${SRC}/(app|main|index)\\.ts$`;

/**
 * What a layer may import. `local`: own code, whole; `types`: own code, in `import type` only; `npm`: packages, or true for any;
 * `node`: built-ins, or true for any.
 */
const layers = [
  { name: 'kernel', local: [], npm: [], node: [] },
  // The contract's words for where an order stands are types of the domain too; the contract itself imports nothing.
  { name: 'orders', local: [layer('kernel')], types: [WIRE], npm: [], node: [] },
  { name: 'wallet', local: [layer('kernel')], npm: ['@scure', '@noble'], node: [] },
  { name: 'chain/view', local: [layer('kernel')], npm: [], node: ['crypto'] },
  { name: 'chain', local: [layer('kernel')], npm: true, node: true },
  { name: 'rates', local: [layer('kernel')], npm: true, node: true },
  { name: 'callbacks', local: [layer('kernel'), WIRE], types: [layer('orders')], npm: true, node: true },
  {
    name: 'store',
    local: [layer('kernel'), layer('orders'), layer('callbacks')],
    types: [layer('wallet'), layer('chain'), layer('rates'), WIRE],
    npm: true,
    node: true,
  },
  { name: 'services', local: [...DOMAIN, WIRE, layer('security'), `^${SRC}/store/[^/]+$`], npm: true, node: true },
  ...['api', 'web', 'cli'].map((name) => ({
    name,
    // The pure domain is further in than the services: its functions may be called from the rim, its state changed by services alone.
    local: ['services', 'kernel', 'config', 'orders', 'wallet', 'rates']
      .map(layer)
      .concat(WIRE, name === 'web' ? ['^packages/web/src/'] : []),
    types: [...DOMAIN, layer('ops'), layer('security'), `^${SRC}/store/[^/]+$`],
    npm: true,
    node: true,
  })),
  { name: 'security', local: [layer('kernel')], npm: [], node: true },
  // Settings are checked whole at the start, so what they name is known here: the rate sources, later the providers.
  { name: 'config', local: [layer('kernel'), layer('rates')], npm: true, node: true },
  { name: 'ops', local: [layer('kernel')], npm: true, node: true },
];

const layerRules = layers.flatMap(({ name, local, types = [], npm: packages, node }) => {
  const from = {
    path: layer(name),
    pathNot: [TESTS, ...(name === 'chain' ? [layer('chain/view')] : [])],
  };
  const own = [layer(name), ...local];
  const rules = [
    {
      name: `layer-${name}`,
      comment: `${name}/ imports something that lies outside of what its layer may know`,
      severity: 'error',
      from,
      to: { path: '^(packages|scripts|examples|e2e|bench|test)/', pathNot: [NPM, ...own, ...types] },
    },
  ];
  if (types.length > 0)
    rules.push({
      name: `layer-${name}-types`,
      comment: `${name}/ may take types from there, by \`import type\`, but no code`,
      severity: 'error',
      from,
      to: { path: types, pathNot: own, dependencyTypesNot: ['type-only'] },
    });
  if (packages !== true)
    rules.push({
      name: `layer-${name}-npm`,
      comment: `${name}/ may use ${packages.join(', ') || 'no packages'} only`,
      severity: 'error',
      from,
      to: { path: NPM, pathNot: packages.map(npm) },
    });
  if (node !== true)
    rules.push({
      name: `layer-${name}-node`,
      comment: `${name}/ is pure: it may use ${node.map((module) => `node:${module}`).join(', ') || 'no Node built-ins'} only`,
      severity: 'error',
      from,
      to: { dependencyTypes: ['core'], pathNot: node.map((module) => `^(node:)?${module}$`) },
    });
  return rules;
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'known-layer',
      comment: 'a file of the gateway lies in one of its layers, so that the rules above hold for it',
      severity: 'error',
      from: { path: `^${SRC}/`, pathNot: [TESTS, ROOT, ...layers.map(({ name }) => layer(name))] },
      to: {},
    },
    {
      name: 'store-sql-stays-inside',
      comment: 'only the composition root chooses a database',
      severity: 'error',
      from: { path: '^(packages|examples|scripts)/', pathNot: [TESTS, `^${SRC}/app\\.ts$`, layer('store')] },
      to: { path: layer('store/sql') },
    },
    {
      name: 'adapters-stay-apart',
      comment: 'an adapter stands behind its port: only its own folder and the composition root know it',
      severity: 'error',
      // The store implements what the sandbox keeps; that it takes types alone from there is the rule layer-store-types.
      from: { path: `^${SRC}/([^/]+/[^/]+)`, pathNot: [TESTS, layer('store')] },
      to: { path: ADAPTERS, pathNot: [`^${SRC}/$1/`] },
    },
    {
      name: 'database-drivers-in-store-sql',
      comment: 'SQL is written in store/sql alone',
      severity: 'error',
      from: { path: `^${SRC}/`, pathNot: [TESTS, layer('store/sql')] },
      to: { path: ['kysely', 'pg', '@photostructure'].map(npm) },
    },
    {
      name: 'http-framework-at-the-rim',
      comment: 'the HTTP framework is the business of the routes and of the composition root',
      severity: 'error',
      from: { path: `^${SRC}/`, pathNot: [TESTS, `^${SRC}/(api|web)/`, `^${SRC}/app\\.ts$`] },
      to: { path: ['fastify', '@fastify'].map(npm) },
    },
    {
      name: 'composition-root',
      comment: 'app.ts and main.ts import everything, so nothing may import them but each other and the package entry',
      severity: 'error',
      from: { path: `^${SRC}/`, pathNot: [TESTS, `^${SRC}/(main|index)\\.ts$`] },
      to: { path: ROOT },
    },
    {
      name: 'sdk-wire-alone',
      comment: 'the contract imports nothing',
      severity: 'error',
      from: { path: WIRE, pathNot: [TESTS] },
      to: { pathNot: [WIRE] },
    },
    {
      name: 'sdk-no-node',
      comment: 'the client library runs in browsers and on edge runtimes too',
      severity: 'error',
      from: { path: '^packages/sdk/src/', pathNot: [TESTS, '^packages/sdk/src/testing/'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sdk-no-dependencies',
      comment: 'the client library has no run-time dependency; types of others may be described, never imported',
      severity: 'error',
      from: { path: '^packages/sdk/src/', pathNot: [TESTS] },
      to: { path: NPM },
    },
    {
      name: 'sdk-alone',
      comment: 'the client library knows nothing of the gateway',
      severity: 'error',
      from: { path: '^packages/sdk/src/', pathNot: [TESTS] },
      to: { path: '^(packages/(?!sdk/)|examples/|scripts/|test/)' },
    },
    {
      name: 'web-alone',
      comment: 'the pages know the contract and nothing else of ours',
      severity: 'error',
      from: { path: '^packages/web/', pathNot: [TESTS] },
      to: { path: '^(packages/|examples/|scripts/|test/)', pathNot: ['^packages/web/', WIRE] },
    },
    {
      name: 'examples-as-a-user-would',
      comment: 'an example imports @webpos/sdk by its name, through its public entries, and nothing else of ours',
      severity: 'error',
      from: { path: '^examples/', pathNot: [TESTS] },
      to: {
        path: '^(packages|scripts|test)/',
        pathNot: ['^packages/sdk/src/index\\.ts$', '^packages/sdk/src/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'packages-by-name',
      comment: 'another package is imported by its name, never by a path into its files',
      severity: 'error',
      from: { path: '^(packages/[^/]+|examples)/', pathNot: [TESTS] },
      to: { path: '^packages/', pathNot: ['^$1/'], dependencyTypes: ['local'], dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'no-test-code',
      comment: 'what ships does not import tests or their support',
      severity: 'error',
      from: { path: '^(packages|examples)/', pathNot: [TESTS] },
      to: { path: TESTS, pathNot: [NPM] },
    },
    {
      name: 'no-cycles',
      comment: 'files that import each other in a circle cannot be understood one at a time',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'nothing imports this file and it imports nothing (what the browser loads, and settings, may stand alone)',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          TESTS,
          String.raw`\.d\.ts$`,
          String.raw`(^|/)index\.ts$`,
          String.raw`\.config\.ts$`,
          '^scripts/',
          '^packages/gateway/bin/',
          '^packages/web/src/assets/',
          String.raw`^\.[^/]+$`,
        ],
      },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment: 'this import leads nowhere (the frameworks of the examples, and of one test, are installed by whoever tries them)',
      severity: 'error',
      from: { pathNot: ['^examples/callbacks/', '^e2e/consumers/fixtures/nest-cache'] },
      to: { couldNotResolve: true, pathNot: ['/dist/'] },
    },
  ],
  options: {
    doNotFollow: { path: NPM },
    exclude: { path: ['^packages/[^/]+/dist/', '^dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['webpos-source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
    skipAnalysisNotInRules: true,
  },
};
