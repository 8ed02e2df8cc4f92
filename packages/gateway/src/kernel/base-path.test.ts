import { describe, expect, it } from 'vitest';
import { basePathOf, withoutBase } from './base-path.ts';

const ROUTES = new Set(['checkout', 'payment-order']);
const isRoute = (segment: string): boolean => ROUTES.has(segment);

describe('basePathOf', () => {
  it.each([
    ['https://pay.example', ''],
    ['https://pay.example/', ''],
    ['https://shop.example/pay', '/pay'],
    ['https://shop.example/a/b/', '/a/b'],
  ])('finds in %s the path %j', (url, path) => expect(basePathOf(url)).toBe(path));
});

describe('withoutBase', () => {
  it.each([
    ['/pay/checkout/1?a=b', '/pay', '/checkout/1?a=b'],
    ['/pay/payment-order?page=1', '/pay', '/payment-order?page=1'],
    ['/checkout/1', '/pay', '/checkout/1'],
    ['/payment-order', '/pay', '/payment-order'],
    ['/pay', '/pay', '/pay'],
    ['/payment-order', '/payment', '/payment-order'],
    ['/checkout/1', '', '/checkout/1'],
    // A base with the name of a route, removed by the proxy or passed on.
    ['/checkout/1', '/checkout', '/checkout/1'],
    ['/checkout/checkout/1', '/checkout', '/checkout/1'],
    ['/checkout/payment-order?page=1', '/checkout', '/payment-order?page=1'],
  ])('turns %s with the base %j into %s', (url, base, path) => expect(withoutBase(url, base, isRoute)).toBe(path));
});
