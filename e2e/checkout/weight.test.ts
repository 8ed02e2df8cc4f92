/** The size of the checkout page on the wire, headers included. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CHECKOUT_STATE_NAMES,
  openCheckoutStage,
  type CheckoutStage,
  type CheckoutStateName,
  type StagedOrder,
} from '../../test/support/checkout-stage.ts';
import { describeInChromium } from '../../test/support/describe-in-chromium.ts';

const MAX_BYTES = 12_000;

describeInChromium('the first view of the checkout page', (browser) => {
  let stage: CheckoutStage;
  let orders: Record<CheckoutStateName, StagedOrder>;

  beforeAll(async () => {
    stage = await openCheckoutStage();
    orders = await stage.inEveryState();
  });
  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  it.each(['en', 'de', 'fr', 'ja', 'ar'])('takes at most 12 kB with all that it loads, in every state, in %s', async (lang) => {
    const heavy: Record<string, readonly Loaded[]> = {};
    for (const state of CHECKOUT_STATE_NAMES) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.route('https://shop.example/**', (route) => route.abort());
      const loaded = await loadedBy(page, `${orders[state].url}?lang=${lang}&stay=1`);
      if (loaded.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_BYTES) heavy[state] = loaded;
      await context.close();
    }
    expect(heavy).toEqual({});
  });

  it('needs only the first answer to paint', async () => {
    const page = await browser.newPage();
    await page.route('**/assets/*', () => undefined);
    await page.goto(orders.pending.url, { waitUntil: 'commit' });
    await page.getByRole('heading', { name: 'Waiting for your payment' }).waitFor();
    await expect
      .poll(() => page.evaluate('performance.getEntriesByName("first-contentful-paint").length'), { timeout: 10_000 })
      .toBe(1);
    await page.close();
  });
});

interface Loaded {
  readonly path: string | undefined;
  readonly bytes: number;
}

/** Returns the bytes of the page and of all that it loads, except for its stream of events. */
async function loadedBy(page: Page, url: string): Promise<Loaded[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const paths = new Map<string, string>();
  const loaded: Loaded[] = [];
  session.on('Network.requestWillBeSent', ({ requestId, request }) => paths.set(requestId, new URL(request.url).pathname));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    loaded.push({ path: paths.get(requestId), bytes: encodedDataLength }),
  );
  await page.goto(url);
  await page.locator('main').waitFor();
  await page.waitForTimeout(200);
  return loaded;
}
