import { secp256k1 } from '@noble/curves/secp256k1.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMultiples } from './add-multiples.ts';

const { Point } = secp256k1;
const ORDER = Point.Fn.ORDER;

/** Digits at the limits of the table: 0, the largest positive and negative ones, and those that carry. */
const limitBytes = fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0x81, 0xff);
const multiple = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  fc.array(limitBytes, { minLength: 32, maxLength: 32 }).map((bytes) => Uint8Array.from(bytes)),
);
const secret = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => (numberOf(bytes) % (ORDER - 1n)) + 1n);

describe('multiples of the generator, added to a point', () => {
  it('are what another library computes one by one', () => {
    fc.assert(
      fc.property(secret, fc.array(multiple, { maxLength: 20 }), (start, multiples) => {
        const point = Point.BASE.multiply(start);
        const expected = multiples.map((bytes) => point.add(Point.BASE.multiplyUnsafe(numberOf(bytes) % ORDER)));
        expect(addMultiples(point.toAffine(), multiples)).toEqual(expected.map((sum) => sum.toAffine()));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['a point to itself', 5n, 5n],
    ['a point to its negative', 5n, 251n],
    ['a point to itself in a higher place', 256n, 256n],
    ['the last carry to its negative', 2n * ORDER - 2n ** 256n + 1n, 2n ** 256n - 1n],
  ])('are undefined where a step would add %s, and only there', (_, start, special) => {
    const point = Point.BASE.multiply(start);
    const [before, sum, after] = addMultiples(point.toAffine(), [bytesOf(7n << 40n), bytesOf(special), bytesOf(9n << 40n)]);
    expect(sum).toBeUndefined();
    expect([before, after]).toEqual([7n, 9n].map((n) => point.add(Point.BASE.multiply(n << 40n)).toAffine()));
  });
});

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function bytesOf(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}
