import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';

/**
 * A suite whose tests share a browser, titled "in Chromium, …". Where none exists it is skipped with a loud line, and fails with CI=true.
 *
 * @param suite Declares the tests. It gets the browser, which runs while they do.
 * @example
 * describeInChromium('the panel', (browser) => {
 *   it('asks for a code', async () => {
 *     const page = await browser.newPage();
 *   });
 * });
 */
export function describeInChromium(title: string, suite: (browser: Pages) => void): void {
  const path = findChromium(title);
  // skip: no browser can be had; the finder says why, and fails where CI is set
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
    // The last hook is the first to run: a page that is still open has a stream of events, which a gateway waits for when it stops.
    afterAll(() => browser?.close());
  });
}

type Pages = Pick<Browser, 'newContext' | 'newPage'>;
