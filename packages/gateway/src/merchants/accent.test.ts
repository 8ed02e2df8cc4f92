import { expect, it } from 'vitest';
import { parseAccent } from './accent.ts';

it('a colour is stored in lower case', () => {
  expect(parseAccent('#F7931A')).toBe('#f7931a');
});

it.each(['', 'f7931a', '#fff', '#f7931aff', 'orange', 'rgb(1,2,3)', '#f7931a;', '#f7931a\n'])('%j is not a colour', (text) => {
  expect(() => parseAccent(text)).toThrow(/^expected a colour such as #0c5a46, got/);
});
