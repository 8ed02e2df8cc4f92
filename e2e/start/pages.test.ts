/** How the pages of a first start look to everybody: the gateway's own, and those of the demo shop. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../../test/support/axe.ts';
import { cutContent } from '../../test/support/cut-content.ts';
import { describeInChromium } from '../../test/support/describe-in-chromium.ts';
import { start, type Started } from '../support/started.ts';

const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = [320, 390, 1200];

describeInChromium('the pages of npm start', (browser) => {
  let folder: string;
  let started: Started;
  /** Every page, by what it is. */
  const pages: Record<string, string> = {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webpos-pages-'));
    started = await start({ folder });
    const { gatewayUrl, shopUrl } = started;
    const page = await browser.newPage();
    await page.goto(shopUrl);
    await page.getByRole('button', { name: 'Pay with bitcoin' }).click();
    const [, uuid] = /\/checkout\/([\da-f-]{36})/.exec(page.url()) ?? [];
    Object.assign(pages, {
      'the page at /': `${gatewayUrl}/`,
      'the page for a path that does not exist': `${gatewayUrl}/nothing`,
      'the shelf': shopUrl,
      'an order that waits': `${shopUrl}/order?payment_id=${uuid}`,
      'the source': `${shopUrl}/source`,
      'an unknown order': `${shopUrl}/order?payment_id=00000000-0000-4000-8000-000000000000`,
    });
    await page.goto(shopUrl);
    await page.getByRole('button', { name: 'Pay with bitcoin' }).click();
    await page.getByRole('button', { name: 'Pay with test bitcoin' }).click();
    await page.waitForURL((url) => url.pathname === '/order');
    await page.getByText('payment.completed', { exact: true }).waitFor();
    pages['a paid order'] = page.url();
    await page.close();
  });
  afterAll(async () => {
    await started.interrupt();
    await rm(folder, { recursive: true, force: true });
  });

  describe.each(SCHEMES)('in %s mode', (colorScheme) => {
    it('break no rule of accessibility, cut nothing off, and write nothing to the console', async () => {
      const found: Record<string, readonly string[]> = {};
      const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
      for (const [name, url] of Object.entries(pages)) {
        const page = await context.newPage();
        const messages: string[] = [];
        page.on('console', (message) => messages.push(message.text()));
        page.on('pageerror', (error) => messages.push(error.message));
        await open(page, url);
        // Browsers write a line about every answer of 404, which is the right answer.
        found[name] = messages.filter((text) => !text.startsWith('Failed to load resource')).concat(await axeViolations(page));
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 720 });
          found[`${name} at ${width} px`] = withoutCode(await cutContent(page));
        }
        await page.close();
      }
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
      expect(Object.keys(found)).toHaveLength(7 * (1 + WIDTHS.length));
      await context.close();
    }, 120_000);
  });

  it('show the JSON of a callback without widening the page of an order', async () => {
    const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
    await page.goto(pages['a paid order'] ?? '');
    await page.locator('summary').last().click();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await page.close();
  });
});

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Code scrolls in a box of its own, which the keyboard reaches. */
function withoutCode(cut: readonly string[]): string[] {
  return cut.filter((line) => !/^cut: (?:pre|code) |^out of the page: (?:code|i|b|pre)\b/.test(line));
}
