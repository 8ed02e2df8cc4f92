/** The checkout page on the smallest phones, in every state and language. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { axeViolations } from '../../../test/support/axe.ts';
import { cutContent } from '../../../test/support/cut-content.ts';
import { describeInChromium } from '../../../test/support/describe-in-chromium.ts';
import { SAMPLES, VARIANTS } from '../src/checkout/samples.ts';
import { LANGUAGES } from '../src/i18n/languages.ts';
import {
  assets,
  contentSecurityPolicy,
  pickReader,
  renderCheckoutPage,
  renderReceiptPage,
  type CheckoutView,
} from '../src/index.ts';

const SIX_SOURCES = 'median:bitfinex,bitstamp,coinbase,coingecko,kraken,mempool.space';
const VIEWS: Readonly<Record<string, CheckoutView>> = {
  ...SAMPLES,
  ...VARIANTS,
  'six-sources': { ...SAMPLES.paid, rate: { ...SAMPLES.paid.rate, source: SIX_SOURCES } },
  'six-sources-to-pay': { ...SAMPLES.pending, rate: { ...SAMPLES.pending.rate, source: SIX_SOURCES } },
  'a-lot': { ...SAMPLES.pending, amountBtc: '12345.00016667', amountFiat: '1234567890.12', currency: 'CHF' },
};
const TAGS = LANGUAGES.map(({ tag }) => tag);
/** Regions whose numbers are longer. */
const LOCALES: Readonly<Record<string, string>> = { de: 'de-CH', es: 'es-MX', pt: 'pt-PT', fr: 'fr-CH' };

/** In the browser: the parts of the message and of the first step that end below the fold. */
const BELOW_THE_FOLD = `(() => {
  const steps = [...document.querySelectorAll('#open-touch, #pay-again, #refund-address, #try-again, #back')];
  const first = steps.find((element) => element.checkVisibility());
  return [...document.querySelectorAll('#state, #state + p, .clock, .state > .support'), first]
    .filter((element) => element && element.getBoundingClientRect().bottom > innerHeight)
    .map((element) => element.id || element.className || element.textContent);
})()`;

describeInChromium('the checkout page on the smallest phones', (browser) => {
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
      const asset = assets.get(pathname);
      const lang = searchParams.get('lang') ?? 'en';
      const reader = pickReader(lang, LOCALES[lang]);
      const [, kind, name = ''] = pathname.split('/');
      const view = { ...(VIEWS[name] ?? SAMPLES.pending), follows: null, backUrl: null, ...withBack(VIEWS[name]) };
      const page = kind === 'receipt' ? renderReceiptPage(view, reader) : renderCheckoutPage(view, reader);
      response.writeHead(200, {
        'content-type': asset?.contentType ?? 'text/html; charset=utf-8',
        'content-security-policy': contentSecurityPolicy(view.look),
      });
      response.end(asset?.body ?? page);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function newPage(messages: string[] = []): Promise<Page> {
    const viewport = { width: 320, height: 568 };
    const context = await browser.newContext({ viewport, hasTouch: true, isMobile: true, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(error.message));
    return page;
  }

  it.each(TAGS)('shows what to do without scrolling in %s, cuts nothing with everything open, and logs nothing', async (lang) => {
    const messages: string[] = [];
    const page = await newPage(messages);
    const faults: Record<string, unknown> = {};
    for (const name of Object.keys(VIEWS)) {
      await page.goto(`${origin}/page/${name}?lang=${lang}`);
      const unseen = (await page.evaluate(BELOW_THE_FOLD)) as string[];
      const cut = await cutWithEverythingOpen(page);
      if (unseen.length > 0 || cut.length > 0) faults[name] = { unseen, cut };
    }
    for (const path of ['receipt/six-sources', 'receipt/seen']) {
      await page.goto(`${origin}/${path}?lang=${lang}`);
      const cut = await cutWithEverythingOpen(page);
      if (cut.length > 0) faults[path] = { cut };
    }
    expect(faults).toEqual({});
    expect(messages).toEqual([]);
    await page.context().close();
  });

  it.each(Object.keys(VARIANTS))('has no axe violation in %s, light or dark', async (name) => {
    const page = await newPage();
    await page.goto(`${origin}/page/${name}`);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate('document.querySelectorAll("details").forEach((details) => (details.open = true))');
      expect(await axeViolations(page), colorScheme).toEqual([]);
    }
    await page.context().close();
  });

  it('selects and copies an amount without its groups', async () => {
    const page = await newPage();
    await page.goto(`${origin}/page/pending`);
    await page.evaluate('getSelection().selectAllChildren(document.querySelector("#amount-row .value"))');
    expect(await page.evaluate('String(getSelection())')).toBe('0.00016667');
    await page.context().close();
  });
});

async function cutWithEverythingOpen(page: Page): ReturnType<typeof cutContent> {
  await page.evaluate('document.querySelectorAll("details").forEach((details) => (details.open = true))');
  return cutContent(page);
}

/** Keeps requests on this machine, and the buyer on the page. */
function withBack(view: CheckoutView | undefined): Partial<CheckoutView> {
  if (view?.backUrl == null) return {};
  return { backUrl: 'http://127.0.0.1/shop', choices: { ...view.choices, stays: true } };
}
