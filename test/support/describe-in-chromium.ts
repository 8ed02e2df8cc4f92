import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';

/** Only a test that fails takes so long, and a busy machine fails none. */
const PATIENCE_MS = 90_000;

/**
 * A suite whose tests share a browser, titled "in Chromium, …". Without a browser it is skipped with a notice, and fails with
 * CI=true. A test that fails prints what its open pages show.
 *
 * @param suite declares the tests. It gets the browser, which runs while they do.
 * @example
 * describeInChromium('the panel', (browser) => {
 *   it('asks for a code', async () => {
 *     const page = await browser.newPage();
 *   });
 * });
 */
export function describeInChromium(title: string, suite: (browser: Pages) => void): void {
  const path = findChromium(title);
  // skip: no browser was found; the finder says why, and fails where CI is set
  describe.skipIf(path === undefined)(`in Chromium, ${title}`, () => {
    let browser: Browser | undefined;
    const running = (): Browser => {
      if (browser === undefined) throw new Error('the browser runs only while the tests do');
      return browser;
    };
    beforeAll(async () => {
      browser = await launchChromium(path ?? '');
    });
    suite({
      newContext: async (options) => patient(await running().newContext(options)),
      newPage: async (options) => patient(await running().newPage(options)),
    });
    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail') await printPages(running());
    });
    // Registered last, so it runs first: an open page has an event stream, which a stopping gateway waits for.
    afterAll(() => browser?.close());
  });
}

function patient<T extends BrowserContext | Page>(waiting: T): T {
  waiting.setDefaultTimeout(PATIENCE_MS);
  return waiting;
}

async function printPages(browser: Browser): Promise<void> {
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    const text = await page.innerText('body', { timeout: 2_000 }).catch((error: unknown) => String(error));
    process.stderr.write(`open when the test failed: ${page.url()}\n${text.slice(0, 2_000)}\n`);
  }
}

type Pages = Pick<Browser, 'newContext' | 'newPage'>;
