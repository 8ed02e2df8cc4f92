import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { returnUrl } from './return-url.ts';

const id = '0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d01';

describe('the URL that the buyer returns to', () => {
  it.each([
    ['https://shop.example', `https://shop.example?payment_id=${id}`],
    ['https://shop.example/thanks', `https://shop.example/thanks?payment_id=${id}`],
    ['https://shop.example/thanks?order=7', `https://shop.example/thanks?order=7&payment_id=${id}`],
    ['https://shop.example/thanks?', `https://shop.example/thanks?payment_id=${id}`],
    ['https://shop.example/?q=why?', `https://shop.example/?q=why?&payment_id=${id}`],
    ['https://shop.example/thanks&', `https://shop.example/thanks&payment_id=${id}&?payment_id=${id}`],
    // A plug-in that reads a parameter named `?payment_id`.
    ['https://shop.example/?key=wc_order_1&', `https://shop.example/?key=wc_order_1&payment_id=${id}&?payment_id=${id}`],
    ['https://shop.example/thanks#paid', `https://shop.example/thanks?payment_id=${id}#paid`],
    ['https://shop.example/thanks?order=7#paid?', `https://shop.example/thanks?order=7&payment_id=${id}#paid?`],
    ['https://shop.example/?order=7&#paid', `https://shop.example/?order=7&payment_id=${id}&?payment_id=${id}#paid`],
  ])('%s becomes %s', (url, expected) => {
    expect(returnUrl(url, id)).toBe(expected);
  });

  it('carries the id and everything that it carried before', () => {
    // Without a query, a URL that ends in `&` is all path, so the first name becomes a part of the path.
    const url = fc.webUrl({ withFragments: true, withQueryParameters: true }).filter((text) => !/^[^?#]*&(?:#|$)/.test(text));
    fc.assert(
      fc.property(url, (text) => {
        const before = new URL(text);
        const after = new URL(returnUrl(text, id));
        expect(after.searchParams.get('payment_id')).toBe(id);
        expect([after.origin, after.pathname, after.hash]).toEqual([before.origin, before.pathname, before.hash]);
        for (const [name, value] of before.searchParams) expect(after.searchParams.getAll(name)).toContain(value);
      }),
      { numRuns: 1000 },
    );
  });
});
