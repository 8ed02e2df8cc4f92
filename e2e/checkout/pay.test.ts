/** A buyer in a real browser: pays on a phone, without JavaScript and by keyboard alone, cancels, and returns to the shop. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import jsqr from 'jsqr';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInChromium } from '../../test/support/describe-in-chromium.ts';
import { openCheckoutStage, type CheckoutStage, type StagedOrder } from '../../test/support/checkout-stage.ts';

describeInChromium('a buyer', (browser) => {
  let stage: CheckoutStage;
  let shop: Server;
  let shopUrl: string;

  beforeAll(async () => {
    stage = await openCheckoutStage();
    shop = createServer((request, response) =>
      response.end(`the shop at ${request.url} ${request.headers.referer ?? 'from nowhere'}`),
    );
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    shop.closeAllConnections();
    shop.close();
    await stage[Symbol.asyncDispose]();
  });

  const PHONE: BrowserContextOptions = {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  };
  async function open(options: BrowserContextOptions, terms = {}): Promise<{ page: Page; order: StagedOrder }> {
    const order = await stage.newOrder({
      required_confirmations: 1,
      continue_url: `${shopUrl}/thanks?basket=7#top`,
      cancel_url: `${shopUrl}/basket#items`,
      ...terms,
    });
    const context = await browser.newContext({ ...PHONE, ...options });
    const page = await context.newPage();
    await page.goto(order.url);
    return { page, order };
  }
  const says = (page: Page, words: string): Promise<void> => page.getByRole('heading', { name: words, exact: true }).waitFor();

  it('pays on a phone, sees the payment arrive, and returns to the shop without touching anything', async () => {
    const { page, order } = await open({});
    const sees = (selector: string): Promise<unknown> =>
      page.evaluate(`document.querySelector('${selector}').getBoundingClientRect().bottom <= innerHeight`);
    // Everything needed to pay is visible without scrolling.
    for (const selector of ['.price', '.bitcoin', '.qr', '#open-touch', '.clock'])
      expect(await sees(selector), selector).toBe(true);
    const { uri } = await stage.client.getPaymentOrder(order.uuid);
    expect(await page.getAttribute('#open-touch', 'href')).toBe(uri);
    expect((await scanned(page)).toLowerCase()).toBe(uri.toLowerCase());
    await stage.press(order, 'action=send');
    await says(page, 'Payment received');
    await stage.press(order, 'action=mine');
    await says(page, 'Paid');
    await page.waitForURL(`${shopUrl}/thanks?basket=7&payment_id=${order.uuid}#top`);
    expect(await page.textContent('body')).toContain('from nowhere');
    expect(await page.context().cookies()).toEqual([]);
    await page.goBack();
    await says(page, 'Paid');
    await page.waitForTimeout(3_500);
    expect(page.url()).toBe(order.url);
    await page.context().close();
  });

  it('pays without JavaScript: everything needed is there, and the page updates by itself', async () => {
    const { page, order } = await open({ javaScriptEnabled: false });
    expect(await page.locator('.copy:visible').count()).toBe(0);
    const { uri, address } = await stage.client.getPaymentOrder(order.uuid);
    const written = await page.locator('.value').allInnerTexts();
    expect(written.map((text) => text.replaceAll(/\s/g, ''))).toEqual(['0.00016667', address, uri]);
    await page.getByRole('button', { name: 'Pay with test bitcoin' }).click();
    await stage.press(order, 'action=mine');
    await page.waitForURL(`${shopUrl}/thanks?basket=7&payment_id=${order.uuid}#top`, { timeout: 20_000 });
    await page.context().close();
  });

  it('pays by keyboard alone, in a sensible order, and always sees where the focus is', async () => {
    const { page, order } = await open({ hasTouch: false, isMobile: false, permissions: ['clipboard-read', 'clipboard-write'] });
    const stops: string[] = [];
    for (let stop = 0; stop < 20; stop += 1) {
      await page.keyboard.press('Tab');
      const { name, outline } = (await page.evaluate(
        `({ name: document.activeElement.id || document.activeElement.textContent.trim(), outline: getComputedStyle(document.activeElement).outlineStyle })`,
      )) as { name: string; outline: string };
      if (stops.includes(name)) break;
      stops.push(name);
      expect(outline, name).toBe('solid');
      if (name.startsWith('Language')) break;
    }
    expect(stops).toEqual([
      'unit',
      'rate-summary',
      'open-mouse',
      'sandbox-pay',
      'copy-amount',
      'copy-address',
      'copy-uri',
      'cancel',
      'help@cafe.example',
      'sandbox-summary',
      'Language: English',
    ]);
    await page.keyboard.press('Enter');
    expect(await page.isVisible('text=Deutsch')).toBe(true);
    await page.focus('#rate-summary');
    await page.keyboard.press('Enter');
    await page.getByText(/1 BTC = €[\d,.]+ \(fixed rate, /).waitFor();
    await page.focus('#copy-uri');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Copied Payment link' }).waitFor();
    const { uri } = await stage.client.getPaymentOrder(order.uuid);
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(uri);
    // What is open stays open while the page follows the order, and the focus stays where it is.
    await stage.press(order, 'action=send-part&sats=1000');
    await says(page, 'Partly paid');
    expect(await page.evaluate('[document.activeElement.id, document.querySelector("#rate").open]')).toEqual(['copy-uri', true]);
    await page.focus('#sandbox-pay');
    await page.keyboard.press('Enter');
    await says(page, 'Payment received');
    await page.context().close();
  });

  it('cancels after a question, and returns to the shop at once', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page, order } = await open({ javaScriptEnabled });
      await page.getByRole('link', { name: 'Cancel payment' }).click();
      await says(page, 'Cancel this payment?');
      await page.getByRole('link', { name: 'No, go on paying' }).click();
      await says(page, 'Waiting for your payment');
      await page.getByRole('link', { name: 'Cancel payment' }).click();
      const asked = performance.now();
      await page.getByRole('button', { name: 'Yes, cancel the payment' }).click();
      await page.waitForURL(`${shopUrl}/basket?payment_id=${order.uuid}#items`);
      // Without the delay that other states have for reading.
      expect(performance.now() - asked).toBeLessThan(2_500);
      expect((await stage.client.getPaymentOrder(order.uuid)).state.status).toBe('cancelled');
      await page.context().close();
    }
  });

  it('returns to the shop by a button if there is something to read, and sees whom to contact', async () => {
    const { page, order } = await open({});
    await stage.press(order, 'event=payment.expired', 'event=payment.overpaid');
    await says(page, 'Your payment arrived too late');
    expect(await page.getAttribute('.refund .support a', 'href')).toBe('mailto:help@cafe.example');
    await page.waitForTimeout(3_500);
    expect(page.url()).toBe(order.url);
    await page.getByRole('link', { name: 'Back to the shop' }).click();
    await page.waitForURL(`${shopUrl}/basket?payment_id=${order.uuid}#items`);
    await page.context().close();
  });

  it('keeps a receipt', async () => {
    const { page, order } = await open({}, { continue_url: null });
    await stage.press(order, 'event=payment.completed');
    await page.getByRole('link', { name: 'Receipt' }).click();
    const { transactions } = await stage.client.getPaymentOrder(order.uuid);
    await page.getByText(transactions?.[0]?.txid ?? 'no transaction').waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.isVisible('#print')).toBe(false);
    await page.context().close();
  });

  it('loads nothing from other origins, and the console stays empty', async () => {
    const { page, order } = await open({});
    const asked = new Set<string>();
    const output: string[] = [];
    page.on('request', (request) => asked.add(new URL(request.url()).origin));
    page.on('console', (message) => output.push(message.text()));
    page.on('pageerror', (error) => output.push(error.message));
    await page.reload();
    await stage.press(order, 'action=send');
    await says(page, 'Payment received');
    expect([...asked]).toEqual([new URL(order.url).origin]);
    expect(output).toEqual([]);
    await page.context().close();
  });
});

/** Returns what a scanner reads on the screen. */
async function scanned(page: Page): Promise<string> {
  const picture = `data:image/png;base64,${(await page.locator('.qr').screenshot()).toString('base64')}`;
  const blank = await page.context().newPage();
  const { side, dark } = (await blank.evaluate(`(async () => {
    const image = new Image();
    image.src = ${JSON.stringify(picture)};
    await image.decode();
    const side = Math.min(image.width, image.height);
    const context = new OffscreenCanvas(side, side).getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, side, side);
    return { side, dark: Array.from({ length: side * side }, (_, pixel) => (data[pixel * 4] < 128 ? '1' : '0')).join('') };
  })()`)) as { side: number; dark: string };
  await blank.close();
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let pixel = 0; pixel < side * side; pixel += 1) if (dark[pixel] === '1') pixels.fill(0, pixel * 4, pixel * 4 + 3);
  return jsqr.default(pixels, side, side)?.data ?? 'nothing';
}
