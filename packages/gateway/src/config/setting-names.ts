/**
 * Every setting that there is, without its prefix `WEBPOS_`. A variable with the prefix and any other name is a mistake in
 * writing, which would otherwise be passed over in silence: the start is refused, and the nearest name is told.
 */
export const SETTING_NAMES = [
  'MODE',
  'NETWORK',
  'HOST',
  'PORT',
  'PUBLIC_URL',
  'DATABASE_URL',
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
  'CALLBACK_GIVE_UP_AFTER_S',
  'CALLBACK_ATTEMPTS_KEPT_S',
  'ADDRESSES_AHEAD',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'KEY_FILE',
  'LOG_LEVEL',
  'DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS',
  'RATE_LIMIT_CLIENT',
  'RATE_LIMIT_FAILURES',
  'RATE_LIMIT_PAGES',
  'MAX_CONNECTIONS',
  'STOP_TIMEOUT_S',
  'TRUST_PROXY',
  'TRUST_PROXY_HEADER',
  'OPS_HOST',
  'OPS_PORT',
  'OPS_TOKEN',
] as const;

export type SettingName = (typeof SETTING_NAMES)[number];

/** Settings of a shop that uses the client library, as its examples name them: they may stand in the same environment. */
const OF_SHOPS: ReadonlySet<string> = new Set(['CLIENT_ID', 'SECRET']);

/** @returns for every name that is none of ours, the one that was probably meant, or undefined when none is near. */
export function unknownNames(names: readonly string[]): { readonly name: string; readonly meant: SettingName | undefined }[] {
  const known: ReadonlySet<string> = new Set(SETTING_NAMES);
  return names
    .filter((name) => !known.has(name) && !OF_SHOPS.has(name))
    .map((name) => ({ name, meant: nearest(name.toUpperCase()) }));
}

/** Near is what a slip of the hand makes of a name: a third of its letters at most, or the end that is missing. */
function nearest(name: string): SettingName | undefined {
  const begun = name.length < 3 ? undefined : SETTING_NAMES.find((known) => known.startsWith(`${name}_`));
  if (begun !== undefined) return begun;
  const [best] = SETTING_NAMES.map((known) => ({ known, steps: distance(name, known) })).sort((a, b) => a.steps - b.steps);
  return best !== undefined && best.steps <= Math.max(2, Math.floor(name.length / 3)) ? best.known : undefined;
}

/** How many letters were left out, added, changed, or swapped with the next (the optimal string alignment distance). */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = cell(rows, i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? cell(rows, i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(cell(rows, i - 1, j) + 1, (row[j - 1] ?? Infinity) + 1, changed, swapped));
    }
    rows.push(row);
  }
  return cell(rows, a.length, b.length);
}

function cell(rows: readonly (readonly number[])[], i: number, j: number): number {
  return rows[i]?.[j] ?? Infinity;
}
