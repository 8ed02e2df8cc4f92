/**
 * The first ten minutes, as the README describes them: its commands in a terminal, its buttons in a browser, its first order. On the
 * oldest and the newest supported version of Node, and with NODES=all on those between.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest';
import { readSamples } from '../../test/samples/read-samples.ts';
import { describeInChromium } from '../../test/support/describe-in-chromium.ts';
import { freePorts } from '../../test/support/free-ports.ts';
import { installTools, NoRegistry, type Tools } from '../consumers/tools.ts';
import { makeClone, type Clone } from '../support/clone.ts';
import { openTerminal } from '../support/terminal.ts';

const BETWEEN = process.env['NODES'] === 'all' ? [['Node 22', 'node22'] as const] : [];
const NODES = [['Node 20', 'node20'] as const, ...BETWEEN, ['Node 24', 'node24'] as const];

/** The README's code below a heading, in its order. */
function readme(heading: string): string[] {
  return readSamples()
    .filter(({ place }) => place.replace(/:\d+$/, '') === `README.md#${heading}`)
    .map(({ code }) => code.trimEnd());
}

describeInChromium('the first ten minutes', (browser) => {
  let clone: Clone;
  let tools: Tools | NoRegistry;
  beforeAll(async () => {
    clone = await makeClone();
    tools = await installTools().catch((error: unknown) => {
      if (error instanceof NoRegistry) return error;
      throw error;
    });
  }, 400_000);
  afterAll(() => clone?.[Symbol.asyncDispose]());

  function nodeOf(version: 'node20' | 'node22' | 'node24', context: TestContext): string {
    if (tools instanceof NoRegistry) return context.skip(tools.message);
    return tools[version];
  }

  it.for(NODES)('lead from the README to a paid order of your own on %s', { timeout: 300_000 }, async ([, version], context) => {
    const node = nodeOf(version, context);
    const { folder } = clone;
    const [port, shopPort] = await freePorts(2);
    const environment = {
      PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`,
      WEBPOS_PORT: String(port),
      SHOP_PORT: String(shopPort),
      WEBPOS_DATABASE_URL: `sqlite:./${version}.db`,
      WEBPOS_KEY_FILE: `./${version}.key`,
    };
    const startedAt = performance.now();
    await using terminal = await openTerminal(folder, environment);
    const messages: string[] = [];
    const page = await openPage(messages);

    // "Try it": the packages are installed here already.
    const [install, start] = readme('try-it')[0]?.split('\n') ?? [];
    expect([install, start]).toEqual(['npm ci', 'npm start']);
    terminal.type('node --version');
    await terminal.waitFor(`v${version.slice(4)}.`);
    terminal.type(start ?? '');
    const welcome = await terminal.waitFor('Stop with Ctrl+C');
    const [, shopUrl = ''] = /Demo shop +(\S+)/.exec(welcome) ?? [];
    const [, panelCode = ''] = /enter (\S+) within 10 minutes/.exec(welcome) ?? [];

    await page.goto(shopUrl);
    await page.getByRole('button', { name: 'Pay with bitcoin' }).click();
    await page.getByRole('button', { name: 'Pay with test bitcoin' }).click();
    await page.getByRole('heading', { name: 'Payment received' }).waitFor({ timeout: 60_000 });
    await page.getByText('payment.completed', { exact: true }).waitFor({ timeout: 60_000 });
    await terminal.waitFor(/callback {3}\w{8} {2}payment\.completed to/);
    expect(terminal.hasColours()).toBe(true);

    // "The first order": the credentials are copied from the one terminal to the other.
    const [program = '', command = ''] = readme('the-first-order');
    await using second = await openTerminal(folder, { PATH: environment.PATH });
    for (const line of welcome.match(/^export WEBPOS_(?:URL|CLIENT_ID|SECRET)=\S+$/gm) ?? []) second.type(line);
    await writeFile(join(folder, 'first-order.ts'), `${program}\n`);
    second.type(command);
    const [, checkoutUrl = ''] = /^Pay here: (http\S+)$/m.exec(await second.waitFor(/^Pay here: http\S+$/m)) ?? [];
    const order = /[\da-f]{8}(?=-)/.exec(checkoutUrl)?.[0] ?? '';
    await terminal.waitFor(`order      ${order}  3.50 EUR`);
    await page.goto(checkoutUrl);
    await page.getByRole('button', { name: 'Pay with test bitcoin' }).click();
    await terminal.waitFor(`paid       ${order}`);
    await terminal.waitFor(`callback   ${order}  payment.completed to`);

    // The lines that the terminal offers besides.
    for (const line of pasted(welcome, 'with curl')) second.type(line);
    await second.waitFor(/"redirect_url":"http/);

    // The gateway's own page and the panel.
    await page.goto(`http://127.0.0.1:${port}`);
    await page.getByRole('link', { name: 'Panel' }).click();
    await page.getByRole('textbox').fill(panelCode);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Log out' }).waitFor();

    expect(terminal.shown()).not.toContain('{"level"');
    terminal.pressControlC();
    await terminal.waitFor(/Stopped\. .* are kept in \.\/node2\d\.db[\s\S]*bash-[\d.]+[#$] $/);
    console.info(`${version}: the first ten minutes took ${Math.round((performance.now() - startedAt) / 1000)} s`);
    expect(messages).toEqual([]);
    expect(await readFile(join(folder, 'first-order.ts'), 'utf8')).toContain("from '@webpos/sdk'");
    await page.close();
  });

  async function openPage(messages: string[]): Promise<Page> {
    const page = await browser.newPage();
    page.on('console', (message) => messages.push(`${page.url()}: ${message.text()}`));
    page.on('pageerror', (error) => messages.push(`${page.url()}: ${error.message}`));
    return page;
  }
});

/** The lines below a title of the terminal. */
function pasted(shown: string, title: string): string[] {
  const [, lines = ''] = new RegExp(`^${title}:\\n([\\s\\S]*?)\\n\\n`, 'm').exec(shown) ?? [];
  return lines.split('\n').filter((line) => line !== '');
}
