import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merkleRootOf } from './merkle.ts';

const doubleSha256 = (part: Uint8Array): Buffer =>
  createHash('sha256').update(createHash('sha256').update(part).digest()).digest();

describe('a merkle root', () => {
  const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const leaves = fc.uniqueArray(leaf, { minLength: 1, maxLength: 40, selector: (hash) => Buffer.from(hash).toString('hex') });

  /** By definition, from the top down: the last hash stands in for those missing on a level. */
  function rootOf(hashes: readonly Uint8Array[], depth: number): Uint8Array {
    if (depth === 0) return hashes[0]!;
    const half = 2 ** (depth - 1);
    const left = rootOf(hashes.slice(0, half), depth - 1);
    const right = hashes.length > half ? rootOf(hashes.slice(half), depth - 1) : left;
    return doubleSha256(Buffer.concat([left, right]));
  }

  it('is correct by definition for any number of transactions, and none of these trees is mutated', () => {
    fc.assert(
      fc.property(leaves, (hashes) => {
        const { root, mutated } = merkleRootOf(hashes);
        expect(Buffer.from(root)).toEqual(Buffer.from(rootOf(hashes, Math.ceil(Math.log2(hashes.length)))));
        expect(mutated).toBe(false);
      }),
    );
  });

  it('of one transaction is its hash', () => {
    const hash = createHash('sha256').update('a transaction').digest();
    expect(Buffer.from(merkleRootOf([hash]).root)).toEqual(hash);
  });

  it('is reported as mutated when a list repeats its end and keeps its root, at every level', () => {
    fc.assert(
      fc.property(leaves, fc.nat({ max: 4 }), (hashes, level) => {
        // If a level has an odd number of nodes, its last node may be repeated without changing the root.
        const size = 2 ** level;
        fc.pre(hashes.length % size === 0 && (hashes.length / size) % 2 === 1 && hashes.length > size);
        const repeated = [...hashes, ...hashes.slice(-size)];
        expect(merkleRootOf(repeated)).toEqual({ root: merkleRootOf(hashes).root, mutated: true });
      }),
    );
  });

  it('does not exist for an empty list', () => {
    expect(() => merkleRootOf([])).toThrow(RangeError);
  });
});
