import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CorruptRowError } from '../../corrupt-row-error.ts';
import { packBody, type BodyContext } from './pack-body.ts';
import { packRecent, unpackRecent } from './recent-bodies.ts';

const newContext = (): BodyContext => ({
  id: randomUUID(),
  orderId: randomUUID(),
  posId: randomUUID(),
  createdAt: 1_800_000_000_000,
});

describe('a recent body', () => {
  it('is returned without being decompressed', () => {
    const context = newContext();
    // Decompressed, a half of a character would be another one.
    const body = '"\ud800"';
    expect(unpackRecent(packRecent(body, context), context)).toBe(body);
  });

  it('is decompressed if other bytes are stored for its callback', () => {
    const context = newContext();
    packRecent('before', context);
    expect(unpackRecent(packBody('after', context), context)).toBe('after');
    const damaged = packBody('before', context);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
    expect(() => unpackRecent(damaged, context)).toThrow(CorruptRowError);
  });

  it('is decompressed after two thousand others', () => {
    const context = newContext();
    const packed = packRecent('"\ud800"', context);
    for (let n = 0; n < 2_000; n += 1) packRecent('{}', newContext());
    expect(unpackRecent(packed, context)).toBe('"\ufffd"');
  });
});
