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

/** `a / b` rounded up; both above or equal 0, b above 0. */
export function divideUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

/** `a / b` rounded to the nearest, a tie to the even neighbour; both above or equal 0, b above 0. */
export function divideHalfEven(a: bigint, b: bigint): bigint {
  const floor = a / b;
  const twice = (a % b) * 2n;
  if (twice < b || (twice === b && floor % 2n === 0n)) return floor;
  return floor + 1n;
}
