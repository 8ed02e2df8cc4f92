/** The public sources of rates that a gateway can ask, by the names that settings use. */
export const PROVIDER_NAMES = ['bitfinex', 'bitstamp', 'coinbase', 'coingecko', 'kraken', 'mempool.space'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** Reads `kraken,coinbase`. @throws RangeError that names the part that is wrong. */
export function parseProviderNames(text: string): readonly ProviderName[] {
  const names = text.split(',').map((part) => part.trim());
  for (const [index, name] of names.entries()) {
    if (!isProviderName(name))
      throw new RangeError(
        `expected names among ${PROVIDER_NAMES.join(', ')}, or fixed:CURRENCY=RATE, got ${JSON.stringify(name)}`,
      );
    if (names.indexOf(name) !== index) throw new RangeError(`expected every name once, got ${JSON.stringify(name)} twice`);
  }
  return names as ProviderName[];
}

export function isProviderName(text: string): text is ProviderName {
  return PROVIDER_NAMES.some((name) => name === text);
}
