/** The fake platform's money as text: fiat with two decimals, and satoshi as bitcoin. */

/** Parses a decimal string as `digits / 10^scale`. */
export function parseDecimal(text: string): { digits: bigint; scale: number } {
  const [whole = '', fraction = ''] = text.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

/** Parses an amount in cents; undefined if it has fractions of a cent. */
export function parseCents(text: string): bigint | undefined {
  const { digits, scale } = parseDecimal(text);
  if (scale <= 2) return digits * 10n ** BigInt(2 - scale);
  const divisor = 10n ** BigInt(scale - 2);
  return digits % divisor === 0n ? digits / divisor : undefined;
}

/** Formats cents as a decimal string with two decimals. */
export function formatCents(cents: bigint): string {
  const digits = cents.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Formats satoshi as bitcoin, as in a payment URI. */
export function formatBitcoin(sats: bigint): string {
  const digits = sats.toString().padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`.replace(/\.?0+$/, '');
}
