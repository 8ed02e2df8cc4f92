import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';

/**
 * A suite whose tests share a browser, titled "in Chromium, …". Without a browser it is skipped with a notice, and fails with
 * CI=true.
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
      newContext: (options) => running().newContext(options),
      newPage: (options) => running().newPage(options),
    });
    // Registered last, so it runs first: an open page has an event stream, which a stopping gateway waits for.
    afterAll(() => browser?.close());
  });
}

type Pages = Pick<Browser, 'newContext' | 'newPage'>;
