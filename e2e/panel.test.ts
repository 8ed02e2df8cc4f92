/**
 * The panel in a real browser, on a phone and on a desk, light and dark, without JavaScript: what an operator sees and does when
 * a shop is down.
 */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Gateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { HOUR_MS } from '../packages/gateway/src/kernel/durations.ts';
import type { OrderId } from '../packages/gateway/src/kernel/ids.ts';
import { issueCode } from '../packages/gateway/src/services/people/panel-access.ts';
import { testClock } from '../packages/gateway/test/support/test-clock.ts';
import { createSandboxPos } from '../scripts/support/sandbox-pos.ts';
import { describeInChromium } from '../test/support/describe-in-chromium.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';

describeInChromium('the panel', (browser) => {
  let sandbox: SandboxGateway;
  let gateway: Gateway;
  let shop: Server;
  let isDown = true;
  /** It stands still: every event is sent once, and none is under way, however long a page takes. */
  const clock = testClock(Date.now());

  beforeAll(async () => {
    shop = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(isDown ? 500 : 204).end(isDown ? 'Fatal error: no database' : ''));
    });
    shop.listen(0, '127.0.0.1');
    await once(shop, 'listening');
    const settings = { WEBPOS_LOG_LEVEL: 'silent', WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' };
    sandbox = await openSandboxGateway(settings, { clock });
    ({ gateway } = sandbox);
    const client = new Client({ mode: 'sandbox', ...(await createSandboxPos(gateway, 1)), baseUrl: gateway.url });
    const callbackUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/a-rather-long-path/of/a/shop/callback`;
    const uuids: OrderId[] = [];
    for (let n = 0; n < 4; n += 1) {
      const { uuid } = await client.createPaymentOrder({ amount: '10.00', callback_url: callbackUrl });
      await client.paymentUpdate(uuid, { callback: 'payment.completed' });
      uuids.push(uuid as OrderId);
    }
    await vi.waitFor(() => assertRefused(uuids));
  });
  afterAll(async () => {
    shop.close();
    await sandbox?.[Symbol.asyncDispose]();
  });

  async function assertRefused(orders: readonly OrderId[]): Promise<void> {
    const { callbacks, endpoints } = gateway.context.store;
    for (const uuid of orders)
      expect(await callbacks.listedOfOrder(uuid)).toMatchObject([{ attempts: 1, delivery: { lastError: 'answered 500' } }]);
    expect(await endpoints.failing()).toHaveLength(1);
  }
  async function logIn(page: Page): Promise<void> {
    await page.goto(`${gateway.url}/panel`);
    await page.getByLabel('Code').fill((await issueCode(gateway.context)).secret);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Start', level: 1 }).waitFor();
    await page.goto(`${gateway.url}/panel/callbacks`);
    await page.getByRole('heading', { name: 'Callbacks', level: 1 }).waitFor();
  }

  it.each([
    ['light', 360],
    ['dark', 360],
    ['light', 1280],
    ['dark', 1280],
  ] as const)(
    'is readable, %s and %d pixels wide',
    async (colorScheme, width) => {
      // The pages have no script; this bypasses their policy to inspect them.
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
      const page = await context.newPage();
      const asked = new Set<string>();
      page.on('request', (request) => asked.add(new URL(request.url()).pathname));
      const check = async (what: string): Promise<void> => {
        await page.evaluate(axe.source);
        const found = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: { html: string }[] }[] };
        expect(
          found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          what,
        ).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth'), `${what}: nothing stands out of the page`).toBe(
          width,
        );
      };
      await page.goto(`${gateway.url}/panel`);
      await page.getByLabel('Code').fill('WRONG');
      await page.getByRole('button', { name: 'Log in' }).click();
      await check('login');
      await logIn(page);
      await check('callbacks');
      await page.getByRole('link', { name: 'payment.completed' }).first().click();
      await page.getByText('Body').click();
      await check('one callback');
      await page.goto(`${gateway.url}/panel/callbacks?status=delivered&order=none`);
      await check('nothing found');
      for (const path of asked) expect(path).toMatch(/^\/panel|^\/assets\/|^\/favicon\.ico$/);
      await context.close();
    },
    60_000,
  );

  it('shows a shop that is down, and redelivers when it is back, without JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const output: string[] = [];
    page.on('console', (message) => !message.location().url.endsWith('/favicon.ico') && output.push(message.text()));
    await logIn(page);
    await page.getByText('1 endpoint keeps failing.').waitFor();
    await page.getByText('answered 500').first().waitFor();
    await page.getByRole('link', { name: 'payment.completed' }).first().click();
    await page.getByText('Fatal error: no database').first().waitFor();
    isDown = false;
    await page.getByRole('button', { name: 'Send now' }).click();
    await page.getByText('Sending now').waitFor();
    await expect
      .poll(
        async () => {
          await page.reload();
          return page.getByText('Delivered').count();
        },
        { timeout: 180_000, interval: 500 },
      )
      .toBeGreaterThan(0);
    await page.getByRole('link', { name: 'All callbacks' }).click();
    // The others follow by themselves.
    clock.advance(HOUR_MS);
    await expect
      .poll(
        async () => {
          await page.reload();
          return page.getByText('All good').count();
        },
        { timeout: 180_000, interval: 500 },
      )
      .toBe(1);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.goto(`${gateway.url}/panel/callbacks`);
    expect(new URL(page.url()).pathname).toBe('/panel/login');
    expect(output).toEqual([]);
    await context.close();
  }, 400_000);
});
