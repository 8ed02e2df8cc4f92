/** The options of a POS for the terms of its orders. `none` removes an optional one. */
import type { OptionHelp } from '@webpos/listen/help';
import type { Config } from '../../config/config.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import { isUuidV4, type AccountId, type MerchantId } from '../../kernel/ids.ts';
import { sats } from '../../kernel/sats.ts';
import { MAX_CONFIRMATIONS, maxConfirmations } from '../../orders/confirmation-limit.ts';
import { parseCurrency, type CurrencyCode } from '../../orders/currency.ts';
import type { PosCheckout, PosDefaults, PosRates } from '../../merchants/pos.ts';
import { parseShopUrl } from '../../merchants/shop-url.ts';
import { MAX_TOLERANCE_BPS, type ToleranceSetting } from '../../merchants/tolerance.ts';
import { isProviderName, PROVIDER_NAMES } from '../../rates/provider-names.ts';
import { MAX_SPREAD_BPS } from '../../rates/spread.ts';
import type { TermsChange } from '../../services/merchants/change-terms.ts';
import { ACCOUNT_OPTION, MERCHANT_OPTION } from '../support/common-options.ts';
import { shown, type Options } from '../support/options.ts';
import { readName } from '../support/read-name.ts';
import { UsageError } from '../support/usage-error.ts';

export type TermsOption =
  | 'name'
  | 'merchant'
  | 'account'
  | 'currency'
  | 'callback-url'
  | 'continue-url'
  | 'cancel-url'
  | 'required-confirmations'
  | 'type'
  | 'rates'
  | 'spread'
  | 'tolerance'
  | 'tolerance-sats'
  | 'return'
  | 'try-again'
  | 'transaction-changed';

const MAX_TOLERANCE_PERCENT = MAX_TOLERANCE_BPS / 100;
const MAX_SPREAD_PERCENT = MAX_SPREAD_BPS / 100;
const SHOP_URL = 'an https URL, in the sandbox also http, of at most 300 characters, or none';

export const TERMS_OPTIONS: Readonly<Record<TermsOption, OptionHelp>> = {
  name: { value: 'NAME', text: 'name that buyers see', allowed: '1 to 64 characters' },
  merchant: {
    ...MERCHANT_OPTION,
    text: 'merchant to whom it belongs',
    allowed: `${MERCHANT_OPTION.allowed}, or none`,
    default: 'none',
  },
  account: { ...ACCOUNT_OPTION, text: 'account whose addresses its orders get' },
  currency: { value: 'CODE', text: 'currency of its prices', allowed: 'an ISO 4217 code such as EUR' },
  'callback-url': {
    value: 'URL',
    text: 'destination of callbacks for orders that name none',
    allowed: SHOP_URL,
    default: 'none',
  },
  'continue-url': { value: 'URL', text: 'page for buyers who have paid', allowed: SHOP_URL, default: 'none' },
  'cancel-url': { value: 'URL', text: 'page for buyers whose order is cancelled or expired', allowed: SHOP_URL, default: 'none' },
  'required-confirmations': {
    value: 'N',
    text: 'confirmations that a payment needs; 0 accepts it as soon as it is seen',
    allowed: `0 to ${MAX_CONFIRMATIONS}, and except on regtest at most one per 15 minutes of WEBPOS_SETTLEMENT_TIMEOUT_S`,
    default: '1',
  },
  type: { value: 'TYPE', text: 'type that the API reports', allowed: 'web or mobile', default: 'web' },
  rates: {
    value: 'NAME',
    text: 'exchange whose price becomes the rate',
    allowed: `default for the median of WEBPOS_RATES, or one of ${PROVIDER_NAMES.join(', ')}`,
    default: 'default',
  },
  spread: {
    value: 'PERCENT',
    text: 'percentage taken off the rate',
    allowed: `0 to ${MAX_SPREAD_PERCENT}, with up to two decimals`,
    default: '0',
  },
  tolerance: {
    value: 'PERCENT',
    text: 'percentage of the amount that may be missing from a payment',
    allowed: `0.01 to ${MAX_TOLERANCE_PERCENT}, or none`,
    default: 'none',
  },
  'tolerance-sats': {
    value: 'N',
    text: `satoshi that may be missing from a payment; never more than ${MAX_TOLERANCE_PERCENT} % of its order, and with --tolerance the smaller limit applies`,
    allowed: '1 to 999999999999, or none',
    default: 'none',
  },
  return: {
    value: 'WHEN',
    text: 'when buyers return to the shop: once the whole amount is seen, or once the order is paid',
    allowed: 'seen or paid',
    default: 'seen',
  },
  'try-again': {
    value: 'ANSWER',
    text: 'whether the buyer of an expired order can get a new one with the same terms, at the current rate',
    allowed: 'yes or no',
    default: 'no',
  },
  'transaction-changed': {
    value: 'ANSWER',
    text: 'whether to send payment.transaction.changed too, which older client libraries do not know',
    allowed: 'yes or no',
    default: 'no',
  },
};

type TermsConfig = Pick<Config, 'mode' | 'network' | 'settlementTimeoutMs' | 'callbacksAllow'>;

/** Returns only the given settings; null for `none`. @throws UsageError that names the option. */
export function readTerms(options: Options<TermsOption>, config: TermsConfig): TermsChange {
  const given = <T>(name: TermsOption, read: (text: string) => T): T | undefined =>
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
  const checkout: Partial<PosCheckout> = present({
    returnWhen: given('return', () => options.oneOf('return', ['seen', 'paid'])),
    allowsRetry: given('try-again', () => options.oneOf('try-again', ['yes', 'no']) === 'yes'),
  });
  return present({
    name: given('name', () => readName(options)),
    type: given('type', readType),
    merchantId: given('merchant', (text) => (text === 'none' ? null : readMerchant(text))),
    accountId: given('account', readAccount),
    currency: given('currency', readCurrency),
    defaults: orNothing(defaults),
    rates: orNothing(rates),
    tolerance: orNothing(tolerance),
    checkout: orNothing(checkout),
    transactionChanged: given('transaction-changed', () => options.oneOf('transaction-changed', ['yes', 'no']) === 'yes'),
  });
}

/** Leaves out the fields that are undefined. */
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

function readMerchant(id: string): MerchantId {
  if (!isUuidV4(id)) throw new UsageError(`--merchant: expected the UUID of a merchant, or none, got ${shown(id)}`);
  return id as MerchantId;
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
  // Only callbacks may go to the allowed hosts by http: the other URLs open in buyers' browsers.
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
    `--spread: expected a percentage from 0 to ${MAX_SPREAD_PERCENT} such as 0.5, got ${JSON.stringify(text)}`,
  );
}

function readToleranceBps(text: string): number {
  const bps = readPercent(text.replace(/%$/, ''));
  if (bps !== undefined && bps > 0 && bps <= MAX_TOLERANCE_BPS) return bps;
  throw new UsageError(
    `--tolerance: expected a percentage from 0.01 to ${MAX_TOLERANCE_PERCENT} such as 0.5, or none, got ${JSON.stringify(text)}`,
  );
}

function readToleranceSats(text: string): ReturnType<typeof sats> {
  const amount = /^\d{1,12}$/.test(text) ? BigInt(text) : 0n;
  if (amount > 0n) return sats(amount);
  throw new UsageError(
    `--tolerance-sats: expected a whole number of satoshi above 0 such as 1000, or none, got ${JSON.stringify(text)}`,
  );
}

/** Parses a percentage with up to two decimals into basis points. */
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
    `--required-confirmations: expected at most ${max}, the number of blocks that fit into WEBPOS_SETTLEMENT_TIMEOUT_S, got ${number}: paid orders would expire`,
  );
}
