/**
 * The pages of wallets and secrets in a real browser, on a phone without JavaScript and on a desk, with the keyboard alone: a wallet is added
 * after its addresses were compared, a wallet that was changed by SQL stops the sales, and a new secret is shown once.
 */
import { HDKey } from '@scure/bip32';
import type { Gateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import { networks, payments } from 'bitcoinjs-lib';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { attackerOf } from '../packages/gateway/test/seals/attacker.ts';
import { epochMs } from '../packages/gateway/src/kernel/clock.ts';
import { MINUTE_MS } from '../packages/gateway/src/kernel/durations.ts';
import { createSandboxPos, type ShopCredentials } from '../scripts/support/sandbox-pos.ts';
import { describeInChromium } from '../test/support/describe-in-chromium.ts';
import { gatewayFiles } from '../test/support/gateway-files.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';
import { confirm, DESK, heading, inspect, logIn, PHONE, press, tabTo, toggle, typeInto, WALK_MS } from './support/panel-walk.ts';

/** A wallet of its own for each number, and what it says its first addresses are. */
function walletOf(number: number): {
  readonly privateKey: string;
  readonly publicKey: string;
  readonly addresses: readonly string[];
} {
  const seed = new Uint8Array(32).fill(number);
  const account = HDKey.fromMasterSeed(seed, { public: 0x043587cf, private: 0x04358394 }).derive("m/84'/1'/0'");
  const keyAt = (index: number): Uint8Array => account.deriveChild(0).deriveChild(index).publicKey!;
  const addressAt = (index: number): string => payments.p2wpkh({ pubkey: keyAt(index), network: networks.regtest }).address!;
  return {
    privateKey: account.privateExtendedKey,
    publicKey: account.publicExtendedKey,
    addresses: [0, 1, 2, 3, 4].map(addressAt),
  };
}

describeInChromium('wallets and secrets', (browser) => {
  let sandbox: SandboxGateway;
  let gateway: Gateway;
  let shop: ShopCredentials;
  let offsetMs = 0;

  beforeAll(async () => {
    sandbox = await openSandboxGateway({ WEBPOS_LOG_LEVEL: 'silent' }, { clock: { now: () => epochMs(Date.now() + offsetMs) } });
    ({ gateway } = sandbox);
    shop = await createSandboxPos(gateway, 1);
  });
  afterAll(() => sandbox?.[Symbol.asyncDispose]());

  async function loggedIn(options: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext(options);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await logIn(page, gateway);
    return page;
  }
  /** Opens a page of the settings as a person does. */
  async function open(page: Page, name: 'Wallets' | 'Secrets'): Promise<void> {
    await press(page.getByRole('link', { name: 'Settings', exact: true }));
    await heading(page, 'Settings');
    await press(page.getByRole('link', { name, exact: true }));
    await heading(page, name);
  }
  const names = async (): Promise<string[]> => (await gateway.context.store.accounts.list()).map(({ name }) => name);
  const newClient = (secret: string): Client =>
    new Client({ mode: 'sandbox', clientId: shop.clientId, secret, baseUrl: gateway.url, maxRetries: 0 });
  const sale = (secret = shop.secret): Promise<unknown> => newClient(secret).createPaymentOrder({ amount: '10.00' });

  async function enter(page: Page, name: string, key: string): Promise<void> {
    await typeInto(page.getByLabel('Name'), name);
    await typeInto(page.getByLabel('Public key or descriptor'), key);
    await press(page.getByRole('button', { name: 'Show the first addresses' }));
  }

  /** Whether the table has to be scrolled on a phone. */
  async function scrollsSideways(page: Page): Promise<boolean> {
    const viewport = page.viewportSize()!;
    await page.setViewportSize(PHONE.viewport);
    const [shown, whole] = await page
      .getByRole('region', { name: 'Wallets' })
      .evaluate(({ clientWidth, scrollWidth }) => [clientWidth, scrollWidth] as const);
    await page.setViewportSize(viewport);
    return whole > shown;
  }

  /** Creates a POS that is paid to a wallet, after a currency that does not exist. */
  async function createPos(page: Page, wallet: string, options: BrowserContextOptions): Promise<void> {
    await press(page.getByRole('link', { name: 'Settings', exact: true }));
    await press(page.getByRole('link', { name: 'New point of sale' }));
    await heading(page, 'New point of sale');
    await inspect(page, options);
    for (const currency of ['XYZ', 'EUR']) {
      await typeInto(page.getByLabel('Name'), `Till of ${wallet}`);
      await tabTo(page.getByLabel('Wallet'));
      await page.getByLabel('Wallet').selectOption(wallet);
      await typeInto(page.getByLabel('Currency'), currency);
      await press(page.getByRole('button', { name: 'Create' }));
      if (currency === 'EUR') break;
      await page.getByRole('alert').getByText('Nothing was saved').waitFor();
      expect(await page.locator('[aria-invalid]').getAttribute('name')).toBe('currency');
      await inspect(page, options);
    }
    await heading(page, 'The point of sale was created');
    await inspect(page, options);
    const [clientId = '', secret = ''] = await page.locator('dd code').allInnerTexts();
    const client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: gateway.url, maxRetries: 0 });
    const { uuid } = await client.createPaymentOrder({ amount: '10.00' });
    expect(uuid).toMatch(/^[-\da-f]{36}$/);
    await page.goto(`${gateway.url}/panel/settings`);
    expect(await page.content()).not.toContain(secret);
  }

  it.each([
    ['a phone without JavaScript', PHONE, 11],
    ['a desk', DESK, 12],
  ] as const)(
    'a wallet is added after its addresses were compared, on %s',
    async (name, options, number) => {
      const { privateKey, publicKey, addresses } = walletOf(number);
      const page = await loggedIn(options);
      await open(page, 'Wallets');
      await inspect(page, options);
      for (const [wrong, why] of [
        ['my wallet', 'This is neither a public key nor a descriptor.'],
        [privateKey, 'This looks like a private key or recovery words.'],
      ] as const) {
        await enter(page, name, wrong);
        await page.getByRole('alert').getByText(why).waitFor();
        expect(await page.locator('[aria-invalid]:focus').getAttribute('name')).toBe('key');
        expect(await page.content()).not.toContain(privateKey);
        expect(await page.getByLabel('Name').inputValue()).toBe(name);
      }
      await inspect(page, options);
      await enter(page, name, publicKey);
      await heading(page, 'Compare the addresses');
      expect(await page.locator('td code').allInnerTexts()).toEqual(addresses);
      await inspect(page, options);
      // Nothing is added before the person says that the addresses are the same.
      await press(page.getByRole('button', { name: 'Add this wallet' }));
      await page.getByRole('checkbox').and(page.locator(':focus')).waitFor();
      await toggle(page.getByRole('checkbox'));
      offsetMs += 6 * MINUTE_MS;
      await press(page.getByRole('button', { name: 'Add this wallet' }));
      expect(await names()).not.toContain(name);
      await confirm(page, gateway);
      await page.getByRole('status').getByText('The wallet was added.').waitFor();
      await inspect(page, options);
      expect(await page.getByRole('row', { name }).innerText()).toMatch(/\syes\s/);
      expect(await scrollsSideways(page)).toBe(false);
      expect(await names()).toContain(name);
      await createPos(page, name, options);
    },
    WALK_MS,
  );

  it(
    'an alarm stands on every page while a wallet was changed by SQL, and nothing is sold',
    async () => {
      const page = await loggedIn(DESK);
      await sale();
      const attacker = attackerOf(gatewayFiles(sandbox.folder).WEBPOS_DATABASE_URL);
      const [before] = await attacker.rows("select descriptor from accounts where name = 'Wallet of Demo shop'");
      const change = (descriptor: string): Promise<void> =>
        attacker.run(`update accounts set descriptor = '${descriptor}' where name = 'Wallet of Demo shop'`);
      onTestFinished(() => change(before!['descriptor']!));
      await change(`wpkh(${walletOf(13).publicKey}/0/*)`);
      await open(page, 'Wallets');
      const alarm = page
        .getByRole('alert')
        .getByText('Alarm: rows of the database that decide where money goes are not authentic (1).');
      await alarm.waitFor();
      expect(await page.getByRole('row', { name: 'Wallet of Demo shop' }).innerText()).toContain('NO: nothing is sold');
      await inspect(page, DESK);
      await expect(sale()).rejects.toMatchObject({ errorCode: '4006' });
      await press(page.getByRole('link', { name: 'Orders', exact: true }));
      await heading(page, 'Orders');
      await alarm.waitFor();
      await change(before!['descriptor']!);
      await open(page, 'Wallets');
      expect(await alarm.count()).toBe(0);
      await sale();
    },
    WALK_MS,
  );

  it.each([
    ['a phone without JavaScript', PHONE],
    ['a desk', DESK],
  ] as const)(
    'a new secret is shown once, and replaces the old one, on %s',
    async (_, options) => {
      const page = await loggedIn(options);
      const old = shop.secret;
      await open(page, 'Secrets');
      await inspect(page, options);
      offsetMs += 6 * MINUTE_MS;
      await press(page.getByRole('button', { name: 'Start a rotation' }));
      await confirm(page, gateway);
      await heading(page, 'The new secret');
      await inspect(page, options);
      const [secret = '', forWebhooks = ''] = await page.locator('dd code').allInnerTexts();
      expect([secret, forWebhooks]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^whsec_/)]);
      await Promise.all([sale(old), sale(secret)]);
      // A browser sends the form again.
      await page.reload();
      expect(await page.content()).not.toContain(secret);
      await page.getByRole('alert').waitFor();
      await open(page, 'Secrets');
      expect(await page.content()).not.toContain(secret);
      await inspect(page, options);
      await press(page.getByRole('button', { name: 'Complete the rotation' }));
      await page.getByRole('status').getByText('Done.').waitFor();
      await expect(sale(old)).rejects.toMatchObject({ status: 401 });
      await sale(secret);
      shop = { ...shop, secret };
    },
    WALK_MS,
  );
});
