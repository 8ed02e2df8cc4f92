import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pngOf, svgOf } from '../../../test/support/logos.ts';
import { assertError } from '../../../test/support/shapes.ts';
import { openTestGateway, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';
import { parseLogo, type LogoImage } from '../../merchants/logo-image.ts';
import { changeTerms } from '../../services/merchants/change-terms.ts';

let test: TestGateway;
let shop: Shop;
beforeAll(async () => {
  test = await openTestGateway();
  shop = await test.newPos();
});
afterAll(() => test[Symbol.asyncDispose]());

async function newPage(): Promise<string> {
  const answer = await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00' } });
  return `/checkout/${(answer.body as { uuid: string }).uuid}`;
}

async function logoPath(logo: LogoImage): Promise<string> {
  return `/logos/${(await changeTerms(test.gateway.context, { kind: 'command' }, shop.pos.id, {}, { logo })).look.logo ?? ''}`;
}

describe("a merchant's logo", () => {
  it.each([
    ['PNG', parseLogo(pngOf(8, 8))],
    ['SVG', parseLogo(svgOf('<path d="M0 0h9v9z"/>'))],
  ])('that is a %s is a picture and nothing else, and may be kept for ever', async (_kind, image) => {
    const path = await logoPath(image);
    const answer = await fetch(test.gateway.url + path);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(Uint8Array.from(image.bytes));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': image.mediaType,
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none';.*; sandbox$/);
    expect(policy).not.toContain('script');
    const again = await test.call('GET', path, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it.each(['/logos/', '/logos/x', `/logos/${'0'.repeat(64)}`, `/logos/${'A'.repeat(64)}`])('is not at %s', async (path) => {
    assertError(await test.call('GET', path), 404, '3001');
  });

  it('appears at once on the pages of all orders, as do name and colour', async () => {
    const page = await newPage();
    await changeTerms(test.gateway.context, { kind: 'command' }, shop.pos.id, {}, { logo: null });
    expect((await test.call('GET', page)).text).not.toContain('class="logo"');
    const { name } = shop.pos;
    const path = await logoPath(parseLogo(pngOf(9, 9)));
    await changeTerms(
      test.gateway.context,
      { kind: 'command' },
      shop.pos.id,
      { name: 'Caf\u00e9 <M\u00f6we>' },
      { accent: '#f7931a' },
    );
    const shown = await test.call('GET', page);
    expect(shown.text).toContain(`<img class="logo" src="${path}"`);
    expect(shown.text).toContain('--accent:#f7931a');
    expect(shown.text).toContain('Caf\u00e9 &lt;M\u00f6we>');
    expect(shown.headers.get('content-security-policy')).toMatch(/style-src 'sha256-[^']+' 'sha256-[^']+';/);
    await changeTerms(test.gateway.context, { kind: 'command' }, shop.pos.id, { name }, { accent: null, logo: null });
    const plain = await test.call('GET', page);
    expect(plain.text).not.toMatch(/class="logo"|f7931a/);
  });
});

describe('a page whose POS lists origins', () => {
  it('may be framed only by these origins, on each of its pages', async () => {
    const page = await newPage();
    const headers = async (path: string): Promise<unknown[]> => {
      const { headers: had } = await test.call('GET', path);
      return [had.get('content-security-policy')?.match(/frame-ancestors [^;]*/)?.[0], had.get('x-frame-options')];
    };
    expect(await headers(page)).toEqual(["frame-ancestors 'none'", 'DENY']);
    await changeTerms(
      test.gateway.context,
      { kind: 'command' },
      shop.pos.id,
      {},
      { origins: ['https://shop.example', 'https://www.shop.example'] },
    );
    for (const path of [page, `${page}/cancel`, `${page}/receipt`])
      expect(await headers(path), path).toEqual(['frame-ancestors https://shop.example https://www.shop.example', null]);
    expect(await headers('/checkout/00000000-0000-4000-8000-000000000000')).toEqual(["frame-ancestors 'none'", 'DENY']);
    expect(await headers('/docs')).toEqual([expect.stringContaining("frame-ancestors 'none'"), 'DENY']);
    await changeTerms(test.gateway.context, { kind: 'command' }, shop.pos.id, {}, { origins: [] });
    expect(await headers(page)).toEqual(["frame-ancestors 'none'", 'DENY']);
  });
});
