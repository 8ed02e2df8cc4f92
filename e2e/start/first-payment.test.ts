/** The time from `npm start` to a paid order. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeInChromium } from '../../test/support/describe-in-chromium.ts';
import { start } from '../support/started.ts';

const MAX_MS = 15_000;
/** Other load on the machine only lengthens a time, so the best of a few counts. */
const ATTEMPTS = 3;

describeInChromium('npm start', (browser) => {
  it('leads to a paid order within 15 seconds', async () => {
    const times: number[] = [];
    do times.push(await firstPayment());
    while (Math.min(...times) > MAX_MS && times.length < ATTEMPTS);
    console.info(`npm start to a paid order: ${times.map((time) => `${Math.round(time)} ms`).join(', ')}`);
    expect(Math.min(...times)).toBeLessThanOrEqual(MAX_MS);
  }, 180_000);

  async function firstPayment(): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), 'webpos-start-'));
    const startedAt = performance.now();
    const started = await start({ folder, fromSource: true });
    const page = await browser.newPage();
    await page.goto(started.shopUrl);
    await page.getByRole('button', { name: 'Pay with bitcoin' }).click();
    await page.getByRole('button', { name: /pay with test bitcoin/i }).click();
    await page.waitForURL((url) => url.pathname === '/order');
    await page.getByRole('heading', { name: 'Payment received' }).waitFor();
    const tookMs = performance.now() - startedAt;
    await page.close();
    await started.interrupt();
    await rm(folder, { recursive: true, force: true });
    return tookMs;
  }
});
