import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePageOrigin } from './page-origin.ts';

const live = { allowLocal: false };
const sandbox = { allowLocal: true };

describe('an origin whose pages may embed the checkout', () => {
  it.each([
    'https://shop.example',
    'https://www.shop.example:8443',
    'https://xn--kche-0ra.example',
    'https://192.0.2.7',
    'https://[2001:db8::7]',
  ])('may be %s', (text) => {
    expect(parsePageOrigin(text, live)).toBe(text);
  });

  it.each(['http://localhost', 'http://localhost:3000', 'http://127.0.0.1:8081', 'http://[::1]:3000'])(
    'may be %s only in the sandbox',
    (text) => {
      expect(parsePageOrigin(text, sandbox)).toBe(text);
      expect(() => parsePageOrigin(text, live)).toThrow(/^expected an origin such as https:\/\/shop\.example, got/);
    },
  );

  it.each([
    '',
    '*',
    'null',
    'shop.example',
    'http://shop.example',
    'http://localhost.shop.example',
    'https://*.shop.example',
    'https://*',
    "https://shop.example;script-src'self'",
    'https://a,b',
    'https://shop.example https://other.example',
    'javascript:alert(1)',
    'data:text/html,x',
  ])('may not be %j', (text) => {
    expect(() => parsePageOrigin(text, sandbox)).toThrow(/^expected an origin such as/);
  });

  it.each([
    ['https://shop.example/', 'https://shop.example'],
    ['https://shop.example/checkout', 'https://shop.example'],
    ['https://shop.example:443', 'https://shop.example'],
    ['https://Shop.example', 'https://shop.example'],
    ['https://shop.example ', 'https://shop.example'],
    ['https://user:hush@shop.example', 'https://shop.example'],
    ['https://k\u00fcche.example', 'https://xn--kche-0ra.example'],
  ])('must be bare, so not %j', (text, bare) => {
    expect(() => parsePageOrigin(text, live)).toThrow(`expected the bare origin ${bare}, got something else`);
  });

  it('never contains a character that ends a source or a directive of a policy', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (rest) => {
        let taken = '';
        try {
          taken = parsePageOrigin(`https://${rest}`, sandbox);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
        expect(taken).toMatch(/^[\da-z:/._[\]-]*$/);
      }),
      { numRuns: 3_000 },
    );
  });
});
