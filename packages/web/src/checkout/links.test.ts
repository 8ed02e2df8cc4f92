import { expect, it } from 'vitest';
import { formTarget, webUrl } from './links.ts';

it('links lead to letters beyond ASCII for the ten-thousandth time as for the first', () => {
  const url = 'https://k\u00fcche.example/danke';
  for (let time = 0; time < 30_000; time += 1) {
    if (webUrl(url) !== url || formTarget('/k\u00fcche') === null) throw new Error('the link was left out');
  }
  expect([webUrl(url), formTarget('/k\u00fcche')]).toEqual([url, '/k\u00fcche']);
});
