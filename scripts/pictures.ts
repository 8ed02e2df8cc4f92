/**
 * `npm run pictures`: the pictures of the README and of the guide to the sandbox, from a real `npm start`: the terminal with a first
 * payment, the demo shop and an order in it. Needs Chromium, the typeface Inter, and `script` of util-linux.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { openTerminal, type Terminal } from '../e2e/support/terminal.ts';
import { findChromium, launchChromium } from '../test/support/chromium.ts';
import { freePorts } from '../test/support/free-ports.ts';
import { gatewayFiles } from '../test/support/gateway-files.ts';
import { usePictureFonts } from './support/picture-fonts.ts';

const OUT = 'docs/pictures';
/** The ports of a first start, which the picture shows. */
const [GATEWAY_PORT, SHOP_PORT] = [8080, 8081];
/** The styles of a terminal's colours, by their codes. */
const CLASSES: Readonly<Record<string, string>> = { 1: 'bold', 2: 'dim', 31: 'red', 32: 'green', 33: 'yellow', 36: 'cyan' };
const COLOUR = new RegExp(String.raw`\u001b\[(\d+)m`, 'g');
const DESKTOP = { viewport: { width: 1200, height: 860 }, deviceScaleFactor: 1 };

const chromium = findChromium('the pictures');
if (chromium === undefined) throw new Error('no pictures without a browser');
const folder = await mkdtemp(join(tmpdir(), 'webpos-pictures-'));
await mkdir(OUT, { recursive: true });
await using _fonts = await usePictureFonts();
const chromiumBrowser = await launchChromium(chromium);
try {
  const [port, shopPort] = await freePorts(2);
  await using terminal = await openTerminal(process.cwd(), {
    ...gatewayFiles(folder),
    WEBPOS_PORT: String(port),
    SHOP_PORT: String(shopPort),
  });
  terminal.type('npm start');
  await terminal.waitFor('Stop with Ctrl+C');
  await buy(chromiumBrowser, `http://127.0.0.1:${shopPort}`);
  const replaced = [
    [`127.0.0.1:${port}`, `127.0.0.1:${GATEWAY_PORT}`],
    [`127.0.0.1:${shopPort}`, `127.0.0.1:${SHOP_PORT}`],
  ] as const;
  await takeTerminal(
    chromiumBrowser,
    replaced.reduce((text, [from, to]) => text.replaceAll(from, to), sessionOf(terminal)),
  );
} finally {
  await chromiumBrowser.close();
  await rm(folder, { recursive: true, force: true });
}

/** Buys something, and takes the shop and the page of the order. */
async function buy(browser: Browser, shopUrl: string): Promise<void> {
  const context = await browser.newContext({ ...DESKTOP, locale: 'en', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(shopUrl);
  await page.getByRole('button', { name: 'One Almond cake more' }).click();
  await page.getByRole('button', { name: 'Pay with bitcoin' }).hover();
  await take(page, 'shop');
  await page.getByRole('button', { name: 'Pay with bitcoin' }).click();
  await page.getByRole('button', { name: 'Pay with test bitcoin' }).click();
  await page.waitForURL((url) => url.pathname === '/order');
  await page.locator('summary', { hasText: 'payment.completed' }).click();
  await page.getByText('The network has confirmed it').waitFor();
  await take(page, 'order');
  await context.close();
}

/** What the terminal shows from the command on, without the secrets. */
function sessionOf(terminal: Terminal): string {
  const output = terminal.coloured();
  return output
    .slice(output.indexOf('npm start'))
    .replace(/^\n*> [\s\S]*?\n\n(?=\S*WebPOS)/m, '\n')
    .replace(/(WEBPOS_(?:CLIENT_ID|SECRET)=\w{12})\w+/g, '$1…');
}

async function takeTerminal(browser: Browser, session: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 400 }, deviceScaleFactor: 1.5 });
  const page = await context.newPage();
  await page.setContent(terminalPage(session.trimEnd()));
  await writeFile(join(OUT, 'terminal.webp'), await captured(page, 'main'));
  await context.close();
}

async function take(page: Page, name: string): Promise<void> {
  await writeFile(join(OUT, `${name}.webp`), await captured(page));
}

async function captured(page: Page, selector?: string): Promise<Buffer> {
  const client = await page.context().newCDPSession(page);
  const box = selector === undefined ? null : await page.locator(selector).boundingBox();
  const clip = box === null ? {} : { clip: { ...box, scale: 1 }, captureBeyondViewport: true };
  const { data } = await client.send('Page.captureScreenshot', { format: 'webp', quality: 70, ...clip });
  return Buffer.from(data, 'base64');
}

function terminalPage(session: string): string {
  const coloured = session
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(COLOUR, (_, code: string) => (CLASSES[code] === undefined ? '</b>' : `<b class="${CLASSES[code]}">`));
  const html = stripVTControlCharacters(coloured);
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; }
    main { box-sizing: border-box; width: 1000px; padding: 14px 22px 20px; border-radius: 10px; background: #16191d; }
    pre { margin: 0; color: #d7dce1; font: 13px/1.5 'DejaVu Sans Mono', monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
    i { display: inline-block; width: 12px; height: 12px; margin: 0 7px 12px 0; border-radius: 50%; background: #3a4149; }
    b { font-weight: 400; }
    .bold { color: #fff; font-weight: 700; } .dim { color: #8b949e; }
    .red { color: #ff8f85; } .green { color: #7ee0a8; } .yellow { color: #f0c674; } .cyan { color: #79d3e6; }
  </style><main><i></i><i></i><i></i><pre><b class="dim">$</b> ${html}</pre></main>`;
}
