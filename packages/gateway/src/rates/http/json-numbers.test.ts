import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJsonNumbersAsText } from './json-numbers.ts';

it.each<[string, unknown]>([
  ['57204.10', '57204.10'],
  ['[1,-2.50,3e5]', ['1', '-2.50', '3e5']],
  ['{"a":{"1":"2","b":0.1}}', { a: { '1': '2', b: '0.1' } }],
  ['{"say \\"3\\"":4}', { 'say "3"': '4' }],
  ['"\\\\"', '\\'],
  ['[true,null,9007199254740993.123456789]', [true, null, '9007199254740993.123456789']],
])('%s keeps its numbers as they are written', (text, value) => {
  expect(parseJsonNumbersAsText(text)).toEqual(value);
});

it('JSON without numbers is parsed as by JSON.parse', () => {
  const json = fc
    .jsonValue({ noUnicodeString: false })
    .map((value) => JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' ? `${each}` : each)));
  fc.assert(
    fc.property(json, (text) => {
      expect(parseJsonNumbersAsText(text)).toEqual(JSON.parse(text));
    }),
  );
});

it.each(['', '{', '[1,]', '1 2x', '01x'])('%j is refused', (text) => {
  expect(() => parseJsonNumbersAsText(text)).toThrow(SyntaxError);
});
