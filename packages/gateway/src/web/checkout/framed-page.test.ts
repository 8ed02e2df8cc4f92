/** Pages in a frame, and the script that shops load to show them in one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shopAssets } from '@webpos/web';
import { openTestGateway, type TestGateway } from '../../../test/support/test-gateway.ts';
import type { LookChange } from '../../services/merchants/change-look.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await openTestGateway();
});
afterAll(() => test[Symbol.asyncDispose]());

async function newOrder(look: LookChange): Promise<string> {
  const shop = await test.newPos({ look, defaults: { cancelUrl: 'https://shop.example/basket' } });
  const { body } = await test.call('POST', '/payment-order', {
    token: shop.token,
    body: { amount: '10.00', required_confirmations: 0 },
  });
  return (body as { uuid: string }).uuid;
}

describe('a page that the browser loads into a frame', () => {
  const framed = { headers: { 'sec-fetch-dest': 'iframe' } };

  it("knows which origins may hear from it, and the words around it in the buyer's language", async () => {
    const uuid = await newOrder({ origins: ['https://shop.example', 'http://localhost:3000'] });
    for (const page of ['', '/cancel', '/receipt']) {
      const { text } = await test.call('GET', `/checkout/${uuid}${page}?lang=fr`, framed);
      expect(text, page).toContain(`data-payment-id="${uuid}"`);
      expect(text, page).toContain('data-origins="https://shop.example http://localhost:3000"');
      expect(text, page).toMatch(/data-words="[^"]*Fermer/);
      expect(text, page).toContain('/assets/framed.js?v=');
    }
  });

  it.each([
    ['has its window to itself', { origins: ['https://shop.example'] }, {}],
    ['may not be in one', {}, framed],
  ])('and one that %s knows nothing of that', async (_what, look, request) => {
    const { text } = await test.call('GET', `/checkout/${await newOrder(look)}`, request);
    expect(text).not.toMatch(/data-origins|data-words|framed\.js/);
  });

  it('does not lead the frame to the shop, not even without JavaScript', async () => {
    const uuid = await newOrder({ origins: ['https://shop.example'] });
    const form = { body: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    await test.call('POST', `/checkout/${uuid}/cancel`, form);
    const leads = async (request: { headers: Record<string, string> }): Promise<boolean> => {
      const { text } = await test.call('GET', `/checkout/${uuid}?cancelled=1`, request);
      return /http-equiv="refresh"/.test(text);
    };
    expect([await leads(framed), await leads({ headers: {} })]).toEqual([false, true]);
  });
});

describe('the script for shops', () => {
  it.each([...shopAssets])(
    '%s is loaded by pages of any origin, small, and asked for again after an hour',
    async (path, asset) => {
      const answer = await test.call('GET', path, { headers: { 'accept-encoding': 'br' } });
      expect([answer.status, answer.text]).toEqual([200, asset.body]);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': asset.contentType,
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': 'public, max-age=3600',
        'content-encoding': 'br',
        'x-content-type-options': 'nosniff',
      });
      const etag = answer.headers.get('etag') ?? '';
      expect((await test.call('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    },
  );
});
