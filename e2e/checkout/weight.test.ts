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
import { openCheckout } from '../../test/support/open-checkout.ts';

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

  async function firstView(state: CheckoutStateName, lang: string): Promise<readonly Loaded[]> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route('https://shop.example/**', (route) => route.abort());
    const loaded = await loadedBy(page, () => openCheckout(page, stage, orders, state, `?lang=${lang}&stay=1`));
    await context.close();
    return loaded;
  }

  it.each(['en', 'de', 'fr', 'ja', 'ar'])('takes at most 12 kB with all that it loads, in every state, in %s', async (lang) => {
    const heavy: Record<string, readonly Loaded[]> = {};
    for (const state of CHECKOUT_STATE_NAMES) {
      const loaded = await firstView(state, lang);
      if (loaded.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_BYTES) heavy[state] = loaded;
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

/** Returns the bytes of the page that `open` opens last, and of all that it loads into an empty cache. */
async function loadedBy(page: Page, open: () => Promise<void>): Promise<Loaded[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const paths = new Map<string, string>();
  let loaded: Loaded[] = [];
  session.on('Network.requestWillBeSent', ({ requestId, request, type }) => {
    if (type === 'Document') loaded = [];
    paths.set(requestId, new URL(request.url).pathname);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    loaded.push({ path: paths.get(requestId), bytes: encodedDataLength }),
  );
  await open();
  await page.locator('main').waitFor();
  await page.waitForTimeout(200);
  return loaded;
}
