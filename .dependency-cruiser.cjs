/**
 * The arrows of docs/ARCHITECTURE.md, checked. For every room of the gateway a list of all that it may import, and
 * whatever is not on the list is refused: other rooms, npm packages and Node built-ins alike. Imports point inward:
 * kernel <- orders, merchants, wallet, chain view, rates, callbacks <- contract, ports <- services <- api, web, cli <- app.
 * Tests are exempt; `npm run check:planted` sees every rule fire. What no import shows (a clock that was not passed, chance,
 * timers) the linter refuses in the pure rooms: `.oxlintrc.json`.
 */

const SRC = 'packages/gateway/src';
const TESTS = String.raw`\.test\.tsx?$|(^|/)test/|(^|/)(e2e|bench)/`;

/** A folder of the gateway. */
const layer = (name) => `^${SRC}/${name}/`;
const npm = (name) => `(^|/)node_modules/${name}/`;
const NPM = '(^|/)node_modules/';
const WIRE = '^packages/sdk/src/wire/';
const ORDER_RULES = '^packages/order-rules/src/';
const PORTS = [`^${SRC}/store/[^/]+$`, `^${SRC}/store/ports/`];
/** A pure room may hold the adapter that its port asks for, in a folder of its own that is not pure. */
const WITHOUT_HTTP = (name) => `^${SRC}/${name}/(?!http/)`;
/** The pure part of notifications, without the adapter that sends e-mail. */
const NOTIFICATIONS = `^${SRC}/notifications/(?!smtp/)`;
/** Values in, values out. */
const PURE = [
  ...['kernel', 'orders', 'merchants', 'people', 'refunds', 'reports', 'links', 'wallet'].map(layer),
  layer('chain/view'),
  ...['rates', 'callbacks'].map(WITHOUT_HTTP),
  NOTIFICATIONS,
];
/** Whatever talks to the outside behind a port: only its own folder and app/ know these by name. */
const ADAPTERS = [
  `^${SRC}/chain/(bitcoind|sandbox|electrum|esplora)/`,
  layer('rates/http'),
  layer('callbacks/http'),
  layer('notifications/smtp'),
];
/** The composition root. */
const ROOT = `^${SRC}/((main|index)\\.ts$|app/)`;

/**
 * What a room may import. `local`: own code, whole; `types`: own code, in `import type` only; `npm`: packages, or true for any;
 * `node`: built-ins, or true for any; `inner`: folders of the room that are rooms of their own.
 */
const layers = [
  { name: 'kernel', local: [], npm: [], node: [] },
  // The rules of an order are a package of their own, which the library's fake platform has in common with the gateway.
  { name: 'orders', local: [layer('kernel'), ORDER_RULES], npm: [], node: [] },
  { name: 'refunds', local: [layer('kernel'), layer('orders')], npm: [], node: [] },
  { name: 'merchants', local: [layer('kernel')], types: [layer('orders')], npm: [], node: [] },
  // Rows and formats of reports.
  { name: 'reports', local: [...['kernel', 'orders'].map(layer), ORDER_RULES], npm: [], node: [] },
  { name: 'people', local: [layer('kernel')], npm: [], node: [] },
  { name: 'links', local: ['kernel', 'orders', 'merchants'].map(layer), npm: [], node: [] },
  { name: 'wallet', local: [layer('kernel')], npm: ['@scure', '@noble'], node: [] },
  { name: 'chain/view', local: [layer('kernel')], npm: [], node: ['crypto'] },
  { name: 'chain', inner: ['chain/view'], local: [layer('kernel'), layer('chain/view')], npm: true, node: true },
  { name: 'rates', inner: ['rates/http'], local: [layer('kernel')], npm: [], node: [] },
  { name: 'rates/http', local: [layer('kernel'), layer('rates')], npm: ['undici'], node: [] },
  // Signing is pure, and HMAC comes from Node.
  { name: 'callbacks', inner: ['callbacks/http'], local: [layer('kernel')], types: [WIRE], npm: [], node: ['crypto'] },
  { name: 'callbacks/http', local: [layer('kernel'), layer('callbacks')], npm: ['undici'], node: ['dns', 'net'] },
  {
    name: 'notifications',
    inner: ['notifications/smtp'],
    local: ['kernel', 'orders', 'people'].map(layer),
    // What an e-mail is written from: the pages know nothing of the gateway, so that they say it.
    types: ['^packages/web/src/'],
    npm: [],
    node: [],
  },
  { name: 'notifications/smtp', local: [layer('kernel'), NOTIFICATIONS], npm: ['nodemailer'], node: true },
  // The domain in the words of the wire.
  {
    name: 'contract',
    local: [...['kernel', 'orders', 'refunds', 'wallet'].map(layer), WIRE],
    types: [layer('merchants'), WITHOUT_HTTP('callbacks')],
    npm: [],
    node: ['crypto'],
  },
  {
    name: 'store',
    local: [
      ...['kernel', 'orders', 'merchants', 'people', 'refunds', 'links', 'reports'].map(layer),
      WITHOUT_HTTP('callbacks'),
      NOTIFICATIONS,
    ],
    types: [layer('wallet'), layer('chain'), WITHOUT_HTTP('rates'), WIRE],
    npm: true,
    node: true,
  },
  {
    name: 'services',
    local: [...PURE, `^${SRC}/chain/[^/]+$`, layer('contract'), WIRE, layer('security'), ...PORTS],
    npm: [],
    node: true,
  },
  ...['api', 'web', 'cli'].map((name) => ({
    name,
    // The pure domain is further in than the services: its functions may be called from the rim, its state changed by services alone.
    local: [
      'services',
      'contract',
      'http',
      'kernel',
      'config',
      'orders',
      'merchants',
      'people',
      'refunds',
      'reports',
      'links',
      'wallet',
    ]
      .map(layer)
      .concat(
        WITHOUT_HTTP('rates'),
        NOTIFICATIONS,
        WIRE,
        name === 'web' ? ['^packages/web/src/'] : [],
        name === 'cli' ? ['^packages/listen/src/'] : [],
      ),
    types: [WITHOUT_HTTP('callbacks'), layer('ops'), layer('security'), ...PORTS],
    npm: true,
    node: true,
  })),
  // What API, pages and the ops port share towards HTTP.
  { name: 'http', local: [layer('kernel'), layer('contract'), WIRE], types: [layer('config')], npm: true, node: true },
  { name: 'security', local: [layer('kernel')], npm: ['@simplewebauthn'], node: true },
  // Settings are checked whole at the start, so what they name is known here: the rate sources, and the form of e-mail addresses.
  { name: 'config', local: [layer('kernel'), WITHOUT_HTTP('rates'), NOTIFICATIONS], npm: true, node: true },
  { name: 'ops', local: [layer('kernel'), layer('http')], npm: true, node: true },
];

const layerRules = layers.flatMap(({ name, inner = [], local, types = [], npm: packages, node }) => {
  const from = { path: layer(name), pathNot: [TESTS, ...inner.map(layer)] };
  const own = [
    inner.length === 0 ? layer(name) : `^${SRC}/${name}/(?!(${inner.map((each) => each.slice(name.length + 1)).join('|')})/)`,
    ...local,
  ];
  const rules = [
    {
      name: `layer-${name}`,
      comment: `${name}/ imports something that lies outside of what its room may know`,
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

/**
 * The subjects inside a room, and which others each may import; files of the room itself that lie in no folder belong to all of them.
 * Where nothing is said of a room, its folders are one subject.
 */
const subjects = {
  services: {
    audit: [],
    people: ['audit'],
    notifications: ['audit', 'people'],
    merchants: ['audit'],
    seals: ['merchants', 'audit'],
    addresses: ['merchants', 'seals', 'audit'],
    callbacks: ['merchants', 'audit'],
    rates: [],
    orders: ['merchants', 'addresses', 'seals', 'audit', 'callbacks'],
    links: ['orders', 'audit'],
    refunds: ['merchants', 'orders', 'audit', 'seals', 'callbacks'],
    chain: ['orders', 'addresses', 'refunds'],
    sandbox: ['orders'],
    leader: [],
    operator: ['merchants', 'addresses', 'seals', 'leader', 'audit', 'people'],
    backup: ['merchants'],
    reports: ['audit', 'orders'],
  },
  api: {
    schemas: [],
    login: [],
    openapi: ['schemas'],
    orders: ['login', 'schemas'],
    events: ['login', 'schemas'],
    sandbox: ['login'],
  },
  web: { shared: [], checkout: ['shared'], links: ['shared', 'checkout'], home: ['shared'], panel: ['shared'] },
  cli: {
    support: [],
    ...Object.fromEntries(
      [
        'account',
        'audit',
        'callback',
        'gateway',
        'link',
        'merchant',
        'notification',
        'order',
        'payment',
        'pos',
        'refund',
        'report',
        'user',
      ].map((name) => [name, ['support']]),
    ),
  },
};

const subjectRules = Object.entries(subjects).flatMap(([room, allowed]) =>
  Object.entries(allowed).map(([subject, others]) => ({
    name: `subject-${room}/${subject}`,
    comment: `${room}/${subject}/ may know ${others.map((other) => `${room}/${other}/`).join(', ') || 'no other subject of its room'}`,
    severity: 'error',
    from: { path: layer(`${room}/${subject}`), pathNot: [TESTS] },
    to: { path: `^${SRC}/${room}/[^/]+/`, pathNot: [subject, ...others].map((name) => layer(`${room}/${name}`)) },
  })),
);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    ...subjectRules,
    {
      name: 'known-subject',
      comment: 'a folder of this room is one of its subjects, so that the rules above hold for it',
      severity: 'error',
      from: {
        path: `^${SRC}/(${Object.keys(subjects).join('|')})/[^/]+/`,
        pathNot: [
          TESTS,
          ...Object.entries(subjects).flatMap(([room, allowed]) =>
            Object.keys(allowed).map((subject) => layer(`${room}/${subject}`)),
          ),
        ],
      },
      to: {},
    },
    {
      name: 'context-below-subjects',
      comment: 'what all services share knows none of them',
      severity: 'error',
      from: { path: `^${SRC}/services/[^/]+$`, pathNot: [TESTS] },
      to: { path: `^${SRC}/services/[^/]+/` },
    },
    {
      name: 'known-layer',
      comment: 'a file of the gateway lies in one of its rooms, so that the rules above hold for it',
      severity: 'error',
      from: { path: `^${SRC}/`, pathNot: [TESTS, ROOT, ...layers.map(({ name }) => layer(name))] },
      to: {},
    },
    {
      name: 'store-sql-stays-inside',
      comment: 'only the composition root chooses a database',
      severity: 'error',
      from: { path: '^(packages|examples|scripts)/', pathNot: [TESTS, ROOT, layer('store')] },
      to: { path: layer('store/sql') },
    },
    {
      name: 'adapters-stay-apart',
      comment: 'an adapter stands behind its port: only its own folder and the composition root know it',
      severity: 'error',
      // The store implements what the sandbox keeps; that it takes types alone from there is the rule layer-store-types.
      from: { path: `^${SRC}/([^/]+/[^/]+)`, pathNot: [TESTS, ROOT, layer('store')] },
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
      from: { path: `^${SRC}/`, pathNot: [TESTS, `^${SRC}/(api|web|http|app)/`] },
      to: { path: ['fastify', '@fastify'].map(npm) },
    },
    {
      name: 'composition-root',
      comment: 'app/ and main.ts import everything, so no other layer may import them',
      severity: 'error',
      from: { path: `^${SRC}/`, pathNot: [TESTS, ROOT] },
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
      name: 'order-rules-alone',
      comment: 'the rules of an order are pure: they import nothing',
      severity: 'error',
      from: { path: ORDER_RULES, pathNot: [TESTS] },
      to: { pathNot: [ORDER_RULES] },
    },
    {
      name: 'sdk-rules-for-tests-alone',
      comment: 'only the fake platform applies the rules of an order; what ships to shops must not carry them',
      severity: 'error',
      from: { path: '^packages/sdk/src/', pathNot: [TESTS, '^packages/sdk/src/testing/'] },
      to: { path: ORDER_RULES },
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
      to: { path: '^(packages/(?!sdk/)|examples/|scripts/|test/)', pathNot: [ORDER_RULES] },
    },
    {
      name: 'web-alone',
      comment: 'the pages know the contract and nothing else of ours',
      severity: 'error',
      from: { path: '^packages/web/', pathNot: [TESTS] },
      to: { path: '^(packages/|examples/|scripts/|test/)', pathNot: ['^packages/web/', WIRE] },
    },
    {
      name: 'web-rooms',
      comment: 'what the pages share knows none of them, and the checkout page and the panel do not know each other',
      severity: 'error',
      from: { path: '^packages/web/src/(page|i18n|checkout|panel)/', pathNot: [TESTS] },
      to: { path: '^packages/web/src/(index\\.ts$|checkout/|panel/)', pathNot: ['^packages/web/src/$1/'] },
    },
    {
      name: 'listen-alone',
      comment:
        'the listener runs where there is no gateway: it knows the client library, by its public entries, and nothing else of ours',
      severity: 'error',
      from: { path: '^packages/listen/', pathNot: [TESTS] },
      to: {
        path: ['^(packages|examples|scripts|test)/', NPM],
        pathNot: ['^packages/listen/', '^packages/sdk/src/index\\.ts$', '^packages/sdk/src/[^/]+/index\\.ts$', npm('tsdown')],
      },
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
          '^packages/(gateway|listen)/bin/',
          '^packages/web/src/assets/',
          '^examples/demo-shop/public/',
          // Chosen by `imports` of the library's package.json.
          '^packages/sdk/src/runtime/browser\\.ts$',
          String.raw`^\.[^/]+$`,
        ],
      },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment: 'this import leads nowhere (the frameworks of the examples, and of one test, are installed by their users)',
      severity: 'error',
      from: { pathNot: ['^examples/callbacks/', '^e2e/consumers/fixtures/(frameworks|fetches|nest-cache)'] },
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
