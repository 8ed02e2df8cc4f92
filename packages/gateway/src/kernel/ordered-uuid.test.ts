import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUuidV4 } from './ids.ts';
import { orderedUuid } from './ordered-uuid.ts';

const time = fc.integer({ min: Date.UTC(2026), max: Date.UTC(2039) });

test('an ordered id is a version 4 UUID that keeps the random digits after the time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8.64e15 }), fc.uuid({ version: 4 }), (at, uuid) => {
      const id = orderedUuid(at, uuid);
      expect(isUuidV4(id)).toBe(true);
      expect(id.slice(11)).toBe(uuid.slice(11));
    }),
  );
});

test('ordered ids sort by the time of their creation', () => {
  fc.assert(
    fc.property(time, time, (one, other) => {
      fc.pre(one !== other);
      expect(orderedUuid(one, randomUUID()) < orderedUuid(other, randomUUID())).toBe(one < other);
    }),
  );
});

test('ordered ids of the same millisecond differ', () => {
  const ids = Array.from({ length: 1_000 }, () => orderedUuid(1_795_478_400_000, randomUUID()));
  expect(new Set(ids).size).toBe(1_000);
});
