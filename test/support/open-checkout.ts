/** Opens the checkout page of an order in some state, as it is at this moment: it gets no updates. */
import type { Page } from 'playwright-core';
import type { CheckoutStage, CheckoutStateName, StagedOrder } from './checkout-stage.ts';

const MAX_ATTEMPTS = 10;

/** @param orders of `stage`, one in each state. */
export async function openCheckout(
  page: Page,
  stage: CheckoutStage,
  orders: Readonly<Record<CheckoutStateName, StagedOrder>>,
  state: CheckoutStateName,
  query = '',
): Promise<void> {
  await page.route('**/events', (route) => route.abort());
  if (state !== 'closing') {
    await page.goto(orders[state].url + query);
    return;
  }
  // It ends by itself, sometimes before it is shown.
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    await page.goto((await stage.orderIn('closing')).url + query);
    if ((await page.locator('.card.wait').count()) > 0) return;
  }
  throw new Error(`no order stayed in the state closing long enough to be shown, after ${MAX_ATTEMPTS} attempts`);
}
