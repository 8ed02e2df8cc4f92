/** A gateway under a path of the shop's host, in a real browser: behind a proxy that keeps the path, and one that strips it. */
import { Client } from '@webpos/sdk';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandboxPos } from '../scripts/support/sandbox-pos.ts';
import { describeInChromium } from '../test/support/describe-in-chromium.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';
import { startPathProxy, type PathProxy } from './support/path-proxy.ts';

describeInChromium('a checkout under a path', (browser) => {
  describe.each([
    ['/pay', 'keeps'],
    ['/pay', 'strips'],
    ['/checkout', 'keeps'],
    ['/checkout', 'strips'],
  ] as const)('%s, which the proxy %s,', (path, style) => {
    let proxy: PathProxy;
    let sandbox: SandboxGateway;
    let client: Client;
    let page: Page;
    /** What the page requested, and the answers. */
    let answers: [status: number, path: string][];

    beforeAll(async () => {
      proxy = await startPathProxy(path, style);
      sandbox = await openSandboxGateway({ WEBPOS_PUBLIC_URL: proxy.publicUrl });
      const { gateway } = sandbox;
      proxy.leadTo(gateway.url);
      const { clientId, secret } = await createSandboxPos(gateway, 1);
      client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: proxy.publicUrl });
    });
    afterAll(async () => {
      await sandbox[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    });

    beforeEach(async () => {
      answers = [];
      const context = await browser.newContext();
      page = await context.newPage();
      page.setDefaultTimeout(8_000);
      page.on('response', (answer) => answers.push([answer.status(), new URL(answer.url()).pathname]));
    });
    afterEach(() => page.context().close());

    const says = (heading: string): Promise<void> => page.getByRole('heading', { name: heading }).waitFor();

    it('is live, accepts every form, shows every page, and requests nothing outside', async () => {
      const order = await client.createPaymentOrder({ amount: '10.00' });
      expect(order.redirect_url).toBe(`${proxy.publicUrl}/checkout/${order.uuid}`);
      await page.goto(order.redirect_url ?? '');
      await page.locator('.languages summary').click();
      await page.getByRole('link', { name: 'Deutsch' }).click();
      await says('Warten auf Ihre Zahlung');
      await page.goto(order.redirect_url ?? '');
      await expect.poll(() => answers).toContainEqual([200, `${path}/checkout/${order.uuid}/events`]);
      await page.getByText('Sandbox controls').click();
      await page.getByRole('button', { name: 'Pay the exact amount due' }).click();
      await says('Payment received');
      await page.getByRole('button', { name: 'Mine a block' }).click();
      await says('Paid');
      await page.getByRole('link', { name: 'Receipt' }).click();
      await page.getByText(order.address).waitFor();
      await page.getByRole('link', { name: 'Back to the payment' }).click();
      await says('Paid');
      expect(proxy.strayed.filter((asked) => asked !== '/favicon.ico')).toEqual([]);
      expect(answers.filter(([status, asked]) => status >= 400 && asked !== '/favicon.ico')).toEqual([]);
    }, 30_000);

    it('can be cancelled', async () => {
      const order = await client.createPaymentOrder({ amount: '10.00' });
      await page.goto(order.redirect_url ?? '');
      await page.getByRole('link', { name: 'Cancel payment' }).click();
      await page.getByRole('button', { name: 'Yes, cancel the payment' }).click();
      await says('Payment cancelled');
      expect(page.url()).toBe(`${proxy.publicUrl}/checkout/${order.uuid}?lang=en&cancelled=1`);
    });

    it('has the description of its API under the path', async () => {
      await page.goto(`${proxy.publicUrl}/docs`);
      await page.getByRole('link', { name: 'openapi.json' }).click();
      const described = JSON.parse((await page.textContent('body')) ?? '') as { servers: { url: string }[] };
      expect(described.servers.map(({ url }) => url)).toContain(proxy.publicUrl);
    });
  });
});
