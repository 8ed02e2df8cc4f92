/** The options by which a POS is told what its orders take from it. `none` takes away what may be missing. */
import type { Config } from '../../config/config.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import { isUuidV4, type AccountId } from '../../kernel/ids.ts';
import { sats } from '../../kernel/sats.ts';
import { MAX_CONFIRMATIONS, maxConfirmations } from '../../orders/confirmation-limit.ts';
import { parseCurrency, type CurrencyCode } from '../../orders/currency.ts';
import type { PosDefaults, PosRates } from '../../merchants/pos.ts';
import { parseShopUrl } from '../../merchants/shop-url.ts';
import { MAX_TOLERANCE_BPS, type ToleranceSetting } from '../../merchants/tolerance.ts';
import { isProviderName, PROVIDER_NAMES } from '../../rates/provider-names.ts';
import { MAX_SPREAD_BPS } from '../../rates/spread.ts';
import type { TermsChange } from '../../services/merchants/change-terms.ts';
import { shown, type Options } from '../support/options.ts';
import { readName } from '../support/read-name.ts';
import { UsageError } from '../support/usage-error.ts';

export const TERMS_OPTIONS = [
  'name',
  'account',
  'currency',
  'callback-url',
  'continue-url',
  'cancel-url',
  'required-confirmations',
  'type',
  'rates',
  'spread',
  'tolerance',
  'tolerance-sats',
  'transaction-changed',
] as const;

export const TERMS_TAKES = `[--callback-url U] [--continue-url U] [--cancel-url U] [--required-confirmations N]
             [--type web|mobile] [--rates default|NAME] [--spread PERCENT] [--tolerance PERCENT] [--tolerance-sats N]
             [--transaction-changed yes|no]`;

/** What their help says. */
export const TERMS_MORE: string = `--name NAME         what buyers see
--account UUID      whose addresses its orders get
--currency EUR      what prices are in
--callback-url U    where events go that an order names no URL for; none: nowhere
--continue-url U    where a buyer goes who has paid; none: he stays
--cancel-url U      where a buyer goes who has not; none: he stays
--required-confirmations N
                    how many confirmations a payment needs; 0 takes it as soon as it is seen
--type web|mobile   what it tells shops that it is
--rates NAME        one exchange alone, or default
--spread PERCENT    what is taken off the rate, such as 0.5
--tolerance PERCENT how much may be missing for an order to count as paid, such as 0.5 (at most ${MAX_TOLERANCE_BPS / 100}); none: nothing
--tolerance-sats N  the same in satoshi; with both, the smaller counts, and never more than ${MAX_TOLERANCE_BPS / 100} % of an order
--transaction-changed yes|no
                    whether payment.transaction.changed is sent too, which older clients do not know`;

type TermsConfig = Pick<Config, 'mode' | 'network' | 'settlementTimeoutMs' | 'callbacksAllow'>;

/** @returns only what was given. @throws UsageError naming the option. */
export function readTerms(options: Options, config: TermsConfig): TermsChange {
  const given = <T>(name: (typeof TERMS_OPTIONS)[number], read: (text: string) => T): T | undefined =>
    options.optional(name) === undefined ? undefined : read(options.required(name));
  const url = (name: 'callback-url' | 'continue-url' | 'cancel-url'): string | null | undefined =>
    given(name, (text) => (text === 'none' ? null : readUrl(name, text, config)));
  const defaults: Partial<PosDefaults> = present({
    callbackUrl: url('callback-url'),
    continueUrl: url('continue-url'),
    cancelUrl: url('cancel-url'),
    requiredConfirmations: given('required-confirmations', (text) => readConfirmations(text, config)),
  });
  const rates: Partial<PosRates> = present({ provider: given('rates', readProvider), spreadBps: given('spread', readSpread) });
  const tolerance: Partial<ToleranceSetting> = present({
    bps: given('tolerance', (text) => (text === 'none' ? null : readToleranceBps(text))),
    sats: given('tolerance-sats', (text) => (text === 'none' ? null : readToleranceSats(text))),
  });
  return present({
    name: given('name', () => readName(options)),
    type: given('type', readType),
    accountId: given('account', readAccount),
    currency: given('currency', readCurrency),
    defaults: orNothing(defaults),
    rates: orNothing(rates),
    tolerance: orNothing(tolerance),
    transactionChanged: given('transaction-changed', () => options.oneOf('transaction-changed', ['yes', 'no']) === 'yes'),
  });
}

/** Without the fields that are undefined. */
function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function orNothing<T extends object>(fields: T): T | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields;
}

function readType(type: string): 'web' | 'mobile' {
  if (type !== 'web' && type !== 'mobile') throw new UsageError(`--type: expected web or mobile, got ${JSON.stringify(type)}`);
  return type;
}

function readAccount(id: string): AccountId {
  if (!isUuidV4(id)) throw new UsageError(`--account: expected the UUID of an account, got ${shown(id)}`);
  return id as AccountId;
}

function readCurrency(text: string): CurrencyCode {
  try {
    return parseCurrency(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--${error.message}`);
    throw error;
  }
}

function readUrl(name: string, text: string, { mode, callbacksAllow }: Pick<Config, 'mode' | 'callbacksAllow'>): string {
  // Buyers' browsers are sent to the others.
  const httpHosts = name === 'callback-url' ? callbacksAllow : undefined;
  try {
    return parseShopUrl(text, { allowHttp: mode === 'sandbox', httpHosts });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--${name}: ${error.message}`);
    throw error;
  }
}

function readProvider(name: string): string | null {
  if (name === 'default') return null;
  if (isProviderName(name)) return name;
  throw new UsageError(`--rates: expected default or one of ${PROVIDER_NAMES.join(', ')}, got ${JSON.stringify(name)}`);
}

function readSpread(text: string): number {
  const bps = readPercent(text);
  if (bps !== undefined && bps <= MAX_SPREAD_BPS) return bps;
  throw new UsageError(
    `--spread: expected a percentage from 0 to ${MAX_SPREAD_BPS / 100} such as 0.5, got ${JSON.stringify(text)}`,
  );
}

function readToleranceBps(text: string): number {
  const bps = readPercent(text.replace(/%$/, ''));
  if (bps !== undefined && bps > 0 && bps <= MAX_TOLERANCE_BPS) return bps;
  throw new UsageError(
    `--tolerance: expected a percentage from 0.01 to ${MAX_TOLERANCE_BPS / 100} such as 0.5, or none, got ${JSON.stringify(text)}`,
  );
}

function readToleranceSats(text: string): ReturnType<typeof sats> {
  const amount = /^\d{1,12}$/.test(text) ? BigInt(text) : 0n;
  if (amount > 0n) return sats(amount);
  throw new UsageError(
    `--tolerance-sats: expected a whole number of satoshi above 0 such as 1000, or none, got ${JSON.stringify(text)}`,
  );
}

/** A percentage with up to two decimals, as hundredths of a percent. */
function readPercent(text: string): number | undefined {
  const decimal = /^\d{1,2}(?:\.\d{1,2})?$/.test(text) ? parseDecimal(text) : undefined;
  return decimal && Number(decimal.digits) * 10 ** (2 - decimal.scale);
}

function readConfirmations(text: string, { network, settlementTimeoutMs }: TermsConfig): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= MAX_CONFIRMATIONS))
    throw new UsageError(
      `--required-confirmations: expected a whole number from 0 to ${MAX_CONFIRMATIONS}, got ${JSON.stringify(text)}`,
    );
  const max = maxConfirmations(network, settlementTimeoutMs);
  if (number <= max) return number;
  throw new UsageError(
    `--required-confirmations: expected at most ${max}, the blocks that WEBPOS_SETTLEMENT_TIMEOUT_S leaves time for, got ${number}: orders would expire though they are paid`,
  );
}
