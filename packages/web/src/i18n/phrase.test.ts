import { describe, expect, it } from 'vitest';

import { fill, plainText, spokenText } from './phrase.ts';

describe('a phrase', () => {
  it('keeps its values apart from its words, and takes in other phrases', () => {
    expect(fill('Received: {received} ({more}).', { received: '1 BTC', more: fill('of {n}', { n: '2' }) })).toEqual([
      'Received: ',
      { value: '1 BTC' },
      ' (',
      'of ',
      { value: '2' },
      ').',
    ]);
  });

  it('names the value that is missing', () => {
    expect(() => fill('Pay {amount}', {})).toThrow('expected a value for {amount}');
  });

  it('isolates its values as plain text where directions differ', () => {
    expect(plainText(fill('Pay {merchant}', { merchant: 'Café' }), 'ltr')).toBe('Pay Café');
    expect(plainText(fill('Pay {merchant}', { merchant: 'مقهى' }), 'ltr')).toBe('Pay \u2068مقهى\u2069');
    expect(plainText(fill('ادفع {amount}', { amount: '0.0001 BTC' }), 'rtl')).toBe('ادفع \u20680.0001 BTC\u2069');
  });

  it('says an amount as one number', () => {
    expect(spokenText(fill('Received: {received}', { received: '0.000\u202F166\u202F67\u00A0BTC' }))).toBe(
      'Received: 0.00016667\u00A0BTC',
    );
  });
});
