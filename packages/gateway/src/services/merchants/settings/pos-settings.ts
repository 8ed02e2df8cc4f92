/** Everything that a merchant can change of a POS, except its logo, which is an image. */
import { parseAccent } from '../../../merchants/accent.ts';
import { parseName } from '../../../merchants/name.ts';
import { MAX_ORIGINS, parsePageOrigin } from '../../../merchants/page-origin.ts';
import type { Pos } from '../../../merchants/pos.ts';
import { parseSupport } from '../../../merchants/support.ts';
import { MAX_CONFIRMATIONS } from '../../../orders/confirmation-limit.ts';
import { PROVIDER_NAMES } from '../../../rates/provider-names.ts';
import type { LookChange } from '../change-look.ts';
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
  type TermsLimits,
} from '../parse-terms.ts';
import type { TermsChange } from './terms-change.ts';
import { resettable, switched, type Setting, type Settings } from './setting.ts';

export interface PosChange {
  readonly terms?: TermsChange;
  readonly look?: LookChange;
}

type PosSetting = Setting<Pos, PosChange, TermsLimits>;

const SHOP_URL = 'an https URL, in the sandbox also http, of at most 300 characters, or none';

const identity = {
  name: {
    help: { value: 'NAME', text: 'name that buyers see', allowed: '1 to 64 characters' },
    text: ({ name }) => name,
    parse: (text) => ({ terms: { name: parseName(text) } }),
  },
  merchant: {
    help: {
      value: 'UUID',
      text: 'merchant to whom it belongs',
      allowed: 'the UUID that webpos merchant list shows, or none',
      default: 'none',
    },
    text: ({ merchantId }) => merchantId ?? '',
    ...resettable((merchantId) => ({ terms: { merchantId } }), parseMerchantId),
  },
  account: {
    help: {
      value: 'UUID',
      text: 'account whose addresses its orders get',
      allowed: 'the UUID that webpos account list shows',
    },
    text: ({ accountId }) => accountId,
    parse: (text) => ({ terms: { accountId: parseAccountId(text) } }),
  },
  currency: {
    help: { value: 'CODE', text: 'currency of its prices', allowed: 'an ISO 4217 code such as EUR' },
    text: ({ currency }) => currency,
    parse: (text) => ({ terms: { currency: parsePosCurrency(text) } }),
  },
} satisfies Record<string, PosSetting>;

const shop = {
  callback_url: {
    help: {
      value: 'URL',
      text: 'destination of callbacks for orders that name none',
      allowed: SHOP_URL,
      default: 'none',
    },
    text: ({ defaults }) => defaults.callbackUrl ?? '',
    ...resettable((callbackUrl) => ({ terms: { defaults: { callbackUrl } } }), parseCallbackUrl),
  },
  continue_url: {
    help: { value: 'URL', text: 'page for buyers who have paid', allowed: SHOP_URL, default: 'none' },
    text: ({ defaults }) => defaults.continueUrl ?? '',
    ...resettable((continueUrl) => ({ terms: { defaults: { continueUrl } } }), parseBuyerUrl),
  },
  cancel_url: {
    help: { value: 'URL', text: 'page for buyers whose order is cancelled or expired', allowed: SHOP_URL, default: 'none' },
    text: ({ defaults }) => defaults.cancelUrl ?? '',
    ...resettable((cancelUrl) => ({ terms: { defaults: { cancelUrl } } }), parseBuyerUrl),
  },
  required_confirmations: {
    kind: 'integer',
    help: {
      value: 'N',
      text: 'confirmations that a payment needs; 0 accepts it as soon as it is seen',
      allowed: `0 to ${MAX_CONFIRMATIONS}, and except on regtest at most one per 15 minutes of WEBPOS_SETTLEMENT_TIMEOUT_S`,
      default: '1',
    },
    text: ({ defaults }) => String(defaults.requiredConfirmations),
    parse: (text, limits) => ({ terms: { defaults: { requiredConfirmations: parseConfirmations(text, limits) } } }),
  },
  type: {
    words: ['web', 'mobile'],
    help: { value: 'TYPE', text: 'type that the API reports', allowed: 'web or mobile', default: 'web' },
    text: ({ type }) => type,
    parse: (text) => ({ terms: { type: parsePosType(text) } }),
  },
} satisfies Record<string, PosSetting>;

const money = {
  rate_provider: {
    option: 'rates',
    resetWord: 'default',
    words: PROVIDER_NAMES,
    help: {
      value: 'NAME',
      text: 'exchange whose price becomes the rate',
      allowed: `default for the median of WEBPOS_RATES, or one of ${PROVIDER_NAMES.join(', ')}`,
      default: 'default',
    },
    text: ({ rates }) => rates.provider ?? '',
    ...resettable((provider) => ({ terms: { rates: { provider } } }), parseProvider),
  },
  spread: {
    kind: 'percent',
    json: 'rate_spread_bps',
    help: {
      value: 'PERCENT',
      text: 'percentage taken off the rate',
      allowed: `0 to ${MAX_SPREAD_PERCENT}, with up to two decimals`,
      default: '0',
    },
    text: ({ rates }) => percent(rates.spreadBps),
    parse: (text) => ({ terms: { rates: { spreadBps: parseSpread(text || '0') } } }),
  },
  tolerance: {
    kind: 'percent',
    json: 'tolerance_bps',
    help: {
      value: 'PERCENT',
      text: 'percentage of the amount that may be missing from a payment',
      allowed: `0.01 to ${MAX_TOLERANCE_PERCENT}, or none`,
      default: 'none',
    },
    text: ({ tolerance }) => (tolerance.bps === null ? '' : percent(tolerance.bps)),
    ...resettable((bps) => ({ terms: { tolerance: { bps } } }), parseToleranceBps),
  },
  tolerance_sats: {
    kind: 'integer',
    help: {
      value: 'N',
      text: `satoshi that may be missing from a payment; never more than ${MAX_TOLERANCE_PERCENT} % of its order, and with --tolerance the smaller limit applies`,
      allowed: '1 to 999999999999, or none',
      default: 'none',
    },
    text: ({ tolerance }) => (tolerance.sats === null ? '' : String(tolerance.sats)),
    ...resettable((sats) => ({ terms: { tolerance: { sats } } }), parseToleranceSats),
  },
} satisfies Record<string, PosSetting>;

const behaviour = {
  return_when: {
    option: 'return',
    words: ['seen', 'paid'],
    help: {
      value: 'WHEN',
      text: 'when buyers return to the shop: once the whole amount is seen, or once the order is paid',
      allowed: 'seen or paid',
      default: 'seen',
    },
    text: ({ checkout }) => checkout.returnWhen,
    parse: (text) => ({ terms: { checkout: { returnWhen: parseReturn(text) } } }),
  },
  try_again: {
    help: {
      value: 'ANSWER',
      text: 'whether the buyer of an expired order can get a new one with the same terms, at the current rate',
      allowed: 'yes or no',
      default: 'no',
    },
    text: ({ checkout }) => (checkout.allowsRetry ? '1' : ''),
    ...switched((allowsRetry) => ({ terms: { checkout: { allowsRetry } } })),
  },
  transaction_changed: {
    help: {
      value: 'ANSWER',
      text: 'whether to send payment.transaction.changed too, which older client libraries do not know',
      allowed: 'yes or no',
      default: 'no',
    },
    text: (pos) => (pos.transactionChanged === true ? '1' : ''),
    ...switched((transactionChanged) => ({ terms: { transactionChanged } })),
  },
  refund_events: {
    help: {
      value: 'ANSWER',
      text: 'whether to send payment.refund.paid and payment.refund.reverted too, which older client libraries do not know',
      allowed: 'yes or no',
      default: 'no',
    },
    text: (pos) => (pos.refundEvents === true ? '1' : ''),
    ...switched((refundEvents) => ({ terms: { refundEvents } })),
  },
} satisfies Record<string, PosSetting>;

const look = {
  support: {
    help: {
      value: 'CONTACT',
      text: 'contact that buyers see',
      allowed: 'an e-mail address, a telephone number or an https URL of at most 120 characters, or none',
      default: 'none',
    },
    text: (pos) => pos.look.support ?? '',
    ...resettable((support) => ({ look: { support } }), parseSupport),
  },
  accent: {
    help: {
      value: 'COLOUR',
      text: 'colour of the buttons; their text stays legible on any colour',
      allowed: '#rrggbb, or none',
      default: 'none',
    },
    text: (pos) => pos.look.accent ?? '',
    ...resettable((accent) => ({ look: { accent } }), parseAccent),
  },
  origins: {
    kind: 'lines',
    option: 'origin',
    help: {
      value: 'ORIGIN',
      text: 'origin whose pages may show the checkout in a frame',
      allowed: `such as https://shop.example, up to ${MAX_ORIGINS} of them, or none`,
      default: 'none',
    },
    text: (pos) => pos.look.origins.join('\n'),
    parse: (text, { allowHttp }) => ({ look: { origins: parseOrigins(text, allowHttp) } }),
    reset: { look: { origins: [] } },
  },
} satisfies Record<string, PosSetting>;

export const POS_SETTINGS: Settings<Pos, PosChange, TermsLimits> = { ...identity, ...shop, ...money, ...behaviour, ...look };

function parseReturn(text: string): 'seen' | 'paid' {
  if (text === 'seen' || text === 'paid') return text;
  throw new RangeError(`expected one of seen, paid, got ${JSON.stringify(text)}`);
}

function parseOrigins(text: string, allowLocal: boolean): readonly string[] {
  const lines = text.split(/\s+/).filter((line) => line !== '');
  const origins = new Set(lines.map((line) => parsePageOrigin(line, { allowLocal })));
  if (origins.size > MAX_ORIGINS) throw new RangeError(`expected at most ${MAX_ORIGINS}, got ${origins.size}`);
  return [...origins];
}

function percent(bps: number): string {
  return String(bps / 100);
}
