import { describe, expect, it } from 'vitest';

import { LANGUAGES } from './languages.ts';
import { numbersOf, satsOf } from './numbers.ts';

const LOCALES = [
  ...LANGUAGES.map(({ tag }) => tag),
  'de-CH',
  'de-AT',
  'fr-CH',
  'it-CH',
  'es-MX',
  'pt-PT',
  'pt-BR',
  'en-GB',
  'en-ZA',
  'ar-MA',
];

describe('bitcoin', () => {
  it.each([
    ['en', '0.00005834', '0.000\u202F058\u202F34\u00A0BTC'],
    ['en', '0.0002', '0.000\u202F200\u202F00\u00A0BTC'],
    ['en', '1', '1.000\u202F000\u202F00\u00A0BTC'],
    ['en', '12345.00016667', '12,345.000\u202F166\u202F67\u00A0BTC'],
    ['de', '12345.00016667', '12.345,000\u202F166\u202F67\u00A0BTC'],
    ['de-CH', '12345.00016667', '12’345.000\u202F166\u202F67\u00A0BTC'],
    ['es-MX', '0.00016667', '0.000\u202F166\u202F67\u00A0BTC'],
    ['es', '0.00016667', '0,000\u202F166\u202F67\u00A0BTC'],
  ])('in %s, %s is written with eight decimals in groups', (locale, amount, text) => {
    expect(numbersOf(locale).btc(amount).replace("'", '’')).toBe(text);
  });

  it.each([
    ['en', '16,667\u00A0sat'],
    ['it', '16.667\u00A0sat'],
    ['fr', '16\u202F667\u00A0sat'],
  ])('in %s is written in satoshi with grouping', (locale, text) => {
    expect(numbersOf(locale).sat('0.00016667')).toBe(text);
  });

  it('is exact in satoshi', () => {
    expect(['0', '0.00000001', '0.0001', '21000000', '20999999.99999999'].map(satsOf)).toEqual([
      '0',
      '1',
      '10000',
      '2100000000000000',
      '2099999999999999',
    ]);
  });

  it.each(LOCALES)('in %s has the decimal separator that prices have, and western digits', (locale) => {
    const { btc, fiat } = numbersOf(locale);
    const separators = (text: string): string => text.replaceAll(/[\d\s\p{L}\p{Sc}\p{Cf}]/gu, '');
    expect(separators(btc('0.00016667'))).toBe(separators(fiat('10.00', 'EUR')));
    expect(btc('12345.00016667').replaceAll(/\D/g, '')).toBe('1234500016667');
  });
});

describe('money', () => {
  it('has the decimals that it came with, and is never a float', () => {
    expect(numbersOf('en').fiat('90071992547409931.10', 'EUR')).toBe('€90,071,992,547,409,931.10');
    expect(numbersOf('en').fiat('1500', 'JPY')).toBe('¥1,500');
  });

  it.each([
    ['pt-BR', '€\u00A010,00'],
    ['pt-PT', '10,00\u00A0€'],
    ['de-CH', 'EUR\u00A010.00'],
    ['es-MX', 'EUR\u00A010.00'],
  ])('goes by the region %s', (locale, text) => {
    expect(numbersOf(locale).fiat('10.00', 'EUR')).toBe(text);
  });
});

describe('dates', () => {
  it.each(LOCALES.filter((locale) => locale !== 'fr-CA'))('in %s say 00:05 after midnight, in UTC', (locale) => {
    const text = numbersOf(locale).date('2026-11-24T00:05:00.000Z');
    expect(text).toContain('00:05');
    expect(text).toContain('24');
    expect(text).toContain('UTC');
  });

  it('go by the region, and break only after a comma', () => {
    expect(numbersOf('en').date('2026-11-24T18:31:00.000Z')).toBe('Nov\u00A024, 2026, 18:31\u00A0UTC');
    expect(numbersOf('en-GB').date('2026-11-24T18:31:00.000Z')).toBe('24\u00A0Nov\u00A02026, 18:31\u00A0UTC');
  });
});

describe('a time from now', () => {
  const now = '2026-11-24T12:00:00.000Z';

  it.each([
    ['en', '2026-11-24T12:00:00.000Z', '0 seconds ago'],
    ['en', '2026-11-24T11:59:59.000Z', '1 second ago'],
    ['en', '2026-11-24T12:01:29.000Z', 'in 89 seconds'],
    ['en', '2026-11-24T12:01:30.000Z', 'in 2 minutes'],
    ['en', '2026-11-24T10:00:00.000Z', '2 hours ago'],
    ['en', '2026-11-21T12:00:00.000Z', '3 days ago'],
    ['de', '2026-11-21T12:00:00.000Z', 'vor 3 Tagen'],
    ['ar', '2026-11-22T11:00:00.000Z', 'قبل يومين'],
    ['ar', '2026-11-24T11:55:00.000Z', 'قبل 5 دقائق'],
    ['ja', '2026-11-24T12:05:00.000Z', '5 分後'],
  ])('is in %s: %s is %s', (locale, iso, text) => {
    expect(numbersOf(locale).fromNow(iso, now)).toBe(text);
  });
});
