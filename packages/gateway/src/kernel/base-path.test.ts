import { describe, expect, it } from 'vitest';
import { basePathOf, withoutBase } from './base-path.ts';

describe('the base path', () => {
  it.each([
    ['https://pay.example', ''],
    ['https://pay.example/', ''],
    ['https://shop.example/pay', '/pay'],
    ['https://shop.example/a/b/', '/a/b'],
  ])('of %s is %j', (url, path) => expect(basePathOf(url)).toBe(path));

  it.each([
    ['/pay/checkout/1?a=b', '/pay', '/checkout/1?a=b'],
    ['/checkout/1', '/pay', '/checkout/1'],
    ['/payment-order', '/pay', '/payment-order'],
    ['/pay', '/pay', '/pay'],
    ['/checkout/1', '', '/checkout/1'],
  ])('%s without %j is %s', (url, base, path) => expect(withoutBase(url, base)).toBe(path));
});
