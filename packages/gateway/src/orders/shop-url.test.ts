import { expect, it } from 'vitest';
import { parseShopUrl } from './shop-url.ts';

it('takes a URL with letters beyond ASCII for the ten-thousandth time as for the first', () => {
  const url = 'https://k\u00fcche.example/danke';
  for (let time = 0; time < 30_000; time += 1) {
    if (parseShopUrl(url, { allowHttp: false }) !== url) throw new Error('the URL came back as another');
  }
  expect(parseShopUrl(url, { allowHttp: false })).toBe(url);
});
