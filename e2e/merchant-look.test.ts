/** A merchant's name, logo and colour on the checkout page, in a real browser, with difficult colours, light and dark. */
import type { Gateway, NewPos } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import axe from 'axe-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSandboxPos } from '../scripts/support/sandbox-pos.ts';
import { describeInChromium } from '../test/support/describe-in-chromium.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';

/** A style of its own, which the picture needs and the page's policy would not allow. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><style>.a{fill:#00f}</style><rect class="a" width="120" height="40"/></svg>`;

describeInChromium("a merchant's look", (browser) => {
  let sandbox: SandboxGateway;
  let gateway: Gateway;

  beforeAll(async () => {
    sandbox = await openSandboxGateway();
    ({ gateway } = sandbox);
  });
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  async function newPage(look: NonNullable<NewPos['look']>): Promise<string> {
    const { clientId, secret } = await createSandboxPos(gateway, 1, look);
    const client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: gateway.url });
    return (await client.createPaymentOrder({ amount: '10.00' })).redirect_url ?? '';
  }

  it('leaves the page readable, and loads nothing from elsewhere', async () => {
    const own = gateway.url;
    for (const accent of ['#ffff66', '#050505', '#ffffff', '#ff0000', '#7f7f7f']) {
      const url = await newPage({
        accent,
        support: 'help@shop.example',
        logo: { mediaType: 'image/svg+xml', bytes: Buffer.from(LOGO) },
      });
      for (const colorScheme of ['light', 'dark'] as const) {
        const context = await browser.newContext({ colorScheme, viewport: { width: 390, height: 844 }, hasTouch: true });
        const page = await context.newPage();
        const asked = new Set<string>();
        const output: string[] = [];
        page.on('request', (request) => asked.add(new URL(request.url()).origin));
        page.on('console', (message) => !message.location().url.endsWith('/favicon.ico') && output.push(message.text()));
        await page.goto(url);
        const button = page.getByRole('link', { name: 'Open in wallet' });
        expect(await button.evaluate('getComputedStyle(document.querySelector("#open-touch")).backgroundColor')).toBe(
          rgb(accent),
        );
        await expect.poll(() => page.evaluate('document.querySelector(".logo").naturalWidth')).toBe(120);
        await page.evaluate(axe.source);
        const found = (await page.evaluate('axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] })')) as {
          violations: { id: string; nodes: { html: string }[] }[];
        };
        expect(
          found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          `${accent} ${colorScheme}`,
        ).toEqual([]);
        expect([...asked]).toEqual([own]);
        expect(output).toEqual([]);
        await context.close();
      }
    }
  }, 180_000);

  it('shows the colours of the logo, and does not shift the page when it loads', async () => {
    const url = await newPage({ logo: { mediaType: 'image/svg+xml', bytes: Buffer.from(LOGO) } });
    const page = await browser.newPage();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/logos/*', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    const top = (): Promise<unknown> => page.evaluate('document.querySelector("h1").getBoundingClientRect().top');
    const before = await top();
    release();
    await expect.poll(() => page.evaluate('document.querySelector(".logo").naturalWidth')).toBe(120);
    expect(await top()).toBe(before);
    const colour = await page.evaluate(`(() => {
      const canvas = document.createElement('canvas');
      const paper = canvas.getContext('2d');
      paper.drawImage(document.querySelector('.logo'), 0, 0);
      return [...paper.getImageData(5, 5, 1, 1).data];
    })()`);
    expect(colour).toEqual([0, 0, 255, 255]);
    await page.close();
  });

  it("never becomes a document: anyone who opens the logo's URL downloads it", async () => {
    const url = await newPage({ logo: { mediaType: 'image/svg+xml', bytes: Buffer.from(LOGO) } });
    const page = await browser.newPage();
    await page.goto(url);
    const logo = await page.getAttribute('.logo', 'src');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.goto(new URL(logo ?? '', url).href).catch(() => undefined),
    ]);
    expect(download.url()).toContain('/logos/');
    expect(page.url()).toBe(url);
    await page.close();
  });
});

function rgb(hex: string): string {
  const number = Number.parseInt(hex.slice(1), 16);
  return `rgb(${number >> 16}, ${(number >> 8) & 255}, ${number & 255})`;
}
