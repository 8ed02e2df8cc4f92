/** Decimal numbers without floats: `digits / 10^scale`. */

export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Longer numbers are not money, and must not cost us time. */
const DECIMAL = /^(\d{1,20})(?:\.(\d{1,20}))?$/;

/** Reads `12.34`: digits, and a fraction if any; no sign, no exponent. Answers undefined for anything else. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

/** `a / b` rounded to the nearest, a tie to the even neighbour; both above or equal 0, b above 0. */
export function divideHalfEven(a: bigint, b: bigint): bigint {
  const floor = a / b;
  const twice = (a % b) * 2n;
  if (twice < b || (twice === b && floor % 2n === 0n)) return floor;
  return floor + 1n;
}

/** A number above or equal 0 as text, without zeros at the end of its fraction: `12.3`, `60000`. */
export function formatDecimal({ digits, scale }: Decimal): string {
  const text = digits.toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Orders numbers as `Array.sort` wants it. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const [left, right] = [a.digits * 10n ** BigInt(b.scale), b.digits * 10n ** BigInt(a.scale)];
  return left < right ? -1 : left > right ? 1 : 0;
}
