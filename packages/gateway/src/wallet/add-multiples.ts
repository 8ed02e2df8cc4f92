/**
 * Adds multiples of the generator of secp256k1 to one point, for many multiples at once. Nothing here is constant-time, so it is for
 * public keys only.
 *
 * A multiple is the sum of one entry of a table for each of its digits, to the base 256. All sums grow by one digit at a time, because
 * the additions of a step then share one inversion in the field: six multiplications for each of them in affine coordinates, where a
 * projective addition takes at least eleven (Hankerson, Menezes, Vanstone: Guide to Elliptic Curve Cryptography, 2.3.1, 3.2 and 3.3).
 */
import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';

const { Point } = secp256k1;
const { Fp } = Point;
const P = Fp.ORDER;

export interface AffinePoint {
  readonly x: bigint;
  readonly y: bigint;
}

const BASE = 256;
/** Digits are from -127 to 128, because the negative of a point costs nothing. */
const MAX_DIGIT = BASE / 2;
/** The bytes of a multiple, and one more digit for the carry. */
const BYTES = 32;
const DIGITS = BYTES + 1;

/** For each digit's place, from the lowest: the multiples 1 to {@link MAX_DIGIT} of its value. */
let table: readonly (readonly AffinePoint[])[] | undefined;

/**
 * @param multiples Numbers of 32 bytes, big-endian.
 * @returns The sums, in affine coordinates. One is undefined if the formula does not give it, because a step would add a point to itself
 *   or to its negative; with random multiples that never happens.
 */
export function addMultiples(point: AffinePoint, multiples: readonly Uint8Array[]): (AffinePoint | undefined)[] {
  table ??= makeTable();
  const carries = new Uint8Array(multiples.length);
  let sums: readonly (AffinePoint | undefined)[] = multiples.map(() => point);
  for (const [place, entries] of table.entries()) {
    const addends = multiples.map((multiple, position) => {
      const digit = (multiple[BYTES - 1 - place] ?? 0) + (carries[position] ?? 0);
      const isNegative = digit > MAX_DIGIT;
      carries[position] = isNegative ? 1 : 0;
      if (!isNegative) return entries[digit - 1];
      const entry = entries[BASE - digit - 1];
      return entry && { x: entry.x, y: -entry.y };
    });
    sums = addEach(sums, addends);
  }
  return sums.map((sum) => sum && { x: Fp.create(sum.x), y: Fp.create(sum.y) });
}

interface Addition {
  readonly position: number;
  readonly a: AffinePoint;
  readonly b: AffinePoint;
  readonly dx: bigint;
  /** The product of all `dx` before this one. */
  readonly before: bigint;
}

/**
 * Adds a point to each point; none where the addend is undefined. Coordinates are between -P and P.
 *
 * @returns The sums; undefined for those that need another formula.
 */
function addEach(
  points: readonly (AffinePoint | undefined)[],
  addends: readonly (AffinePoint | undefined)[],
): (AffinePoint | undefined)[] {
  const sums = [...points];
  const additions: Addition[] = [];
  let product = 1n;
  for (const [position, a] of points.entries()) {
    const b = addends[position];
    if (a === undefined || b === undefined) continue;
    const dx = (b.x - a.x) % P;
    if (dx === 0n) {
      sums[position] = undefined;
      continue;
    }
    additions.push({ position, a, b, dx, before: product });
    product = (product * dx) % P;
  }
  let inverse = Fp.inv(Fp.create(product));
  for (const { position, a, b, dx, before } of additions.reverse()) {
    const slope = ((((b.y - a.y) * inverse) % P) * before) % P;
    const x = (slope * slope - a.x - b.x) % P;
    sums[position] = { x, y: (slope * (a.x - x) - a.y) % P };
    inverse = (inverse * dx) % P;
  }
  return sums;
}

function makeTable(): AffinePoint[][] {
  let point = Point.BASE;
  const doublings = Array.from({ length: DIGITS * 8 }, () => {
    const before = point;
    point = point.double();
    return before;
  });
  const affine = normalizeZ(Point, doublings).map((doubling) => doubling.toAffine());
  const once = affine.filter((_, bit) => bit % 8 === 0);
  const rows = once.map((first) => [first]);
  // No point is added to itself or to its negative: the double comes from doubling, and the multiples after it are larger.
  let multiples: readonly (AffinePoint | undefined)[] = affine.filter((_, bit) => bit % 8 === 1);
  for (let digit = 2; digit <= MAX_DIGIT; digit += 1) {
    for (const [place, multiple] of multiples.entries()) if (multiple !== undefined) rows[place]?.push(multiple);
    multiples = addEach(multiples, once);
  }
  return rows;
}
