/**
 * `npm run screenshots`: takes pictures of every state of the checkout page, light and dark, on a phone and on a desktop, from real
 * orders in a sandbox. Needs Chromium, the typeface Inter, which stands in for a phone's own, and one for Japanese.
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findChromium, launchChromium } from '../test/support/chromium.ts';
import { CHECKOUT_STATE_NAMES, openCheckoutStage } from '../test/support/checkout-stage.ts';
import { openCheckout } from '../test/support/open-checkout.ts';
import { usePictureFonts } from './support/picture-fonts.ts';

const OUT = 'docs/screenshots';
/** The max size of the folder, which every clone carries. */
const MAX_BYTES = 1_500_000;
const SCREENS = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1000, height: 640 }, deviceScaleFactor: 1 },
} as const;
const SCHEMES = ['light', 'dark'] as const;

const chromium = findChromium('the screenshots');
if (chromium === undefined) throw new Error('no screenshots without a browser');
await using _fonts = await usePictureFonts();
const stage = await openCheckoutStage();
const browser = await launchChromium(chromium);
try {
  const orders = await stage.inEveryState();
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  for (const screen of ['phone', 'desktop'] as const)
    for (const scheme of SCHEMES)
      for (const state of CHECKOUT_STATE_NAMES)
        await take(screen, scheme, state, (page) => openCheckout(page, stage, orders, state));
  for (const [name, path] of Object.entries({ cancel: '/cancel', ar: '?lang=ar', de: '?lang=de', ja: '?lang=ja' }))
    await take('phone', 'light', `pending-${name}`, (page) => openCheckout(page, stage, orders, 'pending', path));
  await take('phone', 'light', 'receipt', (page) => openCheckout(page, stage, orders, 'paid', '/receipt'));
  await allowRetry();
  await take('phone', 'light', 'expired-retry', (page) => openCheckout(page, stage, orders, 'expired'));
} finally {
  await browser.close();
  await stage[Symbol.asyncDispose]();
}
const files = await readdir(OUT);
const bytes = (await Promise.all(files.map((file) => stat(join(OUT, file))))).reduce((sum, { size }) => sum + size, 0);
process.stdout.write(`${files.length} pictures in ${OUT}, ${Math.round(bytes / 1000)} kB\n`);
if (bytes > MAX_BYTES) throw new Error(`${OUT}: expected at most ${MAX_BYTES} bytes, got ${bytes}`);

async function take(
  screen: keyof typeof SCREENS,
  colorScheme: (typeof SCHEMES)[number],
  name: string,
  open: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ ...SCREENS[screen], colorScheme, locale: 'en', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await open(page);
  const client = await context.newCDPSession(page);
  const { data } = await client.send('Page.captureScreenshot', { format: 'webp', quality: 48 });
  await writeFile(`${OUT}/${screen}-${colorScheme}-${name}.webp`, Buffer.from(data, 'base64'));
  await context.close();
}

/** Lets the buyers of all orders try again. */
async function allowRetry(): Promise<void> {
  const { store } = stage.gateway.context;
  for (const pos of await store.pos.list())
    await store.transaction((tx) => tx.pos.update({ ...pos, checkout: { ...pos.checkout, allowsRetry: true } }));
}
