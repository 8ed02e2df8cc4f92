/** How the checkout page follows its order in a real browser: at once, quietly, by the server's clock, and through a lost connection. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInChromium } from '../../test/support/describe-in-chromium.ts';
import { openCheckoutStage, type CheckoutStage, type StagedOrder } from '../../test/support/checkout-stage.ts';
import { openSwitchedLine } from '../support/switched-line.ts';

/** Records every announcement to screen readers. */
const LISTEN = `(() => {
  window.said = [];
  new MutationObserver(() => said.push(document.getElementById('announcer').textContent)).observe(document.getElementById('announcer'), { childList: true, characterData: true, subtree: true });
})()`;

/** A device whose clock is an hour ahead. */
const AN_HOUR_AHEAD = `(() => {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...values) { if (values.length === 0) super(Real.now() + 3_600_000); else super(...values); }
    static now() { return Real.now() + 3_600_000; }
  };
})()`;

describeInChromium('the checkout page follows its order', (browser) => {
  let stage: CheckoutStage;

  beforeAll(async () => {
    stage = await openCheckoutStage();
  });
  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
    return context.newPage();
  }
  async function open(order: StagedOrder): Promise<Page> {
    const page = await newPage();
    const streaming = page.waitForResponse('**/events');
    await page.goto(order.url);
    await streaming;
    await page.evaluate(LISTEN);
    return page;
  }
  const headline = (page: Page, words: string): Promise<void> =>
    page.getByRole('heading', { name: words, exact: true }).waitFor();
  const output = async (page: Page): Promise<string[]> => (await page.evaluate('said')) as string[];

  it('announces each state once and politely, and never the seconds', async () => {
    const order = await stage.newOrder({ continue_url: null });
    const page = await open(order);
    expect(await page.getAttribute('#announcer', 'aria-live')).toBe('polite');
    const clock = await page.textContent('.clock');
    await expect.poll(() => page.textContent('.clock')).not.toBe(clock);
    expect(await output(page)).toEqual([]);
    const lines: RegExp[] = [];
    for (const [form, words, line] of [
      ['action=send-part&sats=1000', 'Partly paid', /^Partly paid\. Received: 0\.00001000/],
      ['action=send', 'Payment received', /^Payment received\. The bitcoin network has it/],
      ['action=mine', '1 of 3 confirmations', /^1 of 3 confirmations\. /],
      ['action=mine', '2 of 3 confirmations', /^2 of 3 confirmations\. /],
      ['action=mine', 'Paid', /^Paid\. Thank you/],
    ] as const) {
      await stage.press(order, form);
      await headline(page, words);
      lines.push(line);
      expect(await output(page)).toEqual(lines.map((expected) => expect.stringMatching(expected) as string));
    }
    await page.context().close();
  });

  it('reports a lost connection calmly, and catches up when it is back', async () => {
    const order = await stage.newOrder();
    const page = await open(order);
    await page.context().setOffline(true);
    await page.locator('#offline').waitFor();
    await stage.press(order, 'action=send');
    // The code stays: a wallet can still pay.
    expect(await page.isVisible('.qr')).toBe(true);
    await page.context().setOffline(false);
    await headline(page, 'Payment received');
    await page.locator('#offline').waitFor({ state: 'hidden' });
    expect(await output(page)).toEqual([
      'No connection, trying again. A payment already sent still counts.',
      expect.stringMatching(/^Payment received\. /) as string,
    ]);
    await page.context().close();
  });

  it('reports that it is connected again if nothing has changed meanwhile', async () => {
    const page = await open(await stage.newOrder());
    await page.context().setOffline(true);
    await page.locator('#offline').waitFor();
    await page.context().setOffline(false);
    await page.locator('#offline').waitFor({ state: 'hidden' });
    expect(await output(page)).toEqual(['No connection, trying again. A payment already sent still counts.', 'Connected again.']);
    await page.context().close();
  });

  it.each([
    { when: 'the stream is open', isOpen: true },
    { when: 'the page is just there', isOpen: false },
  ])('recovers from a connection that is cut when $when, which the browser does not notice', async ({ isOpen }) => {
    const order = await stage.newOrder();
    const port = Number(new URL(stage.gateway.url).port);
    const line = await openSwitchedLine(port);
    const page = await newPage();
    const streaming = page.waitForResponse('**/events');
    await page.goto(order.url.replace(new URL(order.url).origin, line.url));
    await page.evaluate(LISTEN);
    if (isOpen) await streaming;
    else streaming.catch(() => undefined);
    line.switchTo(undefined);
    await stage.press(order, 'action=send');
    await page.locator('#offline').waitFor();
    line.switchTo(port);
    await headline(page, 'Payment received');
    await page.locator('#offline').waitFor({ state: 'hidden' });
    expect(await output(page)).toEqual([
      'No connection, trying again. A payment already sent still counts.',
      expect.stringMatching(/^Payment received\. /) as string,
    ]);
    await page.context().close();
    await line.close();
  });

  it('polls every other second without a stream', async () => {
    const order = await stage.newOrder();
    const page = await newPage();
    await page.route('**/events', (route) => route.fulfill({ status: 204 }));
    await page.goto(order.url);
    await stage.press(order, 'action=send');
    await headline(page, 'Payment received');
    expect(await page.isVisible('#offline')).toBe(false);
    await page.context().close();
  });

  it("counts down by the server's clock, whatever the device's clock says", async () => {
    const order = await stage.newOrder();
    const page = await newPage();
    await page.addInitScript(AN_HOUR_AHEAD);
    await page.goto(order.url);
    const { expires_in } = await stage.client.getPaymentOrder(order.uuid);
    const [minutes = 0, seconds = 0] = ((await page.textContent('.clock')) ?? '').split(':').map(Number);
    expect(Math.abs(minutes * 60 + seconds - expires_in)).toBeLessThanOrEqual(2);
    expect(Math.abs((await page.evaluate<number>('Date.now()')) - Date.now())).toBeGreaterThan(3_000_000);
    await page.context().close();
  });

  it('removes the code when the time is up, even without a connection, and shows it again if the server says so', async () => {
    const order = await stage.newOrder();
    const page = await newPage();
    await page.clock.install();
    await page.goto(order.url);
    await page.evaluate(LISTEN);
    await page.context().setOffline(true);
    await page.clock.fastForward('20:00');
    await headline(page, 'Time is up');
    for (const gone of ['.qr', '#open-mouse', '#address-row', '.clock']) expect(await page.isVisible(gone), gone).toBe(false);
    expect((await output(page)).filter((text) => text.startsWith('Time is up.'))).toHaveLength(1);
    // The server's clock has time left: only the device's clock has moved.
    await page.context().setOffline(false);
    await headline(page, 'Waiting for your payment');
    expect(await page.isVisible('.qr')).toBe(true);
    await page.context().close();
  });

  it('never says that the time is up once the whole amount was seen', async () => {
    const order = await stage.orderIn('seen');
    const page = await open(order);
    await stage.endTime(order);
    await stage.gateway.caughtUp(AbortSignal.timeout(10_000));
    await page.reload();
    await headline(page, 'Payment received');
    await stage.press(order, 'action=mine');
    await headline(page, '1 of 3 confirmations');
    expect(await page.textContent('.card')).not.toMatch(/expired|time is up/i);
    await page.context().close();
  });
});
