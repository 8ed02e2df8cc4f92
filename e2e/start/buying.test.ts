/**
 * A person uses the sandbox that `npm start` opens: the shop, the checkout page, and back to an order with its signed callbacks.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInChromium } from '../../test/support/describe-in-chromium.ts';
import { program } from '../../test/support/programs/program.ts';
import { ROOT, start, type Started } from '../support/started.ts';

const run = promisify(execFile);

describeInChromium('npm start', (browser) => {
  /** Inside the repository, so that lines pasted into a terminal find the packages. */
  let folder: string;
  let started: Started;

  beforeAll(async () => {
    await mkdir(join(ROOT, '.samples'), { recursive: true });
    folder = await mkdtemp(join(ROOT, '.samples', 'start-'));
    started = await start({ folder });
  });
  afterAll(async () => {
    await started.interrupt();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows a buyer who returns each signed callback with its JSON', async () => {
    const page = await browser.newPage();
    await page.goto(started.shopUrl);
    await page.getByRole('button', { name: 'Pay with bitcoin' }).click();
    await page.getByRole('button', { name: /pay with test bitcoin/i }).click();
    await backInShop(page);
    await page.getByRole('heading', { name: 'Payment received' }).waitFor();
    await page.locator('summary', { hasText: 'payment.completed' }).click();
    expect(await page.locator('details[open] pre').textContent()).toContain('"event": "payment.completed"');
    expect(await page.locator('summary', { hasText: 'payment.completed' }).locator('.verified').count()).toBe(1);
    await page.close();
  }, 240_000);

  it.each([
    ['with', true],
    ['without', false],
  ])(
    'sells to a phone %s JavaScript, and prints a line for each order, payment and callback',
    async (_how, javaScriptEnabled) => {
      const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 360, height: 740 } });
      const page = await context.newPage();
      await page.goto(started.shopUrl);
      await page.getByRole('spinbutton', { name: 'Quantity of Almond cake' }).fill('2');
      await page.getByRole('button', { name: 'Pay with bitcoin' }).click();
      const [, uuid = ''] = /\/checkout\/([\da-f-]{36})/.exec(page.url()) ?? [];
      await page.getByRole('button', { name: /pay with test bitcoin/i }).click();
      await backInShop(page);
      await page.getByText('The network has confirmed it').waitFor({ timeout: 60_000 });
      const order = uuid.slice(0, 8);
      await started.printed(new RegExp(`callback +${order}  payment\\.completed`));
      for (const line of [
        `order      ${order}  13.10 EUR = 0.000 218 34 BTC  Flat white, 2 × Almond cake`,
        `payment    ${order}  0.000 218 34 BTC  seen`,
        `paid       ${order}`,
      ])
        expect(started.output()).toContain(`  ${line}\n`);
      expect(started.output()).toMatch(/ callback {3}\w{8} {2}payment\.completed to 127\.0\.0\.1:\d+: 204 after \d+ ms\n/);
      await context.close();
    },
    90_000,
  );

  it('opens the checkout in a dialog on the page of the shop', async () => {
    const page = await browser.newPage();
    await page.goto(started.shopUrl);
    await page.getByRole('button', { name: 'Pay on this page' }).click();
    await page
      .frameLocator('iframe')
      .getByRole('button', { name: /pay with test bitcoin/i })
      .click();
    await backInShop(page);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Payment received');
    await page.close();
  }, 240_000);

  it('accepts the panel code that it prints, and one from webpos panel login', async () => {
    const { stdout } = await run(process.execPath, [await program('webpos'), 'panel', 'login'], {
      cwd: folder,
    });
    for (const text of [started.output(), stdout]) {
      const [code = ''] = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text) ?? [];
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${started.gatewayUrl}/panel`);
      await page.getByRole('textbox').fill(code);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('button', { name: 'Log out' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/panel');
      await context.close();
    }
  }, 240_000);

  it('shows a page at / with links to the shop, the panel and the API', async () => {
    const page = await browser.newPage();
    await page.goto(started.gatewayUrl);
    await page.getByText('Ready').waitFor();
    for (const [name, path] of [
      ['Demo shop', started.shopUrl],
      ['Panel', '/panel/login'],
      ['API', '/docs'],
      ['OpenAPI', '/openapi.json'],
    ] as const) {
      await page.goto(started.gatewayUrl);
      const [response] = await Promise.all([
        page.waitForNavigation(),
        page.getByRole('link', { name, exact: false }).first().click(),
      ]);
      expect([name, response?.status(), page.url().includes(path)]).toEqual([name, 200, true]);
    }
    await page.close();
  }, 240_000);

  it('creates an order with the curl lines that it prints', async () => {
    const { stdout } = await pasted(`${section('Your first order')}\n${section('with curl')}`);
    expect(JSON.parse(stdout)).toMatchObject({ amount: 5834, redirect_url: expect.stringContaining('/checkout/') as string });
  }, 240_000);

  it('creates an order with the five lines of TypeScript that it prints, and shows its callbacks in the shop', async () => {
    const { stdout } = await pasted(`${section('Your first order')}\n${section('or with TypeScript')}`);
    const [, url = ''] = /^Pay here: (\S+)$/m.exec(stdout) ?? [];
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByRole('button', { name: /pay with test bitcoin/i }).click();
    await backInShop(page);
    await page.getByText('payment.completed', { exact: true }).waitFor({ timeout: 60_000 });
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Payment received');
    await page.close();
  }, 90_000);

  /** Returns the lines below a title, as a reader copies them. */
  function section(title: string): string {
    const [, lines = ''] = new RegExp(`^${title}.*:\\n([\\s\\S]*?)\\n\\n`, 'm').exec(started.output()) ?? [];
    return lines;
  }

  function pasted(lines: string): Promise<{ stdout: string }> {
    return run('bash', ['-c', lines], { cwd: folder });
  }

  /** The checkout page goes on by itself as soon as the payment is seen, by its script or by its refresh header. */
  function backInShop(page: Page): Promise<void> {
    return page.waitForURL((url) => url.href.startsWith(`${started.shopUrl}/order?payment_id=`), { timeout: 60_000 });
  }
});
