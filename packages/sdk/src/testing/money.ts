/** Money of the fake platform: whole cents and whole satoshi, by the contract's rules. */

const SATS_PER_BTC = 100_000_000n;

/** Reads a decimal string as an integer and the number of its decimals. */
function parseDecimal(text: string): { digits: bigint; decimals: number } {
  const [whole = '', fraction = ''] = text.split('.');
  return { digits: BigInt(whole + fraction), decimals: fraction.length };
}

/** An amount in cents; undefined when it has parts of a cent. */
export function parseCents(text: string): bigint | undefined {
  const { digits, decimals } = parseDecimal(text);
  if (decimals <= 2) return digits * 10n ** BigInt(2 - decimals);
  const divisor = 10n ** BigInt(decimals - 2);
  return digits % divisor === 0n ? digits / divisor : undefined;
}

/** Cents as a decimal string with two decimals. */
export function formatCents(cents: bigint): string {
  const digits = cents.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** What some cents are in satoshi, rounded up so that a merchant never gets less. */
export function centsToSats(cents: bigint, rate: string): bigint {
  const { digits, decimals } = parseDecimal(rate);
  const divisor = 100n * digits;
  return (cents * SATS_PER_BTC * 10n ** BigInt(decimals) + divisor - 1n) / divisor;
}

/** What a part of an order's satoshi is in cents: by the order's own terms, half even. */
export function satsToCents(part: bigint, order: { cents: bigint; sats: bigint }): bigint {
  const [numerator, half] = [order.cents * part, order.sats];
  const quotient = numerator / half;
  const twice = (numerator % half) * 2n;
  return twice > half || (twice === half && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** Satoshi as bitcoin, as a payment URI has it. */
export function formatBitcoin(sats: bigint): string {
  const digits = sats.toString().padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`.replace(/\.?0+$/, '');
}
