import { nearest } from '../kernel/nearest.ts';

/**
 * All settings, without the prefix `WEBPOS_`. A variable with the prefix and any other name is probably a typo that would
 * otherwise go unnoticed, so the start is refused with the nearest name as a hint.
 */
export const SETTING_NAMES = [
  'MODE',
  'NETWORK',
  'HOST',
  'PORT',
  'PUBLIC_URL',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'CHAIN',
  'SANDBOX_BLOCK_INTERVAL_S',
  'BITCOIND_URL',
  'BITCOIND_COOKIE_FILE',
  'BITCOIND_ZMQ_SEQUENCE',
  'RATES',
  'RATES_REFRESH_S',
  'RATES_MAX_AGE_S',
  'ORDER_TTL_S',
  'SETTLEMENT_TIMEOUT_S',
  'CHARGEBACK_TIMEOUT_S',
  'FINAL_DEPTH',
  'MISSING_PAYMENT_TIMEOUT_S',
  'CALLBACK_GIVE_UP_AFTER_S',
  'CALLBACK_ATTEMPT_RETENTION_S',
  'EVENTS_KEPT_S',
  'ADDRESS_POOL_SIZE',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'KEY_FILE',
  'MARKS_FILE',
  'LOG_LEVEL',
  'CALLBACKS_ALLOW',
  'DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS',
  'RATE_LIMIT_CLIENT',
  'RATE_LIMIT_FAILURES',
  'RATE_LIMIT_PAGES',
  'MAX_CONNECTIONS',
  'MAX_CONNECTIONS_PER_ADDRESS',
  'MAX_CONNECTIONS_PER_NETWORK',
  'STOP_DELAY_S',
  'STOP_TIMEOUT_S',
  'TRUST_PROXY',
  'TRUST_PROXY_HEADER',
  'SMTP_URL',
  'SMTP_FROM',
  'SMTP_PASSWORD_FILE',
  'DANGEROUSLY_ALLOW_PLAIN_SMTP',
  'CHAIN_TROUBLE_AFTER_S',
  'OPS_HOST',
  'OPS_PORT',
  'OPS_TOKEN',
] as const;

export type SettingName = (typeof SETTING_NAMES)[number];

/** Settings of shops that use the client library, named as in its examples. They may be in the same environment. */
const OF_SHOPS: ReadonlySet<string> = new Set(['CLIENT_ID', 'SECRET', 'URL']);

/** New names of settings whose old names appeared before the first release. */
const RENAMED: ReadonlyMap<string, SettingName> = new Map([
  ['ADDRESSES_AHEAD', 'ADDRESS_POOL_SIZE'],
  ['CALLBACK_ATTEMPTS_KEPT_S', 'CALLBACK_ATTEMPT_RETENTION_S'],
]);

export interface UnknownName {
  readonly name: string;
  /** The setting that has this name now. */
  readonly renamedTo: SettingName | undefined;
  /** The setting that was probably meant. */
  readonly meant: SettingName | undefined;
}

/** Returns the names that are neither settings of the gateway nor of its shops. */
export function unknownNames(names: readonly string[]): UnknownName[] {
  const known: ReadonlySet<string> = new Set(SETTING_NAMES);
  return names
    .filter((name) => !known.has(name) && !OF_SHOPS.has(name))
    .map((name) => ({ name, renamedTo: RENAMED.get(name), meant: nearest(name.toUpperCase(), SETTING_NAMES) }));
}
