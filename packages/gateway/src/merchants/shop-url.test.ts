import { describe, expect, it } from 'vitest';
import { parseHostList } from '../config/host-list.ts';
import { parseShopUrl } from './shop-url.ts';

it('a URL with letters beyond ASCII is still accepted the 30,000th time', () => {
  const url = 'https://k\u00fcche.example/danke';
  for (let time = 0; time < 30_000; time += 1) {
    if (parseShopUrl(url, { allowHttp: false }) !== url) throw new Error('the URL was changed');
  }
  expect(parseShopUrl(url, { allowHttp: false })).toBe(url);
});

describe('an http URL', () => {
  const rules = { allowHttp: false, httpHosts: parseHostList('shop.lan,10.0.0.5,fd00:1::/32') };

  it.each(['http://shop.lan/hook', 'http://SHOP.lan:8080/', 'http://10.0.0.5/', 'http://[fd00:1::7]/'])(
    'is accepted if its host is listed: %s',
    (url) => {
      expect(parseShopUrl(url, rules)).toBe(url);
      expect(() => parseShopUrl(url, { allowHttp: false })).toThrow('must be an https URL');
    },
  );

  it.each(['http://10.0.0.6/', 'http://shop.lan.evil.example/', 'http://evil.example/shop.lan', 'ftp://shop.lan/'])(
    'is refused otherwise: %s',
    (url) => {
      expect(() => parseShopUrl(url, rules)).toThrow('must be an https URL');
    },
  );
});
