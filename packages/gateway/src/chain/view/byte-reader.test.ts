import * as fc from 'fast-check';
import { CompactSize } from '@scure/btc-signer/script.js';
import { describe, expect, it } from 'vitest';
import { ByteReader, MalformedChainDataError } from './byte-reader.ts';
import { compactSizeBytes } from './transaction.ts';

const reader = (hex: string): ByteReader => new ByteReader(Buffer.from(hex, 'hex'));

describe('reading consensus serialisation', () => {
  it.each([
    ['00', 0],
    ['fc', 0xfc],
    ['fdfd00', 0xfd],
    ['fdffff', 0xffff],
    ['fe00000100', 0x10000],
    ['feffffffff', 0xffffffff],
    ['ff0000000001000000', 2 ** 32],
    ['ffffffffffffff1f00', Number.MAX_SAFE_INTEGER],
  ])('reads the CompactSize %s as %d and stops after it', (hex, value) => {
    const from = reader(`${hex}aa`);
    expect(from.compactSize()).toBe(value);
    expect(from.remaining).toBe(1);
  });

  it('refuses a CompactSize beyond any block, which a number could not hold', () => {
    expect(() => reader('ff00000000000020').compactSize()).toThrow(MalformedChainDataError);
    expect(() => reader('ff0000000000002000').compactSize()).toThrow(/CompactSize of 9007199254740992 at 0/);
  });

  it('reads every CompactSize written by us or by another library', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat({ max: 0x1_0010 }), fc.integer({ min: 0, max: 0xffffffff })), (value) => {
        const bytes = compactSizeBytes(value);
        expect(new ByteReader(bytes).compactSize()).toBe(value);
        expect(Buffer.from(bytes)).toEqual(Buffer.from(CompactSize.encode(BigInt(value))));
      }),
    );
  });

  it('reads little-endian numbers, even from the middle of a larger buffer', () => {
    const whole = Buffer.from('ffff01020304 0102030405060708ff'.replace(' ', ''), 'hex');
    const from = new ByteReader(whole.subarray(2));
    expect(from.uint32()).toBe(0x04030201);
    expect(from.uint64()).toBe(0x0807060504030201n);
    expect(from.remaining).toBe(1);
  });

  it.each<[string, string, (from: ByteReader) => unknown]>([
    ['take', '0102', (from) => from.take(3)],
    ['skip', '0102', (from) => from.skip(3)],
    ['peek', '01', (from) => from.peek(1)],
    ['uint32', '010203', (from) => from.uint32()],
    ['uint64', '01020304050607', (from) => from.uint64()],
    ['compactSize of nothing', '', (from) => from.compactSize()],
    ['compactSize of three bytes', 'fd01', (from) => from.compactSize()],
    ['compactSize of five bytes', 'fe010203', (from) => from.compactSize()],
    ['compactSize of nine bytes', 'ff01020304050607', (from) => from.compactSize()],
  ])('refuses to read past the end with %s, and does not move', (_, hex, read) => {
    const from = reader(hex);
    expect(() => read(from)).toThrow(MalformedChainDataError);
    expect(from.offset).toBe(0);
  });
});
