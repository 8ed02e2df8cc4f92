/** A public URL with a path, behind a proxy that passes the path on or strips it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pngOf } from '../../../test/support/logos.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';
import { parseLogo } from '../../merchants/logo-image.ts';

let test: TestGateway;
let shop: Shop;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_PUBLIC_URL: 'https://shop.example/pay' });
  const logo = parseLogo(pngOf(4, 4));
  shop = await test.newPos({ look: { logo, accent: '#f7931a', origins: ['https://shop.example'] } });
});
afterAll(() => test[Symbol.asyncDispose]());

describe.each([
  { proxy: 'passes the path on', arrivesAs: (path: string) => path },
  { proxy: 'takes the path off', arrivesAs: (path: string) => path.replace(/^\/pay/, '') },
])('behind a proxy that $proxy', ({ arrivesAs }) => {
  // As in a frame, where a page loads every asset.
  const get = (path: string): Promise<Answer> => test.call('GET', arrivesAs(path), { headers: { 'sec-fetch-dest': 'iframe' } });

  it('serves the API, the page, and everything that the page links to', async () => {
    const created = await test.call('POST', arrivesAs('/pay/payment-order'), { token: shop.token, body: { amount: '10.00' } });
    expect(created.status, created.text).toBe(201);
    const { redirect_url } = created.body as { redirect_url: string };
    expect(redirect_url).toMatch(/^https:\/\/shop\.example\/pay\/checkout\//);
    const page = await get(new URL(redirect_url).pathname);
    expect(page.status).toBe(200);
    const links = [...page.text.matchAll(/(?:href|src|action|data-events)="(\/[^"]*)"/g)].map(([, url = '']) => url);
    expect(links.filter((url) => !url.startsWith('/pay/'))).toEqual([]);
    for (const file of ['/pay/assets/checkout.js', '/pay/assets/framed.js', '/pay/logos/'])
      expect(links.some((url) => url.startsWith(file))).toBe(true);
    for (const file of ['/pay/checkout.js', '/pay/checkout.mjs']) expect((await get(file)).status).toBe(200);
    const pages = links.filter((url) => !/sandbox|events/.test(url));
    for (const url of pages) expect((await get(url.replaceAll('&amp;', '&'))).status, url).toBe(200);
  });

  it('leads from a form back to the page under the public path', async () => {
    const { body } = await test.call('POST', arrivesAs('/pay/payment-order'), { token: shop.token, body: { amount: '10.00' } });
    const { uuid } = body as { uuid: string };
    const form = { body: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    for (const [path, back] of [
      ['sandbox/pay', ''],
      ['cancel', '?cancelled=1'],
    ]) {
      const answer = await test.call('POST', arrivesAs(`/pay/checkout/${uuid}/${path}`), form);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `/pay/checkout/${uuid}${back}`]);
    }
  });
});
