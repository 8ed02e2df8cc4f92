import { describe, expect, it } from 'vitest';
import { epochMs } from '../kernel/clock.ts';
import { fixedRates, parseFixedRates } from './fixed.ts';

describe('fixed rates', () => {
  it.each([
    ['fixed:EUR=60000', { EUR: '60000' }],
    ['fixed:EUR=60000,USD=65000.50', { EUR: '60000', USD: '65000.50' }],
    ['fixed:EUR=60000, USD=65000', { EUR: '60000', USD: '65000' }],
    ['fixed:JPY=0.00000001', { JPY: '0.00000001' }],
  ])('%s are parsed exactly', (text, rates) => {
    expect(Object.fromEntries(parseFixedRates(text))).toEqual(rates);
  });

  it.each([
    ['', /expected fixed:CURRENCY=RATE/],
    ['EUR=60000', /expected fixed:CURRENCY=RATE.*got "EUR=60000"/],
    ['kraken,bitstamp', /expected fixed:CURRENCY=RATE/],
    ['fixed:', /such as EUR=60000, got ""/],
    ['fixed:EUR', /got "EUR"/],
    ['fixed:EUR=', /got "EUR="/],
    ['fixed:EUR=0', /got "EUR=0"/],
    ['fixed:EUR=0.00', /got "EUR=0.00"/],
    ['fixed:EUR=-1', /got "EUR=-1"/],
    ['fixed:EUR=6e4', /got "EUR=6e4"/],
    ['fixed:EUR=60,000', /got "000"/],
    ['fixed:eur=60000', /got "eur=60000"/],
    ['fixed:EUR=60000,', /got ""/],
    ['fixed:EUR=60000,USD=x', /got "USD=x"/],
    ['fixed:EUR=1.123456789', /got "EUR=1.123456789"/],
    ['fixed:EUR=60000,USD=65000,EUR=61000', /EUR once, got "EUR=61000" as well/],
  ])('%j are refused, and the error names the invalid part', (text, message) => {
    expect(() => parseFixedRates(text)).toThrow(RangeError);
    expect(() => parseFixedRates(text)).toThrow(message);
  });

  it('are always current, and undefined for other currencies', () => {
    let now = epochMs(1000);
    const source = fixedRates(parseFixedRates('fixed:EUR=60000'), { now: () => now });
    expect(source.rate('EUR')).toEqual({ source: 'fixed', value: '60000', at: 1000 });
    now = epochMs(2000);
    expect(source.rate('EUR')?.at).toBe(2000);
    expect(source.rate('USD')).toBeUndefined();
    expect(source.rate('eur')).toBeUndefined();
  });
});
