/** A checkout page that polls and is told that nothing has changed, in a real browser. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInChromium } from '../../test/support/describe-in-chromium.ts';
import { openCheckoutStage, type CheckoutStage } from '../../test/support/checkout-stage.ts';

describeInChromium('a checkout page that polls', (browser) => {
  let stage: CheckoutStage;

  beforeAll(async () => {
    stage = await openCheckoutStage();
  });
  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  it('receives the whole page once, then only the time left, then the next change', async () => {
    const order = await stage.newOrder();
    const page = await browser.newPage();
    const statuses: number[] = [];
    // Without a stream it polls every other second.
    await page.route('**/events', (route) => route.fulfill({ status: 204 }));
    await page.route(order.url, async (route) => {
      const answer = await route.fetch();
      statuses.push(answer.status());
      // Differs from the page's own clock, so that the page must have taken it from here.
      const headers = answer.status() === 304 ? { ...answer.headers(), 'x-expires-in': '125' } : answer.headers();
      await route.fulfill({ response: answer, headers });
    });
    await page.goto(order.url);
    await page.getByText(/^2:0\d$/).waitFor();
    expect(statuses.slice(0, 3)).toEqual([200, 200, 304]);
    await stage.press(order, 'action=send');
    await page.getByRole('heading', { name: 'Payment received' }).waitFor();
    expect(statuses.at(-1)).toBe(200);
    await page.close();
  });
});
