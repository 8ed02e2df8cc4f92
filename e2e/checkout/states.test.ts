/** Every state of the checkout page in a real browser: accessibility, small screens and every language. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from '../../test/support/axe.ts';
import { describeInChromium } from '../../test/support/describe-in-chromium.ts';
import {
  CHECKOUT_STATE_NAMES,
  CHECKOUT_STATES,
  openCheckoutStage,
  type CheckoutStage,
  type CheckoutStateName,
  type StagedOrder,
} from '../../test/support/checkout-stage.ts';
import { cutContent } from '../../test/support/cut-content.ts';
import { openCheckout } from '../../test/support/open-checkout.ts';

const LANGUAGES = ['en', 'it', 'de', 'fr', 'es', 'pt', 'ja', 'ar'];

/** The text spacing that a reader may set without losing content (WCAG 2.2, 1.4.12). CSSOM, which no content security policy blocks. */
const SET_TEXT_SPACING = `(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
  document.adoptedStyleSheets = [sheet];
})()`;

describeInChromium('the checkout page in every state', (browser) => {
  let stage: CheckoutStage;
  let orders: Record<CheckoutStateName, StagedOrder>;

  beforeAll(async () => {
    stage = await openCheckoutStage();
    orders = await stage.inEveryState();
  });
  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  /** A page that does not leave for the shop: 204 keeps the browser where it is (RFC 9110, 15.3.5). */
  async function newPage(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.route('https://shop.example/**', (route) => route.fulfill({ status: 204 }));
    return page;
  }
  async function open(context: BrowserContext, state: CheckoutStateName, query = ''): Promise<Page> {
    const page = await newPage(context);
    await openCheckout(page, stage, orders, state, query);
    return page;
  }
  async function withContext(
    options: Parameters<Browser['newContext']>[0],
    work: (context: BrowserContext) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: 'reduce', ...options });
    await work(context);
    await context.close();
  }

  it.each(CHECKOUT_STATE_NAMES)('states %s in words, and axe finds nothing wrong, light or dark', async (state) => {
    await withContext({}, async (context) => {
      const page = await open(context, state);
      expect(await page.textContent('#state')).toBe(CHECKOUT_STATES[state]);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await axeViolations(page), colorScheme).toEqual([]);
      }
    });
  });

  it.each(['/cancel', '/receipt', '/nothing'])('has no axe violation on the page %s', async (path) => {
    await withContext({}, async (context) => {
      const page = await context.newPage();
      await page.goto(orders[path === '/receipt' ? 'paid' : 'pending'].url + path);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await axeViolations(page), colorScheme).toEqual([]);
      }
    });
  });

  it('is readable in every state, and payable in each that asks for money, without JavaScript', async () => {
    await withContext({ javaScriptEnabled: false }, async (context) => {
      const page = await newPage(context);
      for (const state of CHECKOUT_STATE_NAMES) {
        await openCheckout(page, stage, orders, state, '?stay=1');
        expect(await page.textContent('#state'), state).toBe(CHECKOUT_STATES[state]);
        expect((await page.locator('#state + p').innerText()).length, state).toBeGreaterThan(20);
        if (state !== 'pending' && state !== 'partial') continue;
        for (const part of ['.qr', '.wallet:visible', '#amount-row .value', '#address-row .value', '#uri-row .value', '.clock'])
          expect(await page.isVisible(part), `${state} ${part}`).toBe(true);
      }
    });
  });

  it('cuts nothing at 400 % zoom, nor with wide text spacing', async () => {
    await withContext({ viewport: { width: 320, height: 256 } }, async (context) => {
      const page = await newPage(context);
      for (const state of CHECKOUT_STATE_NAMES)
        for (const lang of state === 'pending' || state === 'lost' ? LANGUAGES : ['de']) {
          await openCheckout(page, stage, orders, state, `?lang=${lang}`);
          await page.evaluate('document.querySelectorAll("details").forEach((details) => (details.open = true))');
          expect(await cutContent(page), `${state} ${lang}`).toEqual([]);
          await page.evaluate(SET_TEXT_SPACING);
          expect(await cutContent(page), `${state} ${lang}, spaced`).toEqual([]);
        }
    });
  }, 180_000);

  it('runs from right to left in Arabic, except for addresses and amounts', async () => {
    await withContext({}, async (context) => {
      const page = await newPage(context);
      for (const state of CHECKOUT_STATE_NAMES) {
        await openCheckout(page, stage, orders, state, '?lang=ar');
        expect(await page.evaluate('getComputedStyle(document.querySelector("main")).direction')).toBe('rtl');
        expect(await cutContent(page), state).toEqual([]);
      }
      await openCheckout(page, stage, orders, 'pending', '?lang=ar');
      expect(await axeViolations(page)).toEqual([]);
      const sides = (await page.evaluate(`(() => {
        const { left, right } = document.querySelector('#address-row dt').getBoundingClientRect();
        const button = document.querySelector('#copy-address').getBoundingClientRect();
        return { name: right, value: document.querySelector('#address-row .value').getBoundingClientRect().right, button: button.right < left + 1 };
      })()`)) as { name: number; value: number; button: boolean };
      expect(sides.button).toBe(true);
      expect(Math.abs(sides.name - sides.value)).toBeLessThan(2);
      for (const selector of ['#address-row .value', '.clock'])
        expect(await page.evaluate(`getComputedStyle(document.querySelector('${selector}')).direction`)).toBe('ltr');
    });
  });

  it('keeps its borders and its code in forced colours', async () => {
    await withContext({ forcedColors: 'active' }, async (context) => {
      const style = async (page: Page, selector: string, property: string): Promise<unknown> =>
        page.evaluate(`getComputedStyle(document.querySelector('${selector}'))['${property}']`);
      const pending = await open(context, 'pending');
      expect(await style(pending, '.pay > .state', 'borderTopStyle')).toBe('solid');
      expect(await style(pending, '.button', 'borderTopWidth')).toBe('1px');
      expect(await style(pending, '.qr rect', 'fill')).toBe('rgb(255, 255, 255)');
      expect(await style(pending, '.qr path', 'stroke')).toBe('rgb(0, 0, 0)');
      const confirming = await open(context, 'confirming');
      // Completed steps differ from the others.
      const toCome = await style(confirming, '.steps > :last-child', 'backgroundColor');
      expect(await style(confirming, '.steps > .done', 'backgroundColor')).not.toBe(toCome);
    });
  });

  it.each(['no-preference', 'reduce'] as const)(
    'moves only if the reader has not asked for less motion: %s',
    async (reducedMotion) => {
      await withContext({ reducedMotion }, async (context) => {
        for (const state of ['pending', 'confirming', 'paid'] as const) {
          const page = await newPage(context);
          // A short animation may be over before a busy machine asks for it, so the page counts those that began.
          await page.addInitScript('window.begun = 0; document.addEventListener("animationstart", () => window.begun++);');
          await openCheckout(page, stage, orders, state);
          // The page forbids the eval of `waitForFunction`.
          if (reducedMotion === 'no-preference') await expect.poll(() => page.evaluate('window.begun > 0')).toBe(true);
          expect(await page.evaluate('document.getAnimations().length + window.begun > 0'), state).toBe(
            reducedMotion === 'no-preference',
          );
          await page.close();
        }
      });
    },
  );

  it('has touch targets of at least 24 by 24, and main ones of at least 44', async () => {
    await withContext({ viewport: { width: 320, height: 568 } }, async (context) => {
      const page = await open(context, 'pending');
      await page.evaluate('document.querySelectorAll("details").forEach((details) => (details.open = true))');
      const targets = (await page.evaluate(`[...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]
        .filter((element) => element.checkVisibility())
        .map((element) => { const { width, height } = element.getBoundingClientRect(); return { name: element.id || element.textContent.trim(), least: Math.min(width, height) }; })`)) as {
        name: string;
        least: number;
      }[];
      expect(targets.length).toBeGreaterThan(10);
      expect(targets.filter(({ least }) => least < 24)).toEqual([]);
      const main = targets.filter(({ name }) => name === 'open-mouse' || name.startsWith('copy-'));
      expect(main).toHaveLength(4);
      expect(main.filter(({ least }) => least < 44)).toEqual([]);
    });
  });

  it('keeps the code dark on white in dark mode too', async () => {
    await withContext({ colorScheme: 'dark' }, async (context) => {
      const page = await open(context, 'pending');
      const colours = await page.evaluate(
        `[['rect', 'fill'], ['path', 'stroke']].map(([part, property]) => getComputedStyle(document.querySelector('.qr ' + part))[property])`,
      );
      expect(colours).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
    });
  });
});
