/** Reads a {@link Config} from the environment. */
import { parsePostgresUrl } from '../kernel/database/postgres-url.ts';
import { NO_HOSTS } from '../kernel/host-list.ts';
import { parseHostList } from './host-list.ts';
import { NETWORKS } from '../kernel/chain.ts';
import { isFixedRates, parseFixedRates } from '../rates/fixed.ts';
import { parseProviderNames, PROVIDER_NAMES } from '../rates/provider-names.ts';
import { LOG_LEVELS, type ChainConfig, type Config, type RatesConfig } from './config.ts';
import { readSmtp } from './read-smtp.ts';
import type { SettingName } from './setting-names.ts';
import { Settings, type Environment } from './settings.ts';
import { parseProxies, type TrustProxy } from './trust-proxy.ts';

/**
 * @throws ConfigError naming every invalid variable, what was expected and what was received, but never a secret.
 * @example readConfig(process.env)
 */
export function readConfig(environment: Environment): Config {
  const settings = new Settings(environment);
  const mode = settings.oneOf('MODE', ['sandbox', 'live'], 'sandbox');
  const network = settings.oneOf('NETWORK', NETWORKS, mode === 'live' ? 'bitcoin' : 'regtest');
  const host = settings.text('HOST', '127.0.0.1');
  const port = settings.integer('PORT', 8080, { min: 0, max: 65_535 });
  const publicUrl = readPublicUrl(settings, mode);
  const chain = readChain(settings, mode);
  const keyFile = settings.text('KEY_FILE', './webpos.key');
  const config: Config = {
    mode,
    network,
    host,
    port,
    publicUrl,
    ...readDatabaseUrls(settings),
    chain,
    rates: readRates(settings, mode),
    orderTtlMs: settings.seconds('ORDER_TTL_S', 900),
    settlementTimeoutMs: settings.seconds('SETTLEMENT_TIMEOUT_S', 259_200),
    chargebackTimeoutMs: settings.seconds('CHARGEBACK_TIMEOUT_S', 86_400),
    finalDepth: settings.integer('FINAL_DEPTH', 100, { min: 1, max: 10_000 }),
    missingPaymentTimeoutMs: settings.seconds('MISSING_PAYMENT_TIMEOUT_S', 14 * 86_400),
    callbackGiveUpAfterMs: 1000 * settings.integer('CALLBACK_GIVE_UP_AFTER_S', 5 * 86_400, { min: 3_600, max: 30 * 86_400 }),
    callbackAttemptRetentionMs:
      1000 * settings.integer('CALLBACK_ATTEMPT_RETENTION_S', 30 * 86_400, { min: 3_600, max: 365 * 86_400 }),
    eventRetentionMs: readEventRetention(settings),
    addressPoolSize: settings.integer('ADDRESS_POOL_SIZE', 500, { min: 0, max: 1_000_000 }),
    tls: readTls(settings),
    limits: {
      clientPerS: settings.integer('RATE_LIMIT_CLIENT', 1_000, { min: 0, max: 1_000_000 }),
      failuresPerS: settings.integer('RATE_LIMIT_FAILURES', 10, { min: 0, max: 1_000_000 }),
      pagesPerS: settings.integer('RATE_LIMIT_PAGES', 100, { min: 0, max: 1_000_000 }),
      connections: readConnections(settings),
    },
    trustProxy: readTrustProxy(settings),
    ops: readOps(settings),
    stopDelayMs: 1000 * settings.integer('STOP_DELAY_S', 0, { min: 0, max: 300 }),
    stopTimeoutMs: settings.seconds('STOP_TIMEOUT_S', 8),
    smtp: readSmtp(settings),
    chainTroubleAfterMs: settings.seconds('CHAIN_TROUBLE_AFTER_S', 600),
    keyFile,
    marksFile: settings.text('MARKS_FILE', `${keyFile}.marks`),
    logLevel: settings.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    callbacksAllow: settings.parsed('CALLBACKS_ALLOW', undefined, parseHostList) ?? NO_HOSTS,
    dangerouslyAllowPrivateCallbacks:
      settings.oneOf('DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS', ['true', 'false'], 'false') === 'true',
  };
  refuseContradictions(config, settings);
  settings.throwIfWrong();
  return Object.freeze(config);
}

function readEventRetention(settings: Settings): number | undefined {
  if (settings.optional('EVENTS_KEPT_S') === undefined) return undefined;
  return 1000 * settings.integer('EVENTS_KEPT_S', 0, { min: 3_600, max: 3650 * 86_400 });
}

/** The base of all generated links; paths are appended to it. */
function readPublicUrl(settings: Settings, mode: Config['mode']): string | undefined {
  const text = settings.url('PUBLIC_URL', mode === 'live' ? ['https:'] : ['https:', 'http:']);
  if (text === undefined) return undefined;
  const { origin, pathname, href } = new URL(text);
  if (href !== origin + pathname)
    return settings.wrong('PUBLIC_URL', 'a URL without user, password, query and fragment', undefined);
  // Our links begin with this path, and `//pay` would be read as a host.
  if (/\/\/./.test(pathname)) return settings.wrong('PUBLIC_URL', 'a path without empty segments, such as /pay', undefined);
  return href.replace(/\/+$/, '');
}

function readDatabaseUrls(settings: Settings): Pick<Config, 'databaseUrl' | 'databaseDirectUrl'> {
  const databaseUrl = settings.parsed('DATABASE_URL', 'sqlite:./webpos.db', parseDatabaseUrl) ?? '';
  const databaseDirectUrl = settings.parsed('DATABASE_DIRECT_URL', undefined, (text) => {
    parsePostgresUrl(text);
    return text;
  });
  if (databaseDirectUrl !== undefined && databaseUrl.startsWith('sqlite:'))
    settings.wrong('DATABASE_DIRECT_URL', 'nothing, since DATABASE_URL is not of PostgreSQL', undefined);
  return { databaseUrl, databaseDirectUrl };
}

function parseDatabaseUrl(text: string): string {
  if (/^postgres(?:ql)?:\/\//.test(text)) parsePostgresUrl(text);
  else if (!/^sqlite:./.test(text)) throw new RangeError('expected sqlite:PATH or postgres://HOST/DATABASE, got something else');
  return text;
}

function readChain(settings: Settings, mode: Config['mode']): ChainConfig {
  const kind = settings.oneOf('CHAIN', ['sandbox', 'bitcoind'], mode === 'live' ? 'bitcoind' : 'sandbox');
  if (kind === 'sandbox') {
    return { kind, blockIntervalMs: settings.seconds('SANDBOX_BLOCK_INTERVAL_S', 30) };
  }
  return {
    kind,
    url:
      settings.url('BITCOIND_URL', ['http:', 'https:']) ??
      settings.missing('BITCOIND_URL', 'the URL of the node, such as http://127.0.0.1:8332'),
    cookieFile: settings.optional('BITCOIND_COOKIE_FILE'),
    zmqSequence: settings.url('BITCOIND_ZMQ_SEQUENCE', ['tcp:']),
  };
}

/** Fixed rates, or the names of exchanges. Default: all exchanges, or fixed rates in the sandbox, which needs no network. */
function readRates(settings: Settings, mode: Config['mode']): RatesConfig {
  const refreshMs = settings.seconds('RATES_REFRESH_S', 30);
  const maxAgeMs = settings.seconds('RATES_MAX_AGE_S', 600);
  if (maxAgeMs < 2 * refreshMs) settings.wrong('RATES_MAX_AGE_S', 'at least twice WEBPOS_RATES_REFRESH_S', `${maxAgeMs / 1000}`);
  const fallback = mode === 'sandbox' ? 'fixed:EUR=60000,USD=65000,GBP=52000,CHF=57000,JPY=9800000' : PROVIDER_NAMES.join(',');
  const parse = (text: string): RatesConfig =>
    isFixedRates(text)
      ? { kind: 'fixed', rates: parseFixedRates(text) }
      : { kind: 'exchanges', providers: parseProviderNames(text), refreshMs, maxAgeMs };
  return settings.parsed('RATES', fallback, parse) ?? { kind: 'fixed', rates: new Map() };
}

/** Default: a quarter of all connections for an address, and half of them for a network. */
function readConnections(settings: Settings): Config['limits']['connections'] {
  const total = settings.integer('MAX_CONNECTIONS', 8_000, { min: 1, max: 1_000_000 });
  const share = (name: SettingName, part: number): number =>
    settings.integer(name, Math.ceil(total / part), { min: 1, max: 1_000_000 });
  return {
    total,
    perAddress: share('MAX_CONNECTIONS_PER_ADDRESS', 4),
    perNetwork: share('MAX_CONNECTIONS_PER_NETWORK', 2),
  };
}

function readTls(settings: Settings): Config['tls'] {
  const certFile = settings.optional('TLS_CERT_FILE');
  const keyFile = settings.optional('TLS_KEY_FILE');
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined) return settings.wrong('TLS_CERT_FILE', 'a file, since TLS_KEY_FILE is set', undefined);
  if (keyFile === undefined) return settings.wrong('TLS_KEY_FILE', 'a file, since TLS_CERT_FILE is set', undefined);
  return { certFile, keyFile };
}

function readTrustProxy(settings: Settings): TrustProxy {
  const header = settings.oneOf('TRUST_PROXY_HEADER', ['x-forwarded-for', 'forwarded'], 'x-forwarded-for');
  const proxies = settings.parsed('TRUST_PROXY', undefined, parseProxies);
  if (proxies === undefined && settings.optional('TRUST_PROXY_HEADER') !== undefined)
    settings.wrong('TRUST_PROXY', 'the proxies, since TRUST_PROXY_HEADER is set', undefined);
  return { header, proxies: proxies ?? { kind: 'none' } };
}

function readOps(settings: Settings): Config['ops'] {
  const port = settings.optional('OPS_PORT') === undefined ? undefined : settings.integer('OPS_PORT', 0, { min: 0, max: 65_535 });
  const token = settings.optional('OPS_TOKEN');
  // RFC 6750, 2.1: the characters of a bearer token.
  if (token !== undefined && !/^[A-Za-z0-9._~+/-]{16,200}=*$/.test(token))
    settings.wrong('OPS_TOKEN', '16 to 200 letters, digits and any of -._~+/', undefined);
  return { host: settings.text('OPS_HOST', '127.0.0.1'), port, token };
}

/** Rejects settings that are valid alone but contradict each other. */
function refuseContradictions(config: Config, settings: Settings): void {
  if (config.mode === 'live' && config.chain.kind === 'sandbox') settings.wrong('CHAIN', 'bitcoind in live mode', 'sandbox');
  if (config.mode === 'sandbox' && config.network === 'bitcoin')
    settings.wrong('NETWORK', 'a test network in sandbox mode', 'bitcoin');
  if (config.chain.kind === 'sandbox' && config.network !== 'regtest')
    settings.wrong('NETWORK', 'regtest with the sandbox chain', config.network);
  if (config.mode === 'live' && config.publicUrl === undefined) {
    settings.wrong('PUBLIC_URL', 'the https URL of the gateway for shops and buyers, in live mode', undefined);
  }
  if (config.mode === 'live' && config.dangerouslyAllowPrivateCallbacks) {
    settings.wrong('DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS', 'false in live mode', 'true');
  }
}
