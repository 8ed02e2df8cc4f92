/**
 * An accountant's month and a shop's settings in a real browser: on a phone and on a desk, light and dark, by keyboard, and without
 * JavaScript.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gateway } from '@webpos/gateway';
import axe from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { parseTable } from '../packages/gateway/test/support/read-report.ts';
import { pngOf } from '../packages/gateway/test/support/logos.ts';
import { sampleOrder, samplePayment } from '../packages/gateway/test/support/samples.ts';
import type { BlockHash } from '../packages/gateway/src/kernel/chain.ts';
import { epochMs } from '../packages/gateway/src/kernel/clock.ts';
import { issueCode } from '../packages/gateway/src/services/people/panel-access.ts';
import { createSandboxPos } from '../scripts/support/sandbox-pos.ts';
import { describeInChromium } from '../test/support/describe-in-chromium.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';
import { press, typeInto } from './support/panel-walk.ts';

const YESTERDAY = epochMs(Date.now() - 86_400_000);
const PATHS = ['/panel/reports', '/panel/settings', '/panel/settings/merchants/new'];
const LANGUAGES = ['en', 'it', 'de', 'fr', 'es', 'pt', 'ja', 'ar'];

describeInChromium('accounting and settings', (browser) => {
  let sandbox: SandboxGateway;
  let gateway: Gateway;
  let posPath: string;

  beforeAll(async () => {
    sandbox = await openSandboxGateway({ WEBPOS_LOG_LEVEL: 'silent', WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' });
    ({ gateway } = sandbox);
    await createSandboxPos(gateway, 1);
    const { store } = gateway.context;
    const [pos] = await store.pos.list();
    if (pos === undefined) throw new Error('there is no POS');
    posPath = `/panel/settings/pos/${pos.id}`;
    const order = sampleOrder(pos, { createdAt: YESTERDAY, reference: '=2+3', addressIndex: 900 });
    const rate = { source: 'fixed', value: '61000', at: YESTERDAY };
    const place = { kind: 'block', height: 1, hash: 'ab'.repeat(32) as BlockHash } as const;
    await store.transaction(async (tx) => {
      await tx.orders.insert(order);
      await tx.orders.placePayment(samplePayment(order, 'yesterday', { firstSeenAt: YESTERDAY, rate, place }));
    });
  });
  afterAll(() => sandbox?.[Symbol.asyncDispose]());

  async function loggedIn(options: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext({ locale: 'en', ...options });
    const page = await context.newPage();
    await page.goto(`${gateway.url}/panel`);
    await page.locator('input[name="code"]').fill((await issueCode(gateway.context)).secret);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${gateway.url}/panel`);
    return page;
  }

  it.each([
    ['light', 320],
    ['dark', 1280],
  ] as const)('the pages have no faults that axe finds, and fit, in %s at %i pixels', async (colorScheme, width) => {
    // The inspection is a script, which the policy of the pages forbids.
    const page = await loggedIn({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    for (const path of [...PATHS, posPath, '/panel/reports?kind=days&from=2026-02-30']) {
      await page.goto(gateway.url + path);
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: { html: string }[] }[] };
      expect(violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(width);
    }
    await page.context().close();
  });

  it.each(LANGUAGES)('every page is whole in %s', async (locale) => {
    const page = await loggedIn({ locale });
    for (const path of [...PATHS, posPath]) {
      const answer = await page.goto(gateway.url + path);
      expect([answer?.status(), await page.locator('html').getAttribute('lang')]).toEqual([200, locale]);
      expect(await page.locator('main').innerText()).not.toMatch(/undefined|\{\w+\}/);
    }
    await page.context().close();
  });

  it("an accountant's month: totals and a download, by keyboard and without JavaScript", async () => {
    const page = await loggedIn({ javaScriptEnabled: false, acceptDownloads: true, viewport: { width: 360, height: 740 } });
    await page.getByRole('link', { name: 'Reports' }).focus();
    await page.keyboard.press('Enter');
    const day = new Date(YESTERDAY).toISOString().slice(0, 10);
    await page.getByLabel('First day').fill(day);
    await page.getByLabel('Last day, included').fill(day);
    const begun = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).focus();
    await page.keyboard.press('Enter');
    const download = await begun;
    expect(download.suggestedFilename()).toBe(`webpos-payments-${day}-${day}.csv`);
    const rows = parseTable(await readFile(await download.path(), 'utf8'));
    expect(rows).toMatchObject([
      { reference: "'=2+3", satoshi: '50000', value_at_order_rate: '30.00', value_at_payment: '30.50' },
    ]);
    await page.getByRole('button', { name: 'Show totals' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Totals' }).waitFor();
    expect(await page.getByRole('row', { name: 'EUR' }).innerText()).toContain('30.50');
    expect(await page.getByLabel('First day').inputValue()).toBe(day);
    await page.context().close();
  });

  it('a shop changes its look without JavaScript, and keeps what it entered beside a mistake', async () => {
    const page = await loggedIn({ javaScriptEnabled: false });
    await page.goto(gateway.url + posPath);
    await page.getByLabel('Colour').fill('#f7931a');
    await page.getByLabel('Spread in percent').fill('50');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    // The orders of this test have no seals, which exports find out: there is an alarm as well.
    await page.getByRole('alert').getByText('Nothing was saved').waitFor();
    expect(await page.getByLabel('Colour').inputValue()).toBe('#f7931a');
    expect(await page.getByLabel('Spread in percent').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Spread in percent').fill('0.5');
    await page.getByRole('button', { name: 'Preview' }).click();
    expect(await page.locator('[data-preview] rect').getAttribute('fill')).toBe('#f7931a');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('status').waitFor();
    await page.locator('#logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(pngOf(8, 8)) });
    await page.getByRole('button', { name: 'Save the image' }).click();
    await page.getByRole('button', { name: 'Remove the image' }).waitFor();
    const [pos] = await gateway.context.store.pos.list();
    expect(pos).toMatchObject({ look: { accent: '#f7931a' }, rates: { spreadBps: 50 } });
    expect(pos?.look.logo).not.toBeNull();
    await page.context().close();
  });

  it('a test event shows how the shop answers, by keyboard and without JavaScript', async () => {
    let status = 500;
    const shop = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end('Fatal error: <b>no database</b>'));
    });
    shop.listen(0, '127.0.0.1');
    await once(shop, 'listening');
    onTestFinished(() => void shop.close());
    const callbackUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/callback`;
    const page = await loggedIn({ javaScriptEnabled: false, viewport: { width: 320, height: 568 } });
    await page.goto(gateway.url + posPath);
    await press(page.getByRole('button', { name: 'Send a test event' }));
    await page.getByRole('status').getByText('There is no callback address to send it to.').waitFor();
    await typeInto(page.getByLabel('Callback address'), callbackUrl);
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Saved.').waitFor();
    await press(page.getByRole('button', { name: 'Send a test event' }));
    await page.getByRole('alert').getByText(`${callbackUrl}: the event was not delivered:`).waitFor();
    status = 204;
    await press(page.getByRole('button', { name: 'Send a test event' }));
    expect(await page.getByRole('status').innerText()).toMatch(/answered 204 after \d+ ms: the event was delivered\.$/);
    await page.context().close();
  });

  it('the colour is previewed while it is typed', async () => {
    const page = await loggedIn({});
    await page.goto(gateway.url + posPath);
    await page.getByLabel('Colour').fill('#00ff00');
    expect(await page.locator('[data-preview] rect').getAttribute('fill')).toBe('#00ff00');
    expect(await page.locator('[data-preview] text').getAttribute('fill')).toBe('#000000');
    await page.context().close();
  });
});
