/** The packed `@webpos/checkout` in a real browser: the loader, and the components in pages of React and Vue. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, type Options } from 'acorn';
import type { Gateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandboxPos } from '../../../scripts/support/sandbox-pos.ts';
import { describeInChromium } from '../../../test/support/describe-in-chromium.ts';
import { freePorts } from '../../../test/support/free-ports.ts';
import { openSandboxGateway, type SandboxGateway } from '../../../test/support/sandbox-gateway.ts';
import { bundle, installCheckout, NONCE, servePages } from './serve-pages.ts';

const run = promisify(execFile);
const PARSED: Options = { ecmaVersion: 2019, sourceType: 'module' };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-checkout-'));
  await installCheckout(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('@webpos/checkout without a browser', () => {
  const node = async (type: 'module' | 'commonjs', code: string): Promise<string> =>
    (await run(process.execPath, [`--input-type=${type}`, '--eval', code], { cwd: folder })).stdout.trim();
  const GATEWAY = `{ gateway: 'https://pay.example', url: 'https://pay.example/checkout/x' }`;

  it('renders nothing on a server, and does not touch window on import', async () => {
    const react = `import { createElement } from 'react';
      import { renderToString } from 'react-dom/server';
      import { WebposCheckout } from '@webpos/checkout/react';
      console.log(JSON.stringify(renderToString(createElement('p', null, createElement(WebposCheckout, ${GATEWAY})))));`;
    expect(await node('module', react)).toBe('"<p></p>"');
    const vue = `import { createSSRApp, h } from 'vue';
      import { renderToString } from 'vue/server-renderer';
      import { WebposCheckout } from '@webpos/checkout/vue';
      const app = createSSRApp({ render: () => h('p', [h(WebposCheckout, ${GATEWAY})]) });
      console.log(await renderToString(app));`;
    expect(await node('module', vue)).toMatch(/^<p>(?:<!--.*?-->)*<\/p>$/);
  });

  it('reports on a server that it needs a browser', async () => {
    const code = `import { CheckoutLoadError, loadCheckout } from '@webpos/checkout';
      const error = await loadCheckout('https://pay.example/shop/').catch((error) => error);
      console.log(error instanceof CheckoutLoadError, error.message);`;
    expect(await node('module', code)).toBe('true https://pay.example/shop/checkout.js: expected a browser, found no document');
  });

  it('can be required, also without support for exports', async () => {
    const names = ['@webpos/checkout', '@webpos/checkout/react', '@webpos/checkout/vue'];
    const byExports = names.map((name) => `'${name}'`);
    const byFolders = names.map((name) => `'${join(folder, 'node_modules', name)}'`);
    const code = `for (const name of [${[...byExports, ...byFolders].join()}]) console.log(Object.keys(require(name)).sort().join())`;
    const each = ['CheckoutLoadError,loadCheckout', 'WebposCheckout', 'WebposCheckout'];
    expect((await node('commonjs', code)).split('\n')).toEqual([...each, ...each]);
  });

  it('uses only syntax that the oldest bundlers parse', async () => {
    const dist = join(folder, 'node_modules/@webpos/checkout/dist');
    const scripts = (await readdir(dist)).filter((name) => /\.c?js$/.test(name));
    expect(scripts.length).toBeGreaterThanOrEqual(6);
    for (const name of scripts) {
      const code = readFileSync(join(dist, name), 'utf8');
      expect(() => parse(code, PARSED), name).not.toThrow();
    }
  });

  it.each(['bundler', 'node16', 'node10'])('has types for moduleResolution %s', async (moduleResolution) => {
    const file = join(folder, `types-${moduleResolution}.ts`);
    await writeFile(
      file,
      `import { loadCheckout, type CheckoutEnd } from '@webpos/checkout';
      import { WebposCheckout, type CheckoutProps } from '@webpos/checkout/react';
      import { WebposCheckout as InVue } from '@webpos/checkout/vue';
      const done = ({ url, status }: CheckoutEnd): void => void [url, status];
      const props: CheckoutProps = { gateway: 'https://pay.example', url: null, onDone: done };
      export const nothing: null = WebposCheckout(props);
      export const made = [InVue, loadCheckout('https://pay.example', { nonce: 'x' }).then(({ open }) => open({ url: '', onDone: done }))];
      // @ts-expect-error: a gateway is needed
      WebposCheckout({ url: null });`,
    );
    const module = moduleResolution === 'bundler' ? 'esnext' : moduleResolution === 'node10' ? 'commonjs' : 'node16';
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--lib', 'es2022,dom'];
    const old = moduleResolution === 'node10' ? ['--ignoreDeprecations', '6.0'] : [];
    const tsc = join(import.meta.dirname, '../../../node_modules/typescript/bin/tsc');
    const words = [tsc, ...options, ...old, '--module', module, '--moduleResolution', moduleResolution, file];
    await expect(run(process.execPath, words, { cwd: folder })).resolves.toMatchObject({ stdout: '' });
  });
});

describeInChromium('@webpos/checkout', (browser) => {
  let sandbox: SandboxGateway;
  let gateway: Gateway;
  let client: Client;
  let server: Server;
  let origin: string;
  let context: BrowserContext;
  let page: Page;
  /** The errors in the browser's console. */
  let complaints: string[];
  /** How often the script was requested. */
  let loads: number;

  beforeAll(async () => {
    sandbox = await openSandboxGateway();
    ({ gateway } = sandbox);
    const [port = 0] = await freePorts(1);
    origin = `http://127.0.0.1:${port}`;
    const { clientId, secret } = await createSandboxPos(gateway, 1, { origins: [origin] });
    client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: gateway.url });
    const names = ['plain.js', 'react.js', 'vue.js'];
    const scripts = await Promise.all(names.map(async (name) => [name, await bundle(folder, name)] as const));
    server = await servePages(port, gateway.url, new Map(scripts));
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await sandbox[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    [complaints, loads] = [[], 0];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (request.url() === `${gateway.url}/checkout.js`) loads += 1;
    });
  });
  afterEach(() => context.close());

  const dialog = (): Locator => page.getByRole('dialog', { name: 'Pay Demo shop' });
  const inFrame = (): FrameLocator => page.frameLocator('iframe');
  const reported = (): Promise<unknown[]> => page.evaluate('window.reported ?? []');
  const focused = (): Promise<string> =>
    page.evaluate('(document.activeElement?.shadowRoot?.activeElement ?? document.activeElement)?.localName');
  const refuseScript = (): Promise<unknown> => page.route(`${gateway.url}/checkout.js`, (route) => route.abort());

  async function newOrder(): Promise<{ uuid: string; url: string }> {
    const order = await client.createPaymentOrder({ amount: '5.00', continue_url: 'https://shop.example/thanks' });
    return { uuid: order.uuid, url: order.redirect_url ?? '' };
  }

  describe('with the loader', () => {
    beforeEach(async () => {
      await page.goto(`${origin}/plain`);
    });
    const load = (more = `{ nonce: '${NONCE}' }`, at = gateway.url): string => `loadCheckout('${at}', ${more})`;
    const failure = (loading: string): Promise<unknown> =>
      page.evaluate(`${loading}.then(() => 'loaded', (error) => [error.name, error.message, error.url])`);

    it('loads the script once, however often it is called, and opens the dialog', async () => {
      expect(
        await page.evaluate(`Promise.all([${load()}, ${load()}, ${load('{}', `${gateway.url}/`)}])
        .then(async (all) => new Set([...all, await ${load()}]).size)`),
      ).toBe(1);
      expect([loads, await page.locator('script[src$="/checkout.js"]').count()]).toEqual([1, 1]);
      const { url } = await newOrder();
      await page.evaluate(`${load()}.then(({ open }) => void open({ url: '${url}' }))`);
      await dialog().waitFor();
      expect(complaints).toEqual([]);
    });

    it('uses a script that a tag of the page has loaded', async () => {
      await page.evaluate(`new Promise((resolve) => document.head.append(Object.assign(document.createElement('script'),
        { src: '${gateway.url}/checkout.js', nonce: '${NONCE}', onload: resolve })))`);
      expect(await page.evaluate(`${load()}.then((checkout) => checkout === WebPOS)`)).toBe(true);
      expect(loads).toBe(1);
    });

    it('reports why the script could not be loaded, and loads it once it can', async () => {
      const url = `${gateway.url}/checkout.js`;
      const unloaded = ['CheckoutLoadError', `${url}: the checkout script could not be loaded`, url];
      // The page's policy allows it only with the nonce.
      expect(await failure(load('{}'))).toEqual(unloaded);
      await refuseScript();
      expect(await failure(load())).toEqual(unloaded);
      await page.unroute(url);
      await page.route(url, (route) => route.fulfill({ contentType: 'text/javascript', body: 'window.other = 1' }));
      expect(await failure(load())).toEqual([
        'CheckoutLoadError',
        `${url}: expected the checkout script of a gateway, got something else`,
        url,
      ]);
      await page.unroute(url);
      expect(await failure(load())).toBe('loaded');
      expect(await page.locator('script[src$="/checkout.js"]').count()).toBe(1);
    });

    it.each(['javascript:alert(1)', 'pay.example', ''])('loads nothing from %j', async (at) => {
      expect(await failure(load('{}', at))).toEqual([
        'TypeError',
        `gateway: expected the base URL of a gateway, such as https://pay.example, got ${JSON.stringify(at)}`,
        undefined,
      ]);
    });
  });

  describe.each(['react', 'vue'])('as a component of %s', (framework) => {
    beforeEach(async () => {
      await page.goto(`${origin}/${framework}`);
    });

    /** Shows the component; each of the named handlers records its calls. */
    async function show(
      url: string | null,
      handlers: readonly string[] = ['onState', 'onDone', 'onClose'],
      tag = '',
    ): Promise<void> {
      const listeners = handlers.map((name) => `${name}: (value) => reported.push(['${tag}${name}', value])`);
      const given = [`gateway: '${gateway.url}'`, `nonce: '${NONCE}'`, `url: ${JSON.stringify(url)}`, ...listeners];
      await page.evaluate(`window.reported ??= []; show({ ${given.join(', ')} })`);
    }

    async function opened(url: string, handlers?: readonly string[]): Promise<void> {
      await show(url, handlers);
      await inFrame().getByRole('heading', { name: 'Waiting for your payment' }).waitFor();
      await expect.poll(focused).toBe('iframe');
    }

    it('loads the script before there is an order, opens the dialog with it, and reports its states', async () => {
      await show(null);
      await expect.poll(() => loads).toBe(1);
      expect(await page.locator('iframe').count()).toBe(0);
      const { uuid, url } = await newOrder();
      await opened(url);
      const pending = { paymentId: uuid, status: 'pending', blockchainStatus: 'pending' };
      await expect.poll(reported).toEqual([['onState', pending]]);
      await inFrame().getByRole('button', { name: 'Pay with test bitcoin' }).click();
      await inFrame().getByRole('heading', { name: 'Payment received' }).waitFor();
      await gateway.sandbox?.mine();
      const paid = { paymentId: uuid, status: 'paid', blockchainStatus: 'paid' };
      await expect
        .poll(async () => (await reported()).at(-1), { timeout: 15_000 })
        .toEqual(['onDone', { ...paid, url: `https://shop.example/thanks?payment_id=${uuid}` }]);
      expect(await dialog().count()).toBe(0);
      expect([page.url(), loads]).toEqual([`${origin}/${framework}`, 1]);
      // Rendered again with a resolved order, it stays closed.
      await show(url);
      expect([await page.locator('iframe').count(), complaints]).toEqual([0, []]);
    });

    it('is closed by Escape, returns the focus, and calls the current handlers', async () => {
      await page.getByRole('button', { name: 'Buy' }).focus();
      const { uuid, url } = await newOrder();
      await opened(url);
      await show(url, ['onClose'], 'later ');
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
      await expect
        .poll(async () => (await reported()).at(-1))
        .toEqual(['later onClose', { paymentId: uuid, status: 'pending', blockchainStatus: 'pending' }]);
      await expect.poll(focused).toBe('button');
    });

    it('closes when it is unmounted or its order changes, without a question or a call', async () => {
      const [first, second] = [await newOrder(), await newOrder()];
      await opened(first.url);
      await opened(second.url);
      await inFrame().getByText('€5.00').first().waitFor();
      expect(await page.locator('iframe').count()).toBe(1);
      expect(await page.locator('iframe').getAttribute('src')).toBe(second.url);
      await show(null);
      await dialog().waitFor({ state: 'detached' });
      await opened(second.url);
      await page.evaluate('unmount()');
      await dialog().waitFor({ state: 'detached' });
      expect(await page.evaluate('document.documentElement.style.overflow')).toBe('');
      const names = ((await reported()) as [string][]).map(([name]) => name);
      expect(new Set(names)).toEqual(new Set(['onState']));
      expect(complaints).toEqual([]);
    });

    it('opens nothing if it is unmounted before the script has loaded', async () => {
      const { url } = await newOrder();
      let goOn = (): void => undefined;
      const held = new Promise<void>((resolve) => (goOn = resolve));
      await page.route(`${gateway.url}/checkout.js`, async (route) => {
        await held;
        await route.continue();
      });
      await show(url);
      await page.evaluate('unmount()');
      goOn();
      await expect.poll(() => page.evaluate('typeof window.WebPOS')).toBe('object');
      await page.evaluate('new Promise((resolve) => setTimeout(resolve, 100))');
      expect(await page.locator('iframe').count()).toBe(0);
    });

    it('calls onError if the script cannot be loaded, and without it goes to the page', async () => {
      await refuseScript();
      const { url } = await newOrder();
      await page.evaluate(`window.reported = [];
        show({ gateway: '${gateway.url}', url: '${url}', onError: (error) => reported.push(error instanceof CheckoutLoadError) })`);
      await expect.poll(async () => (await reported()).at(-1)).toBe(true);
      expect(page.url()).toBe(`${origin}/${framework}`);
      await page.evaluate('unmount()');
      await show(url, []);
      await page.waitForURL(url);
    });

    it('goes to no URL that would run in the page', async () => {
      await refuseScript();
      await show('javascript:window.ran=true', []);
      await expect.poll(() => loads).toBeGreaterThan(0);
      await page.evaluate('new Promise((resolve) => setTimeout(resolve, 200))');
      expect(await page.evaluate('[typeof window.ran, location.href]')).toEqual(['undefined', `${origin}/${framework}`]);
    });

    it("sends the buyer to the order's URL if there are no handlers", async () => {
      const order = await client.createPaymentOrder({ amount: '5.00', cancel_url: `${origin}/plain` });
      await opened(order.redirect_url ?? '', []);
      await inFrame().getByRole('link', { name: 'Cancel payment' }).click();
      await inFrame().getByRole('button', { name: 'Yes, cancel the payment' }).click();
      await page.waitForURL('**/plain?*');
      expect(page.url()).toBe(`${origin}/plain?payment_id=${order.uuid}`);
    });
  });
});
