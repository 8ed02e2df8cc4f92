import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WalletId } from '../../wallet/wallet-id.ts';
import { mergeMarks, type Marks, type WalletMark } from '../marks.ts';
import { formatMarks, parseMarks } from './marks-text.ts';

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: length, maxLength: length });
const someMark: fc.Arbitrary<WalletMark> = fc
  .tuple(fc.nat(2 ** 31), fc.nat(2 ** 31), hex(16))
  .map(([a, b, by]) => ({ from: Math.min(a, b), mark: Math.max(a, b), by }));
const someMarks: fc.Arbitrary<Marks> = fc
  .array(fc.tuple(hex(64), someMark), { maxLength: 6 })
  .map((entries) => new Map(entries as [WalletId, WalletMark][]));

const WALLET = 'ab'.repeat(32) as WalletId;
const TEXT = formatMarks(new Map([[WALLET, { from: 3, mark: 8, by: '0123456789abcdef' }]]));

describe('the text of a marks file', () => {
  it('is parsed to the marks that were formatted', () => {
    fc.assert(
      fc.property(someMarks, (marks) => {
        const read = parseMarks(formatMarks(marks));
        expect(read.size).toBe(marks.size);
        for (const [wallet, mark] of marks) expect(read.get(wallet)).toEqual(mark);
      }),
    );
  });

  it('is refused if it was truncated or any character of it was changed', () => {
    fc.assert(
      fc.property(someMarks, fc.nat(), fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (marks, cut, at, letter) => {
        const text = formatMarks(marks);
        expect(() => parseMarks(text.slice(0, cut % text.length))).toThrow(RangeError);
        const index = at % text.length;
        fc.pre(text[index] !== letter);
        expect(() => parseMarks(text.slice(0, index) + letter + text.slice(index + 1))).toThrow(RangeError);
      }),
    );
  });

  it.each([
    ['', 'expected a last line with its SHA-256, got none'],
    [TEXT.replace(' 8 ', ' 7 '), 'its SHA-256 does not match'],
    ['webpos marks 2\nsomething else\n', 'a newer WebPOS wrote it'],
  ])('is refused with a reason if it is %j', (text, message) => {
    expect(() => parseMarks(text)).toThrow(message);
  });
});

describe('merged marks', () => {
  it('cover both sets of marks, and do not change if they are merged again', () => {
    fc.assert(
      fc.property(someMarks, someMarks, (a, b) => {
        const merged = mergeMarks(a, b);
        for (const [wallet, { from, mark }] of [...a, ...b]) {
          expect(merged.get(wallet)?.mark).toBeGreaterThanOrEqual(mark);
          expect(merged.get(wallet)?.from).toBeGreaterThanOrEqual(from);
        }
        expect(new Set(merged.keys())).toEqual(new Set([...a.keys(), ...b.keys()]));
        expect(mergeMarks(merged, b)).toEqual(merged);
        // The result can still be written and read.
        expect(parseMarks(formatMarks(merged)).size).toBe(merged.size);
      }),
    );
  });
});
