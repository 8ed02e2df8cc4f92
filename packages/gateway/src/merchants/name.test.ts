import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_NAME_CHARACTERS, parseName } from './name.ts';

describe('a name', () => {
  it.each(['Corner shop', ' Café 東京 ', `Rosa's "Bar" <3`, '👩‍👩‍👧‍👦', 'متجر', 'x', 'é'.repeat(64)])('may be %s', (text) => {
    expect(parseName(text)).toBe(text.trim());
  });

  it.each([
    ['', 'at least one visible character'],
    ['   ', 'at least one visible character'],
    ['\u200b\u200d', 'at least one visible character'],
    ['a\nb', 'U+000A'],
    ['a\r\nb', 'U+000D'],
    ['a\u0000b', 'U+0000'],
    ['a\u2028b', 'U+2028'],
    ['shop\u202egnp.exe', 'U+202E'],
    ['a\u2066b', 'U+2066'],
    ['a\ud800b', 'half of a surrogate pair'],
    ['x'.repeat(65), 'at most 64 characters, got 65'],
    ['😀'.repeat(200), 'at most 64 characters, got 200'],
  ])('may not be %j', (text, expected) => {
    expect(() => parseName(text)).toThrow(expected);
  });

  it('is one line of valid text, and does not change when it is parsed again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        let name;
        try {
          name = parseName(text);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        expect(parseName(name)).toBe(name);
        expect([...name].length).toBeLessThanOrEqual(MAX_NAME_CHARACTERS);
        expect(() => encodeURIComponent(name)).not.toThrow();
      }),
    );
  });
});
