import { describe, expect, it } from 'vitest';
import { parseSupport } from './support.ts';

describe('the contact for buyers', () => {
  it.each(['help@shop.example', '+39 06 123 4567', '(06) 123-4567', 'https://shop.example/help?about=payments'])(
    'may be %s',
    (text) => {
      expect(parseSupport(text)).toBe(text);
    },
  );

  it.each([
    '',
    ' ',
    'ask at the till',
    'javascript:alert(1)',
    'http://shop.example',
    'https://user:word@shop.example',
    'https://shop.example/a b',
    'help@shop',
    'help@shop.example?subject=x',
    'help@shop.example\n',
    '12',
    '-----',
  ])('may not be %j', (text) => {
    expect(() => parseSupport(text)).toThrow('expected an e-mail address, a telephone number or an https URL, got');
  });

  it('may not be longer than 120 characters', () => {
    expect(() => parseSupport(`${'a'.repeat(120)}@shop.example`)).toThrow('expected at most 120 characters, got 133');
  });
});
