/** Parses the settings of a POS, one field at a time, for commands and pages. Each throws a RangeError that says what was expected. */
import type { Network } from '../../kernel/chain.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import { isUuidV4, type AccountId, type MerchantId } from '../../kernel/ids.ts';
import { sats, type Sats } from '../../kernel/sats.ts';
import { parseShopUrl } from '../../merchants/shop-url.ts';
import { MAX_TOLERANCE_BPS } from '../../merchants/tolerance.ts';
import { MAX_CONFIRMATIONS, maxConfirmations } from '../../orders/confirmation-limit.ts';
import { parseCurrency, type CurrencyCode } from '../../orders/currency.ts';
import { isProviderName, PROVIDER_NAMES } from '../../rates/provider-names.ts';
import { MAX_SPREAD_BPS } from '../../rates/spread.ts';

export const MAX_TOLERANCE_PERCENT: number = MAX_TOLERANCE_BPS / 100;
export const MAX_SPREAD_PERCENT: number = MAX_SPREAD_BPS / 100;

/** The settings of the gateway that limit those of its POS. */
export interface TermsLimits {
  readonly network: Network;
  readonly settlementTimeoutMs: number;
  /** Whether URLs may use http: in the sandbox. */
  readonly allowHttp: boolean;
  /** The hosts to which callbacks may go by http. */
  readonly httpHosts: Parameters<typeof parseShopUrl>[1]['httpHosts'];
}

export function parsePosType(type: string): 'web' | 'mobile' {
  if (type !== 'web' && type !== 'mobile') throw new RangeError(`expected web or mobile, got ${JSON.stringify(type)}`);
  return type;
}

export function parseAccountId(id: string): AccountId {
  if (!isUuidV4(id)) throw new RangeError(`expected the UUID of an account, got ${shown(id)}`);
  return id as AccountId;
}

export function parseMerchantId(id: string): MerchantId {
  if (!isUuidV4(id)) throw new RangeError(`expected the UUID of a merchant, or none, got ${shown(id)}`);
  return id as MerchantId;
}

export function parsePosCurrency(text: string): CurrencyCode {
  try {
    return parseCurrency(text);
  } catch (error) {
    // The caller names the field.
    throw error instanceof RangeError ? new RangeError(error.message.replace(/^currency: /, '')) : error;
  }
}

export function parseCallbackUrl(text: string, { allowHttp, httpHosts }: TermsLimits): string {
  return parseShopUrl(text, { allowHttp, httpHosts });
}

/** A page for buyers. Only callbacks may go to the allowed hosts by http: the other URLs open in buyers' browsers. */
export function parseBuyerUrl(text: string, { allowHttp }: TermsLimits): string {
  return parseShopUrl(text, { allowHttp, httpHosts: undefined });
}

export function parseProvider(name: string): string {
  if (isProviderName(name)) return name;
  throw new RangeError(`expected default or one of ${PROVIDER_NAMES.join(', ')}, got ${JSON.stringify(name)}`);
}

export function parseSpread(text: string): number {
  const bps = parsePercent(text);
  if (bps !== undefined && bps <= MAX_SPREAD_BPS) return bps;
  throw new RangeError(`expected a percentage from 0 to ${MAX_SPREAD_PERCENT} such as 0.5, got ${JSON.stringify(text)}`);
}

export function parseToleranceBps(text: string): number {
  const bps = parsePercent(text.replace(/%$/, ''));
  if (bps !== undefined && bps > 0 && bps <= MAX_TOLERANCE_BPS) return bps;
  throw new RangeError(
    `expected a percentage from 0.01 to ${MAX_TOLERANCE_PERCENT} such as 0.5, or none, got ${JSON.stringify(text)}`,
  );
}

export function parseToleranceSats(text: string): Sats {
  const amount = /^\d{1,12}$/.test(text) ? BigInt(text) : 0n;
  if (amount > 0n) return sats(amount);
  throw new RangeError(`expected a whole number of satoshi above 0 such as 1000, or none, got ${JSON.stringify(text)}`);
}

export function parseConfirmations(text: string, { network, settlementTimeoutMs }: TermsLimits): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= MAX_CONFIRMATIONS))
    throw new RangeError(`expected a whole number from 0 to ${MAX_CONFIRMATIONS}, got ${JSON.stringify(text)}`);
  const max = maxConfirmations(network, settlementTimeoutMs);
  if (number <= max) return number;
  throw new RangeError(
    `expected at most ${max}, the number of blocks that fit into WEBPOS_SETTLEMENT_TIMEOUT_S, got ${number}: paid orders would expire`,
  );
}

/** Parses a percentage with up to two decimals into basis points. */
function parsePercent(text: string): number | undefined {
  const decimal = /^\d{1,2}(?:\.\d{1,2})?$/.test(text) ? parseDecimal(text) : undefined;
  return decimal && Number(decimal.digits) * 10 ** (2 - decimal.scale);
}

/** Repeats a short plain word; anything else may be a key. */
function shown(value: string): string {
  return /^[a-z0-9._-]{1,30}$/i.test(value) ? JSON.stringify(value) : 'something else';
}
