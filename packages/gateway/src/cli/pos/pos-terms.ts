/** The options of a POS for the terms of its orders. `none` removes an optional one. */
import type { OptionHelp } from '@webpos/listen/help';
import type { Config } from '../../config/config.ts';
import { MAX_CONFIRMATIONS } from '../../orders/confirmation-limit.ts';
import type { PosCheckout, PosDefaults, PosRates } from '../../merchants/pos.ts';
import type { ToleranceSetting } from '../../merchants/tolerance.ts';
import { PROVIDER_NAMES } from '../../rates/provider-names.ts';
import type { TermsChange } from '../../services/merchants/change-terms.ts';
import {
  MAX_SPREAD_PERCENT,
  MAX_TOLERANCE_PERCENT,
  parseAccountId,
  parseBuyerUrl,
  parseCallbackUrl,
  parseConfirmations,
  parseMerchantId,
  parsePosCurrency,
  parsePosType,
  parseProvider,
  parseSpread,
  parseToleranceBps,
  parseToleranceSats,
} from '../../services/merchants/parse-terms.ts';
import { ACCOUNT_OPTION, MERCHANT_OPTION } from '../support/common-options.ts';
import { namingOption } from '../support/naming-option.ts';
import type { Options } from '../support/options.ts';
import { readName } from '../support/read-name.ts';

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
  | 'transaction-changed'
  | 'refund-events';

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
  'refund-events': {
    value: 'ANSWER',
    text: 'whether to send payment.refund.paid and payment.refund.reverted too, which older client libraries do not know',
    allowed: 'yes or no',
    default: 'no',
  },
};

type TermsConfig = Pick<Config, 'mode' | 'network' | 'settlementTimeoutMs' | 'callbacksAllow'>;

/** Returns only the given settings; null for `none`. @throws UsageError that names the option. */
export function readTerms(options: Options<TermsOption>, config: TermsConfig): TermsChange {
  const { network, settlementTimeoutMs, mode, callbacksAllow: httpHosts } = config;
  const limits = { network, settlementTimeoutMs, allowHttp: mode === 'sandbox', httpHosts };
  const given = <T>(name: TermsOption, read: (text: string) => T): T | undefined =>
    options.optional(name) === undefined ? undefined : namingOption(name, () => read(options.required(name)));
  const url = (name: 'callback-url' | 'continue-url' | 'cancel-url'): string | null | undefined =>
    given(name, (text) => (text === 'none' ? null : (name === 'callback-url' ? parseCallbackUrl : parseBuyerUrl)(text, limits)));
  const defaults: Partial<PosDefaults> = present({
    callbackUrl: url('callback-url'),
    continueUrl: url('continue-url'),
    cancelUrl: url('cancel-url'),
    requiredConfirmations: given('required-confirmations', (text) => parseConfirmations(text, limits)),
  });
  const rates: Partial<PosRates> = present({
    provider: given('rates', (text) => (text === 'default' ? null : parseProvider(text))),
    spreadBps: given('spread', parseSpread),
  });
  const tolerance: Partial<ToleranceSetting> = present({
    bps: given('tolerance', (text) => (text === 'none' ? null : parseToleranceBps(text))),
    sats: given('tolerance-sats', (text) => (text === 'none' ? null : parseToleranceSats(text))),
  });
  const checkout: Partial<PosCheckout> = present({
    returnWhen: given('return', () => options.oneOf('return', ['seen', 'paid'])),
    allowsRetry: given('try-again', () => options.oneOf('try-again', ['yes', 'no']) === 'yes'),
  });
  return present({
    name: given('name', () => readName(options)),
    type: given('type', parsePosType),
    merchantId: given('merchant', (text) => (text === 'none' ? null : parseMerchantId(text))),
    accountId: given('account', parseAccountId),
    currency: given('currency', parsePosCurrency),
    defaults: orNothing(defaults),
    rates: orNothing(rates),
    tolerance: orNothing(tolerance),
    checkout: orNothing(checkout),
    refundEvents: given('refund-events', () => options.oneOf('refund-events', ['yes', 'no']) === 'yes'),
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
