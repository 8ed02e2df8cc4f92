/**
 * The currencies of ISO 4217 that prices are set in, with their decimals. The decimals are those of the standard; the runtime's locale
 * data differ (they give the Hungarian forint and others none).
 */
declare const brand: unique symbol;

/** An ISO 4217 code: three capital letters, such as EUR. */
export type CurrencyCode = string & { readonly [brand]: 'CurrencyCode' };

const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');
const TWO_DECIMALS = (
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK ' +
  'DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP ' +
  'LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB ' +
  'SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG'
).split(' ');

const DECIMALS: ReadonlyMap<string, number> = new Map([
  ...NO_DECIMALS.map((code) => [code, 0] as const),
  ...TWO_DECIMALS.map((code) => [code, 2] as const),
  ...THREE_DECIMALS.map((code) => [code, 3] as const),
]);

/** @throws RangeError if the text is not the code of such a currency. */
export function parseCurrency(text: string): CurrencyCode {
  if (!DECIMALS.has(text))
    throw new RangeError(`currency: expected a code of ISO 4217 such as EUR, got ${JSON.stringify(text.slice(0, 16))}`);
  return text as CurrencyCode;
}

/** All currencies by their number of decimals. */
export const CURRENCIES_BY_DECIMALS: ReadonlyMap<number, readonly string[]> = new Map([
  [0, NO_DECIMALS],
  [2, TWO_DECIMALS],
  [3, THREE_DECIMALS],
]);

/** Returns the number of decimals of a currency's amounts. */
export function decimalsOf(currency: CurrencyCode): number {
  const decimals = DECIMALS.get(currency);
  if (decimals === undefined) throw new RangeError(`currency: unknown code ${currency}`);
  return decimals;
}
