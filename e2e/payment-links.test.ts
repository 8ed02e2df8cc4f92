/**
 * A payment link in a real browser: from the poster's code to a paid order, on a phone, without JavaScript, by keyboard, in light and
 * dark.
 */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gateway } from '@webpos/gateway';
import { issueCode } from '../packages/gateway/src/services/people/panel-access.ts';
import { createSandboxPos } from '../scripts/support/sandbox-pos.ts';
import { describeInChromium } from '../test/support/describe-in-chromium.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';
import { tabTo } from './support/panel-walk.ts';

describeInChromium('a payment link', (browser) => {
  let sandbox: SandboxGateway;
  let gateway: Gateway;
  beforeAll(async () => {
    sandbox = await openSandboxGateway({ WEBPOS_LOG_LEVEL: 'silent' });
    ({ gateway } = sandbox);
    await createSandboxPos(gateway, 1);
  });
  afterAll(() => sandbox?.[Symbol.asyncDispose]());

  const violations = async (page: Page): Promise<unknown> => {
    await page.addScriptTag({ content: axe.source });
    return page.evaluate('axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))');
  };
  const width = (page: Page): Promise<unknown> => page.evaluate('document.documentElement.scrollWidth');

  it('leads from its poster to a paid order, by keyboard and without JavaScript', async () => {
    const context = await browser.newContext({ viewport: { width: 320, height: 568 }, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${gateway.url}/panel`);
    await page.getByLabel('Code').fill((await issueCode(gateway.context)).secret);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/panel$/);
    await page.goto(`${gateway.url}/panel/links/new`);
    await tabTo(page.locator('#title'));
    await page.keyboard.type('Christmas market');
    await tabTo(page.locator('#min_amount'));
    await page.keyboard.type('2');
    await tabTo(page.locator('#name'));
    await page.keyboard.type('market');
    await tabTo(page.locator('[name=takes_note]'));
    await page.keyboard.press('Space');
    await tabTo(page.locator('.fields button'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Christmas market' }).waitFor();
    await page.getByRole('link', { name: 'Poster to print' }).click();
    const url = await page.locator('.poster .said').textContent();
    expect(url).toBe(`${gateway.url}/l/market`);
    expect(await page.getByRole('img').getAttribute('aria-label')).toBe(url);

    const buyer = await browser.newContext({ viewport: { width: 320, height: 568 }, javaScriptEnabled: false, locale: 'de-DE' });
    const phone = await buyer.newPage();
    await phone.goto(url!);
    await tabTo(phone.locator('#amount'));
    await phone.keyboard.type('1,50');
    await phone.keyboard.press('Enter');
    await phone.getByRole('alert').getByText('Bitte geben Sie mindestens 2,00 € ein.').waitFor();
    await phone.locator('#amount').fill('');
    await tabTo(phone.locator('#note'));
    await phone.keyboard.type('Stand 5');
    await phone.locator('#amount').focus();
    await phone.keyboard.type('12,50');
    await tabTo(phone.locator('#pay'));
    await phone.keyboard.press('Enter');
    await phone.waitForURL(/\/checkout\//);
    await phone.getByText('12,50 €').first().waitFor();
    await phone.getByText('Stand 5').waitFor();
    const id = /checkout\/([\w-]+)/.exec(phone.url())![1]!;
    await phone
      .getByRole('button', { name: /Bitcoin/ })
      .first()
      .click();
    await expect
      .poll(async () => (await gateway.context.store.orders.get(id as never))?.payments.length, { timeout: 30_000 })
      .toBeGreaterThan(0);
    await buyer.close();
    await page.goto(`${gateway.url}/panel/links`);
    await page.getByText('Christmas market').waitFor();
    await context.close();
  }, 120_000);

  it.each(['light', 'dark'] as const)(
    'is accessible in %s',
    async (colorScheme) => {
      const context = await browser.newContext({ bypassCSP: true, viewport: { width: 320, height: 568 }, colorScheme });
      const page = await context.newPage();
      await page.goto(`${gateway.url}/panel`);
      await page.getByLabel('Code').fill((await issueCode(gateway.context)).secret);
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/panel$/);
      const links = await gateway.context.store.links.list({ posIds: undefined, before: undefined, limit: 1 });
      const paths = ['/l/market', '/l/market?lang=ar', '/l/none', '/panel/links', '/panel/links/new'].concat(
        ['', '/edit', '/poster'].map((path) => `/panel/links/${links[0]!.id}${path}`),
      );
      for (const path of paths) {
        await page.goto(gateway.url + path);
        expect([path, await violations(page), await width(page)]).toEqual([path, [], 320]);
      }
      await context.close();
    },
    120_000,
  );
});
