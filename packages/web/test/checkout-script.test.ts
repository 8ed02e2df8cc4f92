/** `checkout.js` in a real browser, against a page that changes under it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import { describeInChromium } from '../../../test/support/describe-in-chromium.ts';
import { assets, contentSecurityPolicy, renderCheckoutPage, type CheckoutView } from '../src/index.ts';
import { SAMPLES } from '../src/checkout/samples.ts';

describeInChromium('the checkout script', (browser) => {
  let view: CheckoutView;
  let failing: boolean;
  let server: Server;
  let context: BrowserContext | undefined;
  let page: Page;
  let origin: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://x').pathname;
      const asset = assets.get(path);
      const body = asset?.body ?? (path === '/checkout' ? renderCheckoutPage(view) : '<title>The shop</title>');
      const contentType = asset?.contentType ?? 'text/html; charset=utf-8';
      response.writeHead(failing ? 500 : 200, {
        'content-type': contentType,
        'content-security-policy': contentSecurityPolicy(view.look),
      });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(async () => {
    failing = false;
    view = SAMPLES.pending;
    context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    page = await context.newPage();
    await page.goto(`${origin}/checkout`);
  });
  afterEach(async () => {
    await context?.close();
  });

  it('shows and announces a new state, and keeps the focus where it was', async () => {
    await page.focus('#copy-address');
    view = SAMPLES.partial;
    await page.getByRole('heading', { name: 'Partly paid' }).waitFor();
    expect(await page.title()).toBe('Partly paid · Corner Café');
    expect(await page.textContent('#announcer')).toContain('Still to pay: 0.00006667\u00A0BTC');
    expect(await page.evaluate('document.activeElement.id')).toBe('copy-address');
  });

  it('leaves the page alone while only the clock has moved', async () => {
    await page.evaluate('document.querySelector("main").mark = true');
    view = { ...SAMPLES.pending, expiresInS: 300 };
    await page.getByText(/^(5:00|4:5\d)$/).waitFor();
    expect(await page.evaluate('document.querySelector("main").mark')).toBe(true);
    expect(await page.textContent('#announcer')).toBe('');
  });

  it('copies, and reports it', async () => {
    await page.click('#copy-address');
    await page.getByRole('button', { name: 'Copied Bitcoin address' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(SAMPLES.pending.address);
  });

  it('takes the buyer to the shop once paid, and lets the buyer come back', async () => {
    view = { ...SAMPLES.paid, backUrl: `${origin}/shop?payment_id=1` };
    await page.waitForURL(`${origin}/shop?payment_id=1`);
    await page.goBack();
    await page.getByRole('heading', { name: 'Paid' }).waitFor();
    await page.waitForTimeout(4_000);
    expect(page.url()).toBe(`${origin}/checkout`);
  });

  it('takes the buyer to the shop once the whole amount is seen, whatever else happens meanwhile', async () => {
    const backUrl = `${origin}/shop?payment_id=2`;
    view = { ...SAMPLES.seen, backUrl };
    await page.getByText('Taking you back to the shop').waitFor();
    view = { ...SAMPLES.confirming, backUrl };
    await page.waitForURL(backUrl);
    expect(page.url()).toBe(backUrl);
  });

  it('keeps the buyer on the page when the payment is replaced', async () => {
    view = { ...SAMPLES.seen, backUrl: `${origin}/shop?payment_id=3` };
    await page.getByText('Taking you back to the shop').waitFor();
    view = SAMPLES.partial;
    await page.locator('#cancel').waitFor();
    await page.waitForTimeout(7_000);
    expect(page.url()).toBe(`${origin}/checkout`);
  });

  it('keeps trying through an outage, and reports it', async () => {
    failing = true;
    await page.locator('#offline').waitFor();
    expect(await page.textContent('#announcer')).toBe('No connection, trying again. A payment already sent still counts.');
    failing = false;
    view = SAMPLES.confirming;
    await page.evaluate('window.dispatchEvent(new Event("online"))');
    await page.getByRole('heading', { name: '1 of 3 confirmations' }).waitFor();
    expect(await page.isVisible('#offline')).toBe(false);
  });

  it('reports that the browser refuses to copy, and selects the text', async () => {
    await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("no"))');
    await page.click('#copy-amount');
    await page.getByText('Not copied: please copy the marked text.').first().waitFor();
    expect(await page.evaluate('String(getSelection())')).toBe('0.00016667');
    expect(await page.textContent('#announcer')).toBe('Not copied: please copy the marked text.');
  });

  it('reloads the page when the gateway has another release, which has other styles', async () => {
    const isSame = (): Promise<unknown> => page.evaluate('window.isSame === true');
    await page.clock.install();
    await page.goto(`${origin}/checkout`);
    await page.evaluate('window.isSame = true');
    view = { ...SAMPLES.pending, release: 'another release' };
    // Not right after loading: two gateways that take turns would make it reload forever.
    await page.clock.runFor(10_000);
    expect(await isSame()).toBe(true);
    await page.clock.runFor(60_000);
    await expect.poll(isSame, { timeout: 10_000 }).toBe(false);
  });
});
