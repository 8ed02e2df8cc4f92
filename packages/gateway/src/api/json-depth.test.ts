import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isDeeperThan } from './json-depth.ts';

const confirmationsOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(confirmationsOf)) : 0;

it('isDeeperThan measures the depth of any JSON, whatever its strings contain', () => {
  const strings = fc.constantFrom('[', ']', '{{{', '"', '\\', '\\"', '\\\\', 'é😀');
  const { value: json } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 6 }, strings, fc.integer(), fc.array(tie('value')), fc.dictionary(strings, tie('value'))),
  }));
  fc.assert(
    fc.property(json, fc.boolean(), (value, spaced) => {
      const text = Buffer.from(JSON.stringify(value, null, spaced ? 2 : 0));
      const depth = confirmationsOf(value);
      expect([isDeeperThan(depth - 1, text), isDeeperThan(depth, text)]).toEqual([depth > 0, false]);
    }),
  );
});
