/** `npm run screenshots`: the pictures of the README, taken from a running sandbox: needs Chromium. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startGateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import { findChromium, launchChromium } from '../test/support/chromium.ts';
import { createSandboxPos } from './support/sandbox-pos.ts';

const OUT = 'docs/screenshots';

const chromium = findChromium('the screenshots');
if (chromium === undefined) throw new Error('no screenshots without a browser');
const folder = await mkdtemp(join(tmpdir(), 'webpos-screenshots-'));
const gateway = await startGateway(
  readConfig({
    WEBPOS_PORT: '0',
    WEBPOS_DATABASE_URL: `sqlite:${join(folder, 'webpos.db')}`,
    WEBPOS_KEY_FILE: join(folder, 'webpos.key'),
    WEBPOS_LOG_LEVEL: 'warn',
  }),
);
const browser = await launchChromium(chromium);
try {
  const { clientId, secret } = await createSandboxPos(gateway, 1);
  const client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: gateway.url });
  const order = await client.createPaymentOrder({ amount: '10.00', details: 'Two coffees and a cake' });
  await mkdir(OUT, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 390, height: 844 }, deviceScaleFactor: 1 });
    await page.goto(order.redirect_url ?? '');
    await page.screenshot({ path: `${OUT}/checkout-${colorScheme}.png` });
    await page.close();
  }
} finally {
  await browser.close();
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
}
