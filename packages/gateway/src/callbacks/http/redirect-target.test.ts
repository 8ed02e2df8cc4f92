import { expect, it } from 'vitest';
import { redirectTarget } from './redirect-target.ts';

const FROM = 'https://shop.example/hook?key=s3cret';

it.each([
  [301, 'https://www.shop.example/hook', 'https://www.shop.example/hook'],
  [302, '/login?next=%2Fhook&token=s3cret#x', 'https://shop.example/login'],
  [307, '//user:s3cret@other.example:8443/a', 'https://other.example:8443/a'],
  [308, 'http://shop.example/', 'http://shop.example/'],
  [303, `/${'x'.repeat(10_000)}`, `https://shop.example/${'x'.repeat(179)}…`],
  [301, '/\u202e\u0000x', 'https://shop.example/%E2%80%AE%00x'],
  [304, '/a', undefined],
  [301, 'javascript:alert(1)', undefined],
  [301, 'https://', undefined],
  [301, undefined, undefined],
  [301, ['/a', '/b'], undefined],
  [200, '/a', undefined],
  [404, '/a', undefined],
])('a redirect with status %i to %j is described as %j', (status, location, expected) => {
  expect(redirectTarget(FROM, status, location)).toBe(expected);
});
