/**
 * How soon a buyer sees the page, and a change of its order. Method: a gateway in this process, and a real Chromium.
 *
 * - First sight: from the request for the page, on an open connection, to the first painted text, with everything that the page
 *   loads withheld, so that the paint needs the page alone; over a connection with a round trip of 500 ms (emulated by the
 *   browser) and over one without latency, in turn. The difference tells how many round trips the page needs.
 * - Event to screen: from the moment when the gateway signals internally that an order has changed (everything is stored then)
 *   until the frame after the new headline is in the page, on this machine's clock. 40 orders, one after the other.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startGateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import type { Page } from 'playwright-core';
import { createSandboxPos } from '../scripts/support/sandbox-pos.ts';
import { findChromium, launchChromium } from '../test/support/chromium.ts';
import { median } from './support/compare.mjs';
import { report } from './support/report.mjs';

const ORDERS = 40;
const ROUND_TRIP_MS = 500;

const chromium = findChromium('the checkout page benchmark');
if (chromium === undefined) process.exit(1);
const folder = await mkdtemp(join(tmpdir(), 'webpos-bench-screen-'));
const gateway = await startGateway(
  readConfig({
    WEBPOS_PORT: '0',
    WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`,
    WEBPOS_KEY_FILE: join(folder, 'webpos.key'),
    WEBPOS_LOG_LEVEL: 'error',
    WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '3600',
  }),
);
const browser = await launchChromium(chromium);
try {
  const { clientId, secret } = await createSandboxPos(gateway, 1, { accent: '#f7931a' });
  const client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: gateway.url });
  const newPage = async (): Promise<string> => (await client.createPaymentOrder({ amount: '10.00' })).redirect_url ?? '';
  await measureFirstSight(await newPage());
  await measureNews(newPage);
} finally {
  await browser.close();
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measureFirstSight(url: string): Promise<void> {
  const times = { near: [] as number[], far: [] as number[] };
  for (let load = 0; load < 9; load += 1) {
    times.near.push(await firstSight(url, 0));
    times.far.push(await firstSight(url, ROUND_TRIP_MS));
  }
  const [near, far] = [median(times.near), median(times.far)];
  const trips = (far - near) / ROUND_TRIP_MS;
  report('from the request for the page to its first text, ms', near.toFixed(0));
  report(`  with a round trip of ${ROUND_TRIP_MS} ms`, far.toFixed(0));
  report('  round trips', trips.toFixed(2), { target: '1', met: Math.round(trips) === 1 });
}

async function firstSight(url: string, latency: number): Promise<number> {
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const unlimited = { offline: false, downloadThroughput: -1, uploadThroughput: -1 };
  await session.send('Network.emulateNetworkConditions', { ...unlimited, latency });
  await page.route('**/assets/*', () => undefined);
  await page.goto(url, { waitUntil: 'commit' });
  await page.getByRole('heading', { name: 'Waiting for your payment' }).waitFor();
  const ms = await firstPaint(page);
  await page.close();
  return ms;
}

/** Returns the milliseconds from the request for the page to the first painted text. */
async function firstPaint(page: Page): Promise<number> {
  for (;;) {
    const ms = (await page.evaluate(`(() => {
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      const [page] = performance.getEntriesByType('navigation');
      return paint && paint.startTime - page.requestStart;
    })()`)) as number | undefined;
    if (ms !== undefined) return ms;
    await page.waitForTimeout(20);
  }
}

async function measureNews(newPage: () => Promise<string>): Promise<void> {
  const context = gateway.context as { ordersChanged: (ids: Iterable<string>) => void };
  const notify = context.ordersChanged;
  let notifiedAt = 0;
  context.ordersChanged = (ids) => {
    const all = [...ids];
    // Only the first change counts: the payment.
    if (all.length > 0 && notifiedAt === 0) notifiedAt = performance.timeOrigin + performance.now();
    notify(all);
  };
  const times: number[] = [];
  for (let order = 0; order < ORDERS; order += 1) {
    const page = await browser.newPage();
    const url = await newPage();
    const streaming = page.waitForResponse((answer) => answer.url().endsWith('/events'));
    await page.goto(url);
    await streaming;
    notifiedAt = 0;
    const seen = page.evaluate(`new Promise((resolve) => {
      new MutationObserver(() => {
        if (document.querySelector('#state').textContent !== 'Payment received') return;
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())));
      }).observe(document.body, { childList: true });
    })`);
    const [at] = (await Promise.all([seen, press(url)])) as [number, void];
    times.push(at - notifiedAt);
    await page.close();
  }
  const [ms, worst] = [median(times), Math.max(...times)];
  report('from the event in the gateway to the screen, median, ms', ms.toFixed(0), { target: '< 300', met: ms < 300 });
  report(`  the slowest of ${ORDERS}`, worst.toFixed(0));
}

/** Pays by the sandbox's button, as a form without JavaScript would. */
async function press(url: string): Promise<void> {
  const answer = await fetch(`${url}/sandbox`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ action: 'send' }),
  });
  if (answer.status !== 303) throw new Error(`the sandbox's button: ${answer.status} ${await answer.text()}`);
}
