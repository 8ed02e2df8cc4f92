/** What a buyer can choose on the checkout page besides paying, with and without JavaScript. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCheckoutStage, type CheckoutStage, type StagedOrder } from '../../test/support/checkout-stage.ts';
import { describeInChromium } from '../../test/support/describe-in-chromium.ts';

/** An address of the sandbox's network. */
const REFUND_ADDRESS = 'bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx';

describeInChromium('a buyer on the checkout page', (browser) => {
  let stage: CheckoutStage;

  beforeAll(async () => {
    stage = await openCheckoutStage();
    const { store } = stage.gateway.context;
    for (const pos of await store.pos.list())
      await store.transaction((tx) => tx.pos.update({ ...pos, checkout: { ...pos.checkout, allowsRetry: true } }));
  });
  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  async function open({ url }: StagedOrder, options: BrowserContextOptions = {}, query = ''): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
    const page = await context.newPage();
    // 204 keeps the browser where it is (RFC 9110, 15.3.5).
    await page.route('https://shop.example/**', (route) => route.fulfill({ status: 204 }));
    await page.goto(url + query);
    await page.evaluate('window.isSamePage = true');
    return page;
  }
  const says = (page: Page, words: string): Promise<void> => page.getByRole('heading', { name: words, exact: true }).waitFor();

  describe.each([
    { how: 'with', javaScriptEnabled: true },
    { how: 'without', javaScriptEnabled: false },
  ])('$how JavaScript', ({ javaScriptEnabled }) => {
    const isSamePage = async (page: Page): Promise<boolean> =>
      !javaScriptEnabled || (await page.evaluate<boolean>('window.isSamePage === true'));

    it('sees every amount in satoshi after a tap, and in bitcoin after another', async () => {
      const order = await stage.orderIn('partial');
      const page = await open(order, { javaScriptEnabled }, '?lang=en');
      await page.locator('#unit').click();
      await page.locator('.state', { hasText: 'Received: 10,000 sat. Still to pay: 6,667 sat.' }).waitFor();
      expect(await page.textContent('#amount-row')).toContain('Amount in satoshi6,667');
      for (const part of ['.bitcoin > a > bdi', '.worth > .hint', '.state'])
        expect(await page.textContent(part), part).not.toContain('BTC');
      expect(await isSamePage(page)).toBe(true);
      // The state has not changed: there is nothing to announce.
      expect(await page.textContent('#announcer')).toBe('');
      await page.locator('#unit').click();
      await page.locator('#amount-row dt', { hasText: 'Amount in BTC' }).waitFor();
      await page.context().close();
    });

    it('stays on the page instead of being taken to the shop', async () => {
      const order = await stage.orderIn('seen');
      const page = await open(order, { javaScriptEnabled });
      let taken = 0;
      page.on('request', (request) => (taken += request.url().startsWith('https://shop.example') ? 1 : 0));
      await page.locator('#stay').click();
      await page.locator('#stay').waitFor({ state: 'detached' });
      await stage.press(order, 'action=mine', 'action=mine', 'action=mine');
      await says(page, 'Paid');
      await page.waitForTimeout(7_000);
      expect(taken).toBe(0);
      expect(page.url()).toContain('stay=1');
      expect(await page.isVisible('#back')).toBe(true);
      await page.context().close();
    });

    it('sees a code again for a lost payment only after asking for it', async () => {
      const page = await open(await stage.orderIn('lost'), { javaScriptEnabled });
      expect(await page.locator('.qr, .clock, .wallet').count()).toBe(0);
      await page.getByRole('link', { name: 'Show the code to pay again' }).click();
      await page.locator('.qr').waitFor();
      expect(await page.textContent('.state')).toContain('Do not pay again yet.');
      expect(await isSamePage(page)).toBe(true);
      await page.context().close();
    });

    it('asks for a refund, corrects a wrong address, and sees where the refund goes', async () => {
      const order = await stage.orderIn('late');
      const page = await open(order, { javaScriptEnabled }, '?lang=it');
      await page.fill('#refund-address', 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq');
      await page.locator('#refund-submit').click();
      expect(await page.getByRole('alert').textContent()).toContain('altra rete');
      await page.fill('#refund-address', REFUND_ADDRESS);
      await page.locator('#refund-submit').click();
      await says(page, 'Rimborso richiesto');
      expect(await page.textContent('#refund')).toContain(REFUND_ADDRESS);
      expect(await page.isVisible('#refund-address')).toBe(false);
      await page.context().close();
    });

    it('tries an expired order again, in the same language and unit', async () => {
      const order = await stage.orderIn('expired');
      const page = await open(order, { javaScriptEnabled }, '?lang=de&unit=sat');
      await page.locator('#try-again').click();
      await says(page, 'Warten auf Ihre Zahlung');
      expect(page.url()).not.toContain(order.uuid);
      expect(await page.textContent('#amount-row')).toContain('16.667');
      await page.context().close();
    });
  });

  it('keeps what is typed while the page follows its order', async () => {
    const order = await stage.newOrder();
    await stage.press(order, 'action=send-more');
    const page = await open(order);
    await page.fill('#refund-address', REFUND_ADDRESS);
    await stage.press(order, 'action=mine');
    await says(page, '1 of 3 confirmations');
    expect(await page.inputValue('#refund-address')).toBe(REFUND_ADDRESS);
    await page.context().close();
  });

  it('loses nothing by a tap without a connection', async () => {
    const page = await open(await stage.newOrder());
    const before = page.url();
    await page.context().setOffline(true);
    await page.locator('#unit').click();
    await expect.poll(() => page.url()).toBe(before);
    expect(await page.isVisible('.qr')).toBe(true);
    await page.context().close();
  });

  it('sees that a payment came late, without reloading', async () => {
    const order = await stage.orderIn('expired');
    const page = await open(order);
    await says(page, 'The time to pay has expired');
    await stage.press(order, 'event=payment.overpaid');
    await says(page, 'Your payment arrived too late');
    await page.locator('#refund-address').waitFor();
    expect(page.url()).toContain(order.uuid);
    await page.context().close();
  });
});
