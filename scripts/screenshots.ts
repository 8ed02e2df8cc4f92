/**
 * `npm run screenshots [checkout|panel]`: takes pictures of every state of the checkout page and of every page of the panel, light and
 * dark, on a phone and on a desktop, from real orders in a sandbox. Needs Chromium, the typeface Inter, which stands in for a phone's
 * own, and ones for Japanese and Arabic.
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findChromium, launchChromium } from '../test/support/chromium.ts';
import { CHECKOUT_STATE_NAMES, openCheckoutStage, type CheckoutStage } from '../test/support/checkout-stage.ts';
import { openCheckout } from '../test/support/open-checkout.ts';
import { fileOf, panelPictures } from './support/panel/panel-pictures.ts';
import { openPanelStage } from './support/panel/panel-stage.ts';
import { usePictureFonts } from './support/picture-fonts.ts';

const CHECKOUT = 'docs/screenshots';
const PANEL = 'docs/screenshots/panel';
/** The max size of each folder, which every clone carries. */
const MAX_BYTES = 1_500_000;
const SCREENS = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1000, height: 640 }, deviceScaleFactor: 1 },
} as const;
const SCHEMES = ['light', 'dark'] as const;

/** Runs in the browser: shows addresses of a shop in place of those of this machine. */
const RENAME = `((names) => {
  const renamed = (text) => names.reduce((shown, [from, to]) => shown.replaceAll(from, to), text);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.nodeValue = renamed(texts.currentNode.nodeValue);
  for (const input of document.querySelectorAll('input')) input.value = renamed(input.value);
})`;

interface Picture {
  readonly screen: keyof typeof SCREENS;
  readonly scheme: (typeof SCHEMES)[number];
  /** Without an extension. */
  readonly file: string;
  readonly options?: BrowserContextOptions;
  readonly open: (page: Page) => Promise<void>;
}

const chromium = findChromium('the screenshots');
if (chromium === undefined) throw new Error('no screenshots without a browser');
const [asked] = process.argv.slice(2);
await using _fonts = await usePictureFonts();
const browser = await launchChromium(chromium);
try {
  if (asked !== 'panel') await drawCheckout(browser);
  if (asked !== 'checkout') await drawPanel(browser);
} finally {
  await browser.close();
}

async function drawCheckout(chrome: Browser): Promise<void> {
  await using stage = await openCheckoutStage();
  const orders = await stage.inEveryState();
  await empty(CHECKOUT);
  const draw = (screen: Picture['screen'], scheme: Picture['scheme'], name: string, open: Picture['open']): Promise<void> =>
    take(chrome, { screen, scheme, file: `${CHECKOUT}/${screen}-${scheme}-${name}`, open });
  for (const screen of ['phone', 'desktop'] as const)
    for (const scheme of SCHEMES)
      for (const state of CHECKOUT_STATE_NAMES)
        await draw(screen, scheme, state, (page) => openCheckout(page, stage, orders, state));
  for (const [name, path] of Object.entries({ cancel: '/cancel', ar: '?lang=ar', de: '?lang=de', ja: '?lang=ja' }))
    await draw('phone', 'light', `pending-${name}`, (page) => openCheckout(page, stage, orders, 'pending', path));
  await draw('phone', 'light', 'receipt', (page) => openCheckout(page, stage, orders, 'paid', '/receipt'));
  await allowRetry(stage);
  await draw('phone', 'light', 'expired-retry', (page) => openCheckout(page, stage, orders, 'expired'));
  await report(CHECKOUT);
}

async function drawPanel(chrome: Browser): Promise<void> {
  await using stage = await openPanelStage();
  await empty(PANEL);
  for (const picture of panelPictures(stage.paths)) {
    const { screen, scheme, language, path, isPublic } = picture;
    const cookie = { name: 'webpos_panel', value: stage.secret, url: stage.url };
    await take(chrome, {
      screen,
      scheme,
      file: `${PANEL}/${fileOf(picture)}`,
      options: { locale: language, bypassCSP: true },
      open: async (page) => {
        if (!isPublic) await page.context().addCookies([cookie]);
        await page.route('**/events', (route) => route.abort());
        const answer = await page.goto(stage.url + path);
        if (answer?.status() !== 200) throw new Error(`${path}: expected a page, got ${answer?.status()}`);
        await page.evaluate(`${RENAME}(${JSON.stringify(Object.entries(stage.publicNames))})`);
      },
    });
  }
  await report(PANEL);
}

async function take(chrome: Browser, { screen, scheme, file, options, open }: Picture): Promise<void> {
  const context = await chrome.newContext({
    ...SCREENS[screen],
    colorScheme: scheme,
    locale: 'en',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  await open(page);
  const client = await context.newCDPSession(page);
  const { data } = await client.send('Page.captureScreenshot', { format: 'webp', quality: 48 });
  await writeFile(`${file}.webp`, Buffer.from(data, 'base64'));
  await context.close();
}

/** Deletes the pictures in a folder. */
async function empty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of await picturesIn(folder)) await rm(file);
}

async function report(folder: string): Promise<void> {
  const files = await picturesIn(folder);
  const bytes = (await Promise.all(files.map((file) => stat(file)))).reduce((sum, { size }) => sum + size, 0);
  process.stdout.write(`${files.length} pictures in ${folder}, ${Math.round(bytes / 1000)} kB\n`);
  if (bytes > MAX_BYTES) throw new Error(`${folder}: expected at most ${MAX_BYTES} bytes, got ${bytes}`);
}

async function picturesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith('.webp')).map((file) => join(folder, file));
}

/** Lets the buyers of all orders try again. */
async function allowRetry({ gateway }: CheckoutStage): Promise<void> {
  const { store } = gateway.context;
  for (const pos of await store.pos.list())
    await store.transaction((tx) => tx.pos.update({ ...pos, checkout: { ...pos.checkout, allowsRetry: true } }));
}
