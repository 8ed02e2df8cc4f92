import { describe, expect, it } from 'vitest';
import { parseAddress, parseEmail, parsePhone, parseTaxId, parseTimeZone, parseWebsite } from './parse-merchant.ts';

describe('the details of a merchant', () => {
  it.each(['Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'])('know the time zone %s', (zone) => {
    expect(parseTimeZone(` ${zone} `)).toBe(zone);
  });

  it('know a time zone in other capitals', () => {
    expect(parseTimeZone('europe/berlin')).toBe('Europe/Berlin');
  });

  it.each(['', 'Mars/Olympus', '+02:00', 'x'.repeat(100)])('refuse the time zone %s', (zone) => {
    expect(() => parseTimeZone(zone)).toThrow('expected the name of a time zone such as Europe/Berlin');
  });

  it('leave empty lines out of the address, and refuse too many and invisible characters', () => {
    expect(parseAddress([' 1 High Street ', '', 'London'])).toEqual(['1 High Street', 'London']);
    expect(() => parseAddress(Array.from({ length: 7 }, (_, at) => `line ${at}`))).toThrow('expected at most 6 lines, got 7');
    expect(() => parseAddress(['a\u202eb'])).toThrow('U+202E');
    expect(() => parseTaxId('a\nb')).toThrow('U+000A');
  });

  it('accept contacts of their kind only', () => {
    expect(parseEmail('shop@example.com')).toBe('shop@example.com');
    expect(parsePhone('+49 30 123456')).toBe('+49 30 123456');
    expect(parseWebsite('https://shop.example/')).toBe('https://shop.example/');
    expect(() => parseEmail('https://shop.example')).toThrow('expected an e-mail address');
    expect(() => parsePhone('shop@example.com')).toThrow('expected a telephone number');
    expect(() => parseWebsite('javascript:alert(1)')).toThrow('expected an https URL');
  });
});
