/** The sandbox's buttons in a real browser: an order is led through its life by hand, with and without JavaScript. */
import type { Gateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSandboxPos } from '../scripts/support/sandbox-pos.ts';
import { describeInChromium } from '../test/support/describe-in-chromium.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';

describeInChromium("the sandbox's buttons", (browser) => {
  let sandbox: SandboxGateway;
  let gateway: Gateway;
  let client: Client;

  beforeAll(async () => {
    sandbox = await openSandboxGateway();
    ({ gateway } = sandbox);
    const { clientId, secret } = await createSandboxPos(gateway, 1);
    client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: gateway.url });
  });
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  async function openPage(javaScriptEnabled: boolean): Promise<{ page: Page; uuid: string }> {
    const order = await client.createPaymentOrder({ amount: '10.00', continue_url: 'https://shop.example/thanks' });
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    await page.goto(order.redirect_url ?? '');
    return { page, uuid: order.uuid };
  }
  const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name }).click();
  const says = (page: Page, heading: string): Promise<void> => page.getByRole('heading', { name: heading }).waitFor();

  it.each([
    ['with', true],
    ['without', false],
  ])(
    'lead an order through its life %s JavaScript',
    async (_how, javaScriptEnabled) => {
      const { page, uuid } = await openPage(javaScriptEnabled);
      expect(await page.getByRole('button', { name: 'Mine a block' }).isVisible()).toBe(false);
      await page.getByText('Sandbox controls').click();
      await page.getByLabel('Part payment in sat').fill('7000');
      await press(page, 'Pay this part');
      await says(page, 'Partly paid');
      await press(page, 'Pay the exact amount due');
      await says(page, 'Payment received');
      await press(page, 'Mine a block');
      await says(page, 'Paid');
      // A person who uses the controls is not sent to the shop.
      await page.waitForTimeout(javaScriptEnabled ? 3_500 : 0);
      await press(page, 'Dispute: the payment loses its confirmations');
      await says(page, 'Waiting to be confirmed again');
      await press(page, 'Charge back');
      await says(page, 'Payment did not go through');
      await press(page, 'Reset');
      await says(page, 'Waiting for your payment');
      expect((await client.getPaymentOrder(uuid)).state.status).toBe('pending');
      await page.context().close();
    },
    60_000,
  );

  it('work with the keyboard alone, fit a phone, and keep typed input while the page follows the order', async () => {
    const { page } = await openPage(true);
    await page.locator('#sandbox-summary').focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.getByLabel('Part payment in sat').fill('1234');
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByText('Sandbox controls').click();
    await other.getByLabel('Part payment in sat').fill('700');
    await press(other, 'Pay this part');
    await says(page, 'Partly paid');
    expect(await page.getByLabel('Part payment in sat').inputValue()).toBe('1234');
    await page.locator('#sandbox-mine').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/sandbox=done/);
    await page.context().close();
  });

  it('report that an order has changed if a page is outdated', async () => {
    const { page, uuid } = await openPage(false);
    await page.getByText('Sandbox controls').click();
    await client.deletePaymentOrder(uuid);
    await press(page, 'Pay and confirm');
    expect(await page.getByRole('alert').textContent()).toContain('Not possible any more');
    await says(page, 'Payment cancelled');
    await page.context().close();
  });

  it('cannot be pressed by the page of another site', async () => {
    const { page, uuid } = await openPage(true);
    await page.goto('about:blank');
    await page.setContent(
      `<form method="post" action="${gateway.url}/checkout/${uuid}/sandbox"><button name="event" value="payment.cancelled">Win</button></form>`,
    );
    await page.getByRole('button', { name: 'Win' }).click();
    await page.waitForURL(`${gateway.url}/checkout/${uuid}/sandbox`);
    expect(await page.textContent('body')).toContain('1012');
    expect((await client.getPaymentOrder(uuid)).state.status).toBe('pending');
    await page.context().close();
  });
});
