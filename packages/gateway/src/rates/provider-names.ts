/** The public rate sources that a gateway can query, by the names that settings use. */
export const PROVIDER_NAMES = ['bitfinex', 'bitstamp', 'coinbase', 'coingecko', 'kraken', 'mempool.space'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** Parses `kraken,coinbase`. @throws RangeError that names the invalid part. */
export function parseProviderNames(text: string): readonly ProviderName[] {
  const names = text.split(',').map((part) => part.trim());
  for (const [index, name] of names.entries()) {
    if (!isProviderName(name))
      throw new RangeError(
        `expected names from ${PROVIDER_NAMES.join(', ')}, or fixed:CURRENCY=RATE, got ${JSON.stringify(name)}`,
      );
    if (names.indexOf(name) !== index) throw new RangeError(`expected every name once, got ${JSON.stringify(name)} twice`);
  }
  return names as ProviderName[];
}

export function isProviderName(text: string): text is ProviderName {
  return PROVIDER_NAMES.some((name) => name === text);
}
