/** `npm start`, as a person uses it: the shop, the checkout page, the sandbox's pay button, and back to a shop that says paid. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInChromium } from '../test/support/describe-in-chromium.ts';
import { freePorts } from '../test/support/free-ports.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

describeInChromium('npm start', (browser) => {
  let folder: string;
  let started: Started;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webpos-start-'));
    const [port = 0, shopPort = 0] = await freePorts(2);
    started = await start(folder, port, shopPort);
  });
  afterAll(async () => {
    await started.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    { how: 'with', javaScriptEnabled: true },
    { how: 'without', javaScriptEnabled: false },
  ])(
    'sells to a phone $how JavaScript',
    async ({ javaScriptEnabled }) => {
      const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 360, height: 740 } });
      const page = await context.newPage();
      await page.goto(started.shopUrl);
      await page.getByRole('button', { name: /buy/i }).first().click();
      await page.getByRole('button', { name: /pay with sandbox bitcoin/i }).click();
      // The page moves on by itself as soon as the payment is seen: by its script, or by its refresh header.
      await page.waitForURL((url) => url.href.startsWith(started.shopUrl) && url.searchParams.has('payment_id'), {
        timeout: 40_000,
      });
      // The shop's page loads itself again until the payment has its confirmations.
      await page.getByRole('heading', { name: /paid/i }).first().waitFor({ timeout: 40_000 });
      expect(await page.content()).toContain('Paid. Thank you!');
      await context.close();
    },
    90_000,
  );

  it('says plainly that a port is in use', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'webpos-start-'));
    const second = spawnStart(elsewhere, new URL(started.gatewayUrl).port, '0');
    const printed = await output(second);
    expect(printed).toContain('is in use by another program');
    expect(second.exitCode).toBe(1);
    await rm(elsewhere, { recursive: true, force: true });
  }, 30_000);

  it('refuses a second start in the same folder, naming the first', async () => {
    const second = spawnStart(folder, '0', '0');
    const printed = await output(second);
    expect(printed).toContain('another gateway serves');
    expect(second.exitCode).toBe(1);
  }, 30_000);
});

interface Started {
  readonly gatewayUrl: string;
  readonly shopUrl: string;
  stop(): Promise<void>;
}

async function start(folder: string, port: number, shopPort: number): Promise<Started> {
  const child = spawnStart(folder, String(port), String(shopPort));
  const urls = await new Promise<string[]>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      if (text.includes('Ctrl+C')) resolve(text.match(/http:\/\/[\d.:]+/g) ?? []);
    });
    child.once('exit', () => reject(new Error(`npm start ended early: ${text}`)));
  });
  const [gatewayUrl = '', shopUrl = ''] = urls;
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  };
  return { gatewayUrl, shopUrl, stop };
}

function spawnStart(folder: string, port: string, shopPort: string): ChildProcess {
  const script = ['--conditions=webpos-source', '--import', import.meta.resolve('tsx'), join(ROOT, 'scripts/start.ts')];
  return spawn(process.execPath, script, {
    cwd: folder,
    env: { ...process.env, WEBPOS_PORT: port, SHOP_PORT: shopPort },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function output(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const collect = (part: Buffer): void => {
      text += part.toString();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('close', () => resolve(text));
  });
}
