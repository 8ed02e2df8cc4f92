/** The checkout in a shop's page, in a real browser: the dialog, its messages, and everything that must not happen. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import axe from 'axe-core';
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createSandboxPos } from '../scripts/support/sandbox-pos.ts';
import { describeInChromium } from '../test/support/describe-in-chromium.ts';
import { freePorts } from '../test/support/free-ports.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';
import { startExampleShop, type ExampleShop } from './support/example-shop.ts';

describeInChromium('the checkout in the page of a shop', (browser) => {
  let sandbox: SandboxGateway;
  let gateway: Gateway;
  let client: Client;
  let shop: ExampleShop;
  /** An empty page at an origin that no POS lists. */
  let foreign: Server;
  let foreignOrigin: string;
  let context: BrowserContext;
  let page: Page;
  /** The errors in the browser's console. */
  let complaints: string[];

  beforeAll(async () => {
    sandbox = await openSandboxGateway();
    ({ gateway } = sandbox);
    const [port = 0] = await freePorts(1);
    // Another listed origin precedes it: only the right one may get messages.
    const origins = ['https://other.example', `http://127.0.0.1:${port}`];
    const { clientId, secret } = await createSandboxPos(gateway, 1, { origins });
    client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: gateway.url });
    shop = await startExampleShop({ port, gatewayUrl: gateway.url, clientId, secret });
    foreign = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<title>Foreign</title>'));
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    foreignOrigin = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
    foreign.closeAllConnections();
    foreign.close();
    await sandbox[Symbol.asyncDispose]();
  });

  beforeEach(() => start({}));
  afterEach(() => context.close());

  async function start(options: NonNullable<Parameters<Browser['newContext']>[0]>): Promise<void> {
    context = await browser.newContext({ permissions: ['clipboard-write'], ...options });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    complaints = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
  }

  const dialog = (): Locator => page.getByRole('dialog', { name: 'Pay Demo shop' });
  const question = (): Locator => page.getByRole('alertdialog');
  const inFrame = (): FrameLocator => page.frameLocator('iframe');
  const focused = (): Promise<string> =>
    page.evaluate(`(() => {
      const { activeElement } = document;
      return (activeElement?.shadowRoot?.activeElement ?? activeElement)?.localName;
    })()`);

  /** Buys in the shop, and waits until the page has loaded and knows its parent. */
  async function buy(): Promise<void> {
    await page.goto(shop.origin);
    await page.getByRole('button', { name: 'Buy' }).click();
    await inFrame().getByRole('heading', { name: 'Waiting for your payment' }).waitFor();
    await dialog().waitFor();
    await expect.poll(focused).toBe('iframe');
  }

  async function pay(): Promise<void> {
    await inFrame().getByRole('button', { name: 'Pay with test bitcoin' }).click();
  }

  it('is a dialog in which the buyer pays, which it reports to the shop, and the buyer goes on', async () => {
    await buy();
    expect(await page.textContent('#news')).toBe('pending, pending');
    await pay();
    await inFrame().getByRole('heading', { name: 'Payment received' }).waitFor();
    await expect.poll(() => page.textContent('#news')).toBe('pending, mempool_unconfirmed');
    await gateway.sandbox?.mine();
    await inFrame().getByRole('heading', { name: 'Paid' }).waitFor();
    await expect.poll(() => page.textContent('#news')).toBe('paid, paid');
    await page.waitForURL(/\/thanks\?payment_id=[\da-f-]{36}$/);
    expect(complaints).toEqual([]);
  });

  it('calls onDone if the shop wants to go on by itself, and returns the focus', async () => {
    const order = await client.createPaymentOrder({ amount: '5.00', continue_url: 'https://shop.example/thanks' });
    await page.goto(shop.origin);
    await page.getByRole('button', { name: 'Buy' }).focus();
    await page.evaluate(
      `import('${gateway.url}/checkout.mjs').then(({ open }) => {
        window.reported = [];
        open({ url: '${order.redirect_url ?? ''}',
          onState: (state) => reported.push(state), onDone: (end) => reported.push({ end }), onClose: () => reported.push('closed') });
      })`,
    );
    await pay();
    await gateway.sandbox?.mine();
    const paid = { paymentId: order.uuid, status: 'paid', blockchainStatus: 'paid' };
    await expect
      .poll(() => page.evaluate('reported.at(-1)'), { timeout: 10_000 })
      .toEqual({ end: { ...paid, url: `https://shop.example/thanks?payment_id=${order.uuid}` } });
    expect(await page.evaluate('reported[0]')).toEqual({ ...paid, status: 'pending', blockchainStatus: 'pending' });
    expect(await page.evaluate('reported.at(-2)')).toEqual(paid);
    expect(await dialog().count()).toBe(0);
    expect(await focused()).toBe('button');
    expect(await page.evaluate('document.documentElement.style.overflow')).toBe('');
    expect(page.url()).toBe(`${shop.origin}/`);
  });

  it('is cancelled inside, after a question of its own, and leads back to the shop', async () => {
    await buy();
    await inFrame().getByRole('link', { name: 'Cancel payment' }).click();
    await inFrame().getByRole('button', { name: 'Yes, cancel the payment' }).click();
    await page.waitForURL(/\/\?payment_id=/);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['the focus in the page', []],
    ['the focus on its own button', ['Shift+Tab']],
  ])('closes on Escape at once while no payment is under way, with %s', async (_where, keys) => {
    await buy();
    for (const key of keys) {
      await page.keyboard.press(key);
      await expect.poll(focused).toBe('button');
    }
    await page.keyboard.press('Escape');
    await expect.poll(() => page.textContent('#news')).toBe('You have not paid yet.');
    expect(await dialog().count()).toBe(0);
    expect(await focused()).toBe('button');
  });

  it.each([
    ['calls onDone', (url: string) => `WebPOS.open({ url: '${url}', onDone: (end) => (window.end = end) })`],
    [
      'navigates the whole window without a handler',
      (url: string) => `document.body.append(Object.assign(document.createElement('iframe'), { src: '${url}', height: 900 }))`,
    ],
  ])('has a button back to the shop if there is something to read, which %s', async (what, show) => {
    const order = await client.createPaymentOrder({ amount: '5.00', cancel_url: `${foreignOrigin}/basket` });
    await page.goto(shop.origin);
    await page.evaluate(`void ${show(order.redirect_url ?? '')}`);
    await inFrame().getByRole('heading', { name: 'Waiting for your payment' }).waitFor();
    await client.deletePaymentOrder(order.uuid);
    await inFrame().getByRole('link', { name: 'Back to the shop' }).click();
    const url = `${foreignOrigin}/basket?payment_id=${order.uuid}`;
    const end = { paymentId: order.uuid, status: 'cancelled', blockchainStatus: 'cancelled', url };
    await expect
      .poll(() => page.evaluate('[window.end, location.href]'))
      .toEqual(what === 'calls onDone' ? [end, `${shop.origin}/`] : [undefined, url]);
  });

  it('asks before it closes once a payment may be under way, in the language of the page', async () => {
    await buy();
    await inFrame().getByRole('button', { name: /^Copy/ }).first().click();
    await page.keyboard.press('Escape');
    await question().waitFor();
    expect(await question().textContent()).toContain('Your payment may be on its way.');
    // Escape is the cautious answer.
    await page.keyboard.press('Escape');
    await question().waitFor({ state: 'hidden' });
    expect(await dialog().count()).toBe(1);
    await page.getByRole('button', { name: 'Close', exact: true }).focus();
    await page.keyboard.press('Escape');
    await question().waitFor();
    await page.keyboard.press('Enter');
    await question().waitFor({ state: 'hidden' });
    expect(await dialog().count()).toBe(1);
    await inFrame().locator('.languages summary').click();
    await inFrame().getByRole('link', { name: 'Italiano' }).click();
    const inItalian = page.getByRole('dialog', { name: 'Paga Demo shop' });
    await inItalian.waitFor();
    expect(await inItalian.getAttribute('lang')).toBe('it');
    await page.getByRole('button', { name: 'Chiudi' }).click();
    await question().waitFor();
    expect(await focused()).toBe('button');
    await page.getByRole('button', { name: 'Sì, chiudi' }).click();
    await expect.poll(() => page.textContent('#news')).toBe('You have not paid yet.');
  });

  it('keeps the keyboard inside, and the page behind out of reach', async () => {
    await buy();
    const seen = new Set<string>();
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press('Tab');
      seen.add(await focused());
    }
    expect([...seen].filter((name) => name === 'iframe' || name === 'button')).toHaveLength(2);
    expect(await page.evaluate('document.activeElement === document.querySelector("form button")')).toBe(false);
    await expect(page.getByRole('button', { name: 'Buy' }).click({ timeout: 500 })).rejects.toThrow('intercepts pointer events');
  });

  it.each(['light', 'dark'] as const)('passes axe, with its question and without, in the %s colours', async (colorScheme) => {
    await context.close();
    await start({ colorScheme, bypassCSP: true });
    await buy();
    const violations = async (): Promise<unknown> => {
      for (const frame of page.frames()) await frame.evaluate(axe.source);
      return page.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ target, html }) => [target, html])]))',
      );
    };
    expect(await violations()).toEqual([]);
    await inFrame().getByRole('button', { name: /^Copy/ }).first().click();
    await page.keyboard.press('Escape');
    await question().waitFor();
    expect(await violations()).toEqual([]);
  });

  it('fills the screen of a phone, and is no higher than its page on a large screen', async () => {
    await context.close();
    await start({ viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' });
    await buy();
    expect(await dialog().boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 740 });
    expect(await dialog().evaluate((element) => getComputedStyle(element as never).animationName)).toBe('none');
    await page.setViewportSize({ width: 1000, height: 3000 });
    const inner = await inFrame().locator('body').boundingBox();
    await expect
      .poll(() => page.locator('iframe').boundingBox())
      .toMatchObject({ width: 432, height: Math.ceil(inner?.height ?? 0) });
  });

  it('is a page of its own if the shop is not listed', async () => {
    const order = await client.createPaymentOrder({ amount: '5.00' });
    await page.goto(foreignOrigin);
    await page.addScriptTag({ url: `${gateway.url}/checkout.js` });
    await page.evaluate(`void WebPOS.open({ url: '${order.redirect_url ?? ''}', onState: () => (window.wasNotified = true) })`);
    await page.waitForURL(order.redirect_url ?? '');
    await page.getByRole('heading', { name: 'Waiting for your payment' }).waitFor();
    expect(complaints.join()).toMatch(/frame-ancestors/);
  });

  it('shows nothing of an order in a frame of a foreign page, and no difference between an existing and a missing order', async () => {
    const order = await client.createPaymentOrder({ amount: '5.00' });
    await page.goto(foreignOrigin);
    const seen: unknown[] = [];
    for (const id of [order.uuid, '00000000-0000-4000-8000-000000000000']) {
      await page.setContent(`<iframe src="${gateway.url}/checkout/${id}"></iframe>`);
      await page.waitForTimeout(500);
      const frame = page.frames().at(-1);
      seen.push([(await frame?.content())?.includes(order.address), (await frame?.title()) ?? '']);
    }
    expect(seen[0]).toEqual(seen[1]);
    expect((seen[0] as unknown[])[0]).toBe(false);
  });

  it('sends nothing to a parent that is not listed, even if a browser frames it', async () => {
    const order = await client.createPaymentOrder({ amount: '5.00' });
    await page.route(`${gateway.url}/checkout/*`, async (route) => {
      const answer = await route.fetch({ headers: { ...route.request().headers(), 'sec-fetch-dest': 'iframe' } });
      const { 'content-security-policy': _policy, ...headers } = answer.headers();
      await route.fulfill({ response: answer, headers });
    });
    for (const [origin, heard] of [
      [foreignOrigin, false],
      [shop.origin, true],
    ] as const) {
      await page.goto(`${origin}/thanks`);
      await page.evaluate('window.heard = []; addEventListener("message", ({ data }) => heard.push(data.type))');
      await page.evaluate(
        `document.body.append(Object.assign(document.createElement('iframe'), { src: '${order.redirect_url ?? ''}' }))`,
      );
      await inFrame().getByRole('heading', { name: 'Waiting for your payment' }).waitFor();
      await page.waitForTimeout(300);
      expect(await page.evaluate('heard.includes("ready")'), origin).toBe(heard);
    }
  });

  it('accepts messages only from its own frame at its own origin', async () => {
    await context.close();
    // The shop's policy would not even load what follows.
    await start({ bypassCSP: true });
    await buy();
    const lie = `{ webpos: 1, type: 'done', paymentId: 'x', url: '${foreignOrigin}/' }`;
    await page.evaluate(`window.postMessage(${lie}, '*')`);
    // Another page of the gateway, which this shop may frame as well, belongs to another payment.
    const { redirect_url: other } = await client.createPaymentOrder({ amount: '5.00' });
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { id: 'other', src: '${other ?? ''}' }))`,
    );
    await page.frameLocator('#other').getByRole('heading', { name: 'Waiting for your payment' }).waitFor();
    const [own, another] = [true, false].map((isOwn) =>
      page.frames().find((frame) => frame.parentFrame() !== null && (frame.url() !== other) === isOwn),
    );
    await another?.evaluate(`parent.postMessage(${lie}, '*')`);
    await own?.goto(foreignOrigin);
    await own?.evaluate(`parent.postMessage(${lie}, '*')`);
    await page.waitForTimeout(300);
    expect([own?.url(), another?.url()]).toEqual([`${foreignOrigin}/`, other]);
    expect([await dialog().count(), page.url()]).toEqual([1, `${shop.origin}/`]);
  });

  it.each(['javascript:window.ran=true', 'data:text/html,x', '//elsewhere.example'])(
    'sends nobody to %s, even if its own page asks for it',
    async (url) => {
      await buy();
      await page
        .frames()
        .at(1)
        ?.evaluate(`parent.postMessage({ webpos: 1, type: 'done', paymentId: 'x', url: '${url}' }, '${shop.origin}')`);
      await dialog().waitFor({ state: 'detached' });
      expect(await page.evaluate('[typeof window.ran, location.href]')).toEqual(['undefined', `${shop.origin}/`]);
    },
  );

  it('goes to the page if the frame sends nothing in time', async () => {
    const order = await client.createPaymentOrder({ amount: '5.00' });
    await page.goto(shop.origin);
    await page.route(`${gateway.url}/assets/framed.js*`, (route) => route.abort());
    await page.evaluate(`void WebPOS.open({ url: '${order.redirect_url ?? ''}' })`);
    await page.waitForURL(order.redirect_url ?? '');
    expect(await page.locator('iframe').count()).toBe(0);
  });

  it('waits for a page that loads slowly', async () => {
    await page.route(`${gateway.url}/checkout/*`, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      await route.continue();
    });
    await buy();
    expect(page.url()).toBe(`${shop.origin}/`);
  });

  it('is open only once, and is closed by the shop without a question', async () => {
    await page.goto(shop.origin);
    const urls = [await client.createPaymentOrder({ amount: '5.00' }), await client.createPaymentOrder({ amount: '6.00' })];
    for (const { redirect_url: url } of urls)
      await page.evaluate(
        `void (window.opened = WebPOS.open({ url: '${url ?? ''}', onClose: () => (window.wasNotified = true) }))`,
      );
    await inFrame().getByText('€6.00').first().waitFor();
    expect(await page.locator('iframe').count()).toBe(1);
    await page.evaluate('opened.close()');
    expect(await page.locator('iframe').count()).toBe(0);
    expect(await page.evaluate('[typeof window.wasNotified, document.documentElement.style.overflow]')).toEqual([
      'undefined',
      '',
    ]);
  });

  it('names the wrong option', async () => {
    await page.goto(shop.origin);
    for (const [options, message] of [
      ['', 'url: expected the redirect_url'],
      ['{ url: "javascript:alert(1)" }', 'url: expected the redirect_url'],
      ['{ url: "https://pay.example", onDone: 1 }', 'onDone: expected a function, got number'],
    ])
      await expect(page.evaluate(`WebPOS.open(${options ?? ''})`)).rejects.toThrow(`TypeError: ${message ?? ''}`);
  });

  it('is optional: without JavaScript the same button leads to the page', async () => {
    await context.close();
    await start({ javaScriptEnabled: false });
    await page.goto(shop.origin);
    await page.getByRole('button', { name: 'Buy' }).click();
    await page.getByRole('heading', { name: 'Waiting for your payment' }).waitFor();
    expect(page.url()).toContain(`${gateway.url}/checkout/`);
  });
});
