/** Decimal numbers without floats: `digits / 10^scale`. */

export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Limits the digits: longer numbers are not amounts of money, and parsing them would only cost time. */
const DECIMAL = /^(\d{1,20})(?:\.(\d{1,20}))?$/;

/** Parses digits with an optional fraction, such as `12.34`. Returns undefined for anything else, a sign or an exponent included. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

/**
 * Divides and rounds to the nearest integer, a tie to the even one.
 *
 * @param a At least 0.
 * @param b Above 0.
 */
export function divideHalfEven(a: bigint, b: bigint): bigint {
  const floor = a / b;
  const twice = (a % b) * 2n;
  if (twice < b || (twice === b && floor % 2n === 0n)) return floor;
  return floor + 1n;
}

/** Formats a number of at least 0 without trailing zeros in its fraction: `12.3`, `60000`. */
export function formatDecimal({ digits, scale }: Decimal): string {
  const text = digits.toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Compares two numbers, for `Array.sort`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const [left, right] = [a.digits * 10n ** BigInt(b.scale), b.digits * 10n ** BigInt(a.scale)];
  return left < right ? -1 : left > right ? 1 : 0;
}
