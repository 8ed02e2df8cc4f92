import { NO_HOSTS } from '../kernel/host-list.ts';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readConfig } from './read-config.ts';
import { PROVIDER_NAMES } from '../rates/provider-names.ts';
import { SETTING_NAMES } from './setting-names.ts';
import { ConfigError } from './settings.ts';

const LIVE = {
  WEBPOS_MODE: 'live',
  WEBPOS_BITCOIND_URL: 'http://127.0.0.1:8332',
  WEBPOS_PUBLIC_URL: 'https://pay.example.com',
  WEBPOS_RATES: 'fixed:EUR=60000',
};

/** The problem on each line of the error, by the setting that it names. */
function mistakesOf(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  try {
    readConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const lines = (error as ConfigError).message.split('\n');
    return Object.fromEntries(lines.map((line) => /^WEBPOS_(\w+): (expected .*)$/s.exec(line)!.slice(1) as [string, string]));
  }
  return {};
}

describe('settings', () => {
  it('have defaults that start a sandbox reachable only from this machine', () => {
    expect(readConfig({})).toEqual({
      mode: 'sandbox',
      network: 'regtest',
      host: '127.0.0.1',
      port: 8080,
      publicUrl: undefined,
      databaseUrl: 'sqlite:./webpos.db',
      databaseDirectUrl: undefined,
      chain: { kind: 'sandbox', blockIntervalMs: 30_000 },
      rates: { kind: 'fixed', rates: expect.any(Map) as unknown },
      orderTtlMs: 900_000,
      missingPaymentTimeoutMs: 1_209_600_000,
      settlementTimeoutMs: 259_200_000,
      chargebackTimeoutMs: 86_400_000,
      finalDepth: 100,
      callbackGiveUpAfterMs: 432_000_000,
      callbackAttemptRetentionMs: 2_592_000_000,
      addressPoolSize: 500,
      tls: undefined,
      limits: {
        clientPerS: 1000,
        failuresPerS: 10,
        pagesPerS: 100,
        connections: { total: 8000, perAddress: 2000, perNetwork: 4000 },
      },
      trustProxy: { header: 'x-forwarded-for', proxies: { kind: 'none' } },
      ops: { host: '127.0.0.1', port: undefined, token: undefined },
      stopDelayMs: 0,
      stopTimeoutMs: 8_000,
      smtp: undefined,
      chainTroubleAfterMs: 600_000,
      keyFile: './webpos.key',
      marksFile: './webpos.key.marks',
      logLevel: 'info',
      callbacksAllow: NO_HOSTS,
      dangerouslyAllowPrivateCallbacks: false,
    });
  });

  it('cannot be changed once read', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  it('that are empty or blank count as not set', () => {
    expect(readConfig({ WEBPOS_PORT: '', WEBPOS_MODE: '  ' })).toEqual(readConfig({}));
  });

  it('of a live gateway are accepted, and default to Bitcoin mainnet', () => {
    expect(readConfig(LIVE)).toMatchObject({ mode: 'live', network: 'bitcoin', chain: { kind: 'bitcoind' } });
  });

  it.each([
    ['MODE', 'production', /one of sandbox, live, got "production"/],
    ['NETWORK', 'mainnet', /one of bitcoin, testnet4, signet, regtest/],
    ['PORT', '80a', /0 to 65535, got "80a"/],
    ['PORT', '65536', /0 to 65535/],
    ['PORT', '-1', /0 to 65535/],
    ['PORT', '1e3', /0 to 65535/],
    ['CHAIN', 'electrum', /one of sandbox, bitcoind/],
    ['DATABASE_URL', 'mysql://user:hush@db/x', /sqlite:PATH or postgres:\/\/HOST\/DATABASE, got something else/],
    ['DATABASE_URL', 'sqlite:', /sqlite:PATH/],
    ['DATABASE_URL', 'postgres://user:hush@a,b/x?port=1,2,3', /expected one port or as many as hosts \(2\), got 3$/],
    ['DATABASE_DIRECT_URL', 'mysql://user:hush@db/x', /expected postgres:\/\/HOST\/DATABASE, got something else$/],
    ['DATABASE_DIRECT_URL', 'postgres://db/x', /expected nothing, since DATABASE_URL is not of PostgreSQL, got something else$/],
    ['DATABASE_URL', 'webpos.db', /sqlite:PATH/],
    ['PUBLIC_URL', 'ftp://pay.example.com', /begins with https:\/\/ or http:\/\//],
    ['PUBLIC_URL', 'pay.example.com', /begins with/],
    ['PUBLIC_URL', 'https://user:hush@pay.example.com', /without user, password/],
    ['PUBLIC_URL', 'https://pay.example.com/?shop=1', /without user, password, query/],
    ['PUBLIC_URL', 'https://pay.example.com/#a', /fragment/],
    ['PUBLIC_URL', 'https://pay.example.com//shop', /a path without empty segments/],
    ['PUBLIC_URL', 'https://pay.example.com/shop//pay', /a path without empty segments/],
    ['RATES', 'EUR=60000', /fixed:CURRENCY=RATE/],
    ['RATES', 'fixed:EUR', /EUR=60000, got "EUR"/],
    ['RATES', 'kraken,mtgox', /bitfinex, bitstamp, .*, got "mtgox"/],
    ['RATES', 'kraken,', /got ""/],
    ['RATES', 'kraken,kraken', /once, got "kraken" twice/],
    ['RATES_MAX_AGE_S', '59', /at least twice WEBPOS_RATES_REFRESH_S, got "59"/],
    ['RATES', 'fixed:EUR=0', /EUR=60000/],
    ['RATES', 'fixed:EUR=1e5', /EUR=60000/],
    ['ORDER_TTL_S', '0', /1 to/],
    ['ORDER_TTL_S', '15m', /1 to/],
    ['SETTLEMENT_TIMEOUT_S', '999999999999', /1 to 315360000/],
    ['CHARGEBACK_TIMEOUT_S', '1.5', /1 to/],
    ['FINAL_DEPTH', '0', /1 to 10000/],
    ['CALLBACK_GIVE_UP_AFTER_S', '60', /3600 to 2592000/],
    ['CALLBACK_ATTEMPT_RETENTION_S', '0', /3600 to 31536000/],
    ['EVENTS_KEPT_S', '3599', /3600 to 315360000/],
    ['LOG_LEVEL', 'verbose', /one of fatal/],
    ['DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS', 'yes', /true, false/],
    ['SANDBOX_BLOCK_INTERVAL_S', 'fast', /1 to/],
    ['RATE_LIMIT_CLIENT', '-1', /0 to 1000000/],
    ['TRUST_PROXY', 'yes', /expected addresses or networks such as .*, got "yes"/],
    ['TRUST_PROXY', '0', /1 to 10 proxies/],
    ['TRUST_PROXY', '10.0.0.0/33', /expected addresses or networks .*, got "10.0.0.0\/33"/],
    ['TRUST_PROXY', '127.0.0.1,,10.0.0.1', /expected addresses or networks .*, got ""/],
    ['OPS_PORT', 'on', /0 to 65535/],
    ['OPS_TOKEN', 'hush', /16 to 200 letters.*got something else/],
    ['OPS_TOKEN', 'hush hush hush hush', /16 to 200 letters.*got something else/],
    ['NETWORK', 'bitcoin', /test network in sandbox mode|regtest with the sandbox chain/],
    ['NETWORK', 'signet', /regtest with the sandbox chain/],
  ])('named %s with the value %j are refused, and the error names them', (name, value, saying) => {
    const mistakes = mistakesOf({ [`WEBPOS_${name}`]: value });
    expect(Object.keys(mistakes)).toEqual([name]);
    expect(mistakes[name]).toMatch(saying);
  });

  it.each([
    ['PROT', 'did you mean WEBPOS_PORT?'],
    ['port', 'did you mean WEBPOS_PORT?'],
    ['PUBLICURL', 'did you mean WEBPOS_PUBLIC_URL?'],
    ['PUBLIC_URI', 'did you mean WEBPOS_PUBLIC_URL?'],
    ['TLS_CERT', 'did you mean WEBPOS_TLS_CERT_FILE?'],
    ['TLS_KYE_FILE', 'did you mean WEBPOS_TLS_KEY_FILE?'],
    ['BITCOIN_URL', 'did you mean WEBPOS_BITCOIND_URL?'],
    ['TRUST_PROXIES', 'did you mean WEBPOS_TRUST_PROXY?'],
    ['', 'docs/settings.md lists them all'],
    ['SOMETHING_ELSE_ENTIRELY', 'docs/settings.md lists them all'],
    ['ADDRESSES_AHEAD', 'it is called WEBPOS_ADDRESS_POOL_SIZE now'],
    ['CALLBACK_ATTEMPTS_KEPT_S', 'it is called WEBPOS_CALLBACK_ATTEMPT_RETENTION_S now'],
  ])('named WEBPOS_%s are refused as unknown, and the error names the right setting', (name, hint) => {
    expect(() => readConfig({ [`WEBPOS_${name}`]: 'hush' })).toThrow(
      new ConfigError(`WEBPOS_${name}: unknown setting (${hint})`),
    );
  });

  it('may be in one environment with those of other programs and of the client library', () => {
    const others = { PATH: '/bin', WEBPOSPORT: 'x', webpos_port: 'x', WEBPOS_CLIENT_ID: 'x', WEBPOS_SECRET: 'x' };
    expect(readConfig(others)).toEqual(readConfig({}));
  });

  it('are all documented', async () => {
    const manual = await readFile(new URL('../../../../docs/settings.md', import.meta.url), 'utf8');
    expect(SETTING_NAMES.filter((name) => !manual.includes(`\`WEBPOS_${name}\``))).toEqual([]);
  });

  it('that are invalid are all reported at once', () => {
    const problems = mistakesOf({
      WEBPOS_MODE: 'x',
      WEBPOS_PORT: 'x',
      WEBPOS_DATABASE_URL: 'x',
      WEBPOS_RATES: 'x',
      WEBPOS_LOG_LEVEL: 'x',
      WEBPOS_TLS_CERT_FILE: 'x',
    });
    expect(Object.keys(problems).sort()).toEqual(['DATABASE_URL', 'LOG_LEVEL', 'MODE', 'PORT', 'RATES', 'TLS_KEY_FILE']);
  });

  it('of a live gateway that are missing are all reported at once', () => {
    expect(Object.keys(mistakesOf({ WEBPOS_MODE: 'live' })).sort()).toEqual(['BITCOIND_URL', 'PUBLIC_URL']);
  });

  it('of rates name exchanges, by default all of them in live mode', () => {
    const { WEBPOS_RATES: _, ...live } = LIVE;
    const all = { kind: 'exchanges', providers: [...PROVIDER_NAMES], refreshMs: 30_000, maxAgeMs: 600_000 };
    expect(readConfig(live).rates).toEqual(all);
    const some = readConfig({
      ...live,
      WEBPOS_RATES: 'kraken, mempool.space',
      WEBPOS_RATES_REFRESH_S: '10',
      WEBPOS_RATES_MAX_AGE_S: '60',
    });
    expect(some.rates).toEqual({
      kind: 'exchanges',
      providers: ['kraken', 'mempool.space'],
      refreshMs: 10_000,
      maxAgeMs: 60_000,
    });
  });

  it.each([
    ['CHAIN', 'sandbox'],
    ['PUBLIC_URL', 'http://pay.example.com'],
    ['DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS', 'true'],
  ])('of a live gateway may not be %s=%s', (name, value) => {
    expect(Object.keys(mistakesOf({ ...LIVE, [`WEBPOS_${name}`]: value }))).toContain(name);
  });

  it.each([
    ['TLS_CERT_FILE', 'TLS_KEY_FILE', 'a.pem'],
    ['TLS_KEY_FILE', 'TLS_CERT_FILE', 'a.pem'],
    ['TRUST_PROXY_HEADER', 'TRUST_PROXY', 'forwarded'],
  ])('with %s alone require %s', (given, missing, value) => {
    expect(mistakesOf({ [`WEBPOS_${given}`]: value })[missing]).toMatch(/since .* is set, got nothing/);
  });

  it('that contain a password are never repeated', () => {
    const environment = {
      WEBPOS_CHAIN: 'bitcoind',
      WEBPOS_BITCOIND_URL: 'ftp://user:hush-1@127.0.0.1',
      WEBPOS_BITCOIND_ZMQ_SEQUENCE: 'http://user:hush-2@127.0.0.1',
      WEBPOS_DATABASE_URL: 'mysql://user:hush-3@db/x',
      WEBPOS_PUBLIC_URL: 'https://user:hush-4@pay.example.com',
    };
    const problems = mistakesOf(environment);
    expect(Object.keys(problems).sort()).toEqual(['BITCOIND_URL', 'BITCOIND_ZMQ_SEQUENCE', 'DATABASE_URL', 'PUBLIC_URL']);
    expect(JSON.stringify(problems)).not.toContain('hush');
  });

  it.each([
    ['https://pay.example.com', 'https://pay.example.com'],
    ['https://pay.example.com/', 'https://pay.example.com'],
    ['https://pay.example.com/shop//', 'https://pay.example.com/shop'],
    ['HTTPS://Pay.Example.com:443', 'https://pay.example.com'],
  ])('turn the public URL %s into %s', (given, taken) => {
    expect(readConfig({ WEBPOS_PUBLIC_URL: given }).publicUrl).toBe(taken);
  });
});

describe('the hosts that callbacks may go to', () => {
  it('are accepted in live mode too', () => {
    const config = readConfig({
      WEBPOS_MODE: 'live',
      WEBPOS_PUBLIC_URL: 'https://pay.example.com',
      WEBPOS_BITCOIND_URL: 'http://127.0.0.1:8332',
      WEBPOS_CALLBACKS_ALLOW: '10.0.0.5, shop.lan,172.18.0.0/16',
    });
    expect(config.callbacksAllow.entries).toEqual(['10.0.0.5', 'shop.lan', '172.18.0.0/16']);
  });

  it('are refused when one of them is invalid, and the error names the setting', () => {
    expect(() => readConfig({ WEBPOS_CALLBACKS_ALLOW: 'shop.lan,http://10.0.0.5' })).toThrow(
      'WEBPOS_CALLBACKS_ALLOW: expected names, addresses or networks such as shop.lan, 10.0.0.5 or 172.18.0.0/16',
    );
  });
});
