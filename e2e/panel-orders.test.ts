/**
 * The pages of orders in a real browser: on a phone and on a desk, light and dark, with the keyboard alone, without JavaScript, and live
 * while they are open.
 */
import type { Gateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { issueCode } from '../packages/gateway/src/services/people/panel-access.ts';
import { createSandboxPos } from '../scripts/support/sandbox-pos.ts';
import { axeViolations } from '../test/support/axe.ts';
import { describeInChromium } from '../test/support/describe-in-chromium.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';

describeInChromium('the orders of the panel', (browser) => {
  let sandbox: SandboxGateway;
  let gateway: Gateway;
  let client: Client;
  beforeAll(async () => {
    sandbox = await openSandboxGateway({ WEBPOS_LOG_LEVEL: 'silent' });
    ({ gateway } = sandbox);
    client = new Client({ mode: 'sandbox', ...(await createSandboxPos(gateway, 1)), baseUrl: gateway.url });
    const { uuid } = await client.createPaymentOrder({ amount: '10.00', reference: 'a'.repeat(100), details: 'b'.repeat(200) });
    await client.paymentUpdate(uuid, { callback: 'payment.completed' });
  });
  afterAll(() => sandbox?.[Symbol.asyncDispose]());

  const newOrder = async (reference: string): Promise<string> =>
    (await client.createPaymentOrder({ amount: '10.00', reference })).uuid;

  async function logIn(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${gateway.url}/panel`);
    await page.locator('input[name="code"]').fill((await issueCode(gateway.context)).secret);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Start', level: 1 }).waitFor();
    return page;
  }

  it.each([
    ['light', 320],
    ['dark', 360],
    ['light', 1280],
    ['dark', 1280],
  ] as const)(
    'are readable, %s and %d pixels wide',
    async (colorScheme, width) => {
      const id = await newOrder('to look at');
      // Bypasses the policy of the pages to inspect them.
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
      const page = await logIn(context);
      for (const path of [
        '/panel',
        '/panel/orders',
        '/panel/orders?q=nothing',
        `/panel/orders/${id}`,
        `/panel/orders/${id}/receipt`,
      ]) {
        await page.goto(gateway.url + path);
        await page.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
        expect(await axeViolations(page), path).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth'), `${path}: nothing stands out of the page`).toBe(
          width,
        );
      }
      await context.close();
    },
    120_000,
  );

  it('are found, noted and cancelled with the keyboard alone, without JavaScript', async () => {
    await newOrder('keyboard');
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await logIn(context);
    await page.goto(`${gateway.url}/panel/orders`);
    await page.locator('#q').focus();
    await page.keyboard.type('keyboard');
    await page.keyboard.press('Enter');
    const link = page.locator('.orders a');
    await link.focus();
    await page.keyboard.press('Enter');
    await page.locator('#new-note').focus();
    await page.keyboard.type('The buyer called.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('The note is added.').waitFor();
    await page.locator('#cancel summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('The order is cancelled.').waitFor();
    expect(await page.locator('#timeline').innerText()).toMatch(/Note by[\s\S]*The buyer called\.[\s\S]*Cancelled by/);
    await context.close();
  }, 120_000);

  it('follow their order while they are open, without losing what somebody writes, until the session ends', async () => {
    const id = await newOrder('live');
    const context = await browser.newContext();
    const page = await logIn(context);
    await page.goto(`${gateway.url}/panel/orders/${id}`);
    await page.getByText('This page updates itself.').waitFor();
    await page.locator('#new-note').fill('half a no');
    await page.locator('#new-note').focus();
    await client.paymentUpdate(id, { callback: 'payment.completed' });
    await page.locator('#title .badge', { hasText: 'Paid' }).waitFor();
    expect(await page.locator('#new-note').inputValue()).toBe('half a no');
    expect(await page.evaluate('document.activeElement.id')).toBe('new-note');
    await gateway.context.store.sessions.removeAll();
    await page.locator('input[name="code"]').waitFor({ timeout: 60_000 });
    await context.close();
  }, 120_000);
});
