import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelBrowser, type PanelBrowser } from '../../../../test/support/panel-browser.ts';
import { openTestGateway, testKey, type Shop, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { parseAccount } from '../../../wallet/descriptor/parse-account.ts';

const WALLETS = '/panel/settings/wallets';
const SECRETS = '/panel/settings/secrets';
/** Of BIP 84's test vectors. */
const MAIN_KEY =
  'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs';

let test: TestGateway;
let shop: Shop;
let browser: PanelBrowser;
beforeAll(async () => {
  test = await openTestGateway();
  shop = await test.newPos({ name: '<b>Corner</b>' });
  browser = await panelBrowser(test);
});
afterAll(() => test[Symbol.asyncDispose]());

const accounts = async (): Promise<number> => (await test.gateway.context.store.accounts.list()).length;
const hidden = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll('&#39;', "'").replaceAll('&amp;', '&').replaceAll('&quot;', '"'),
    ]),
  );

describe('a wallet', () => {
  const wallet = parseAccount({ xpub: testKey(50) }, 'regtest');
  const check = (key: string, more = {}) =>
    browser.press(WALLETS, `${WALLETS}/check`, { name: 'Savings', key, first_index: '7', ...more });

  it('is stored only after its addresses were shown, and is the one that was shown', async () => {
    const before = await accounts();
    const shown = await check(testKey(50));
    for (let index = 0; index < 5; index += 1) expect(shown.text).toContain(wallet.receive(index).address);
    expect(await accounts()).toBe(before);
    const { form_key: _, ...carried } = hidden(shown.text);
    const other = parseAccount({ xpub: testKey(51) }, 'regtest').descriptor;
    for (const forged of [{ descriptor: other }, { firstIndex: '0' }, { seal: 'x'.repeat(16) }, { name: 'Other' }]) {
      await browser.press(WALLETS, `${WALLETS}/add`, { ...carried, matches: '1', ...forged });
      expect(await accounts()).toBe(before);
    }
    await browser.press(WALLETS, `${WALLETS}/add`, carried);
    expect(await accounts()).toBe(before);
    const added = await browser.press(WALLETS, `${WALLETS}/add`, { ...carried, matches: '1' });
    expect(added.headers.get('location')).toBe(`${WALLETS}?note=added`);
    const stored = (await test.gateway.context.store.accounts.list()).find(({ name }) => name === 'Savings');
    expect(stored).toMatchObject({ descriptor: wallet.descriptor, nextIndex: 7, seal: expect.any(String) });
    expect(test.gateway.context.guard.isSoundAccount(stored!)).toBe(true);
    const [entry] = await test.gateway.context.store.audit.list({ subject: undefined, before: undefined, limit: 1 });
    expect(entry).toMatchObject({ action: 'account.create', subject: { kind: 'account', id: stored!.id } });
  });

  const key = testKey(52);
  let german: PanelBrowser;
  beforeAll(async () => {
    german = await panelBrowser(test, 'de');
  });
  it.each<[what: string, field: 'name' | 'key' | 'first_index', entered: Record<string, string>, words: string]>([
    ['nothing', 'key', { key: '' }, 'weder ein öffentlicher Schlüssel noch ein Deskriptor'],
    ['a word', 'key', { key: 'wallet' }, 'weder ein öffentlicher Schlüssel noch ein Deskriptor'],
    [
      'a private key',
      'key',
      {
        key: 'tprv8ZgxMBicQKsPd7Uf69XL1XwhmjHopUGep8GuEiJDZmbQz6o58LninorQAfcKZWARbtRtfnLcJ5MQ2AtHcQJCCRUcMRvmDUjyEmNUWwx8UbK',
      },
      'nach einem privaten Schlüssel',
    ],
    ['a damaged key', 'key', { key: `${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}` }, 'ist beschädigt'],
    ['a wrong checksum', 'key', { key: `${wallet.descriptor.slice(0, -1)}?` }, 'Die Prüfsumme des Deskriptors'],
    ['a key of another network', 'key', { key: MAIN_KEY }, 'zu einem anderen Bitcoin-Netzwerk'],
    ['a single address', 'key', { key: `wpkh(${key}/0/0)` }, 'Der Pfad im Deskriptor'],
    ['the change of the wallet', 'key', { key: `wpkh(${key}/1/*)` }, 'findet Zahlungen auf diesem Pfad vielleicht nicht'],
    ['no name', 'name', { name: ' ' }, 'mit höchstens 64 Zeichen'],
    ['a first index that is no number', 'first_index', { first_index: 'x' }, 'eine ganze Zahl von 0 bis 10.000.000'],
  ])('is refused for %s, in words of the language at the field', async (_, field, entered, words) => {
    const before = await accounts();
    const { status, text } = await german.press(WALLETS, `${WALLETS}/check`, {
      name: 'Savings',
      key,
      first_index: '7',
      ...entered,
    });
    expect([status, await accounts()]).toEqual([422, before]);
    const fault = /<p id="(\w+)-fault">(.*?)<\/p>/.exec(text);
    expect(fault?.[1]).toBe(field);
    expect(fault?.[2]?.replaceAll(/<[^>]*>/g, '')).toContain(words);
    const invalid = [...text.matchAll(/<input[^>]* aria-invalid="true"[^>]*>/g)].map(([input]) => input);
    expect(invalid).toEqual([expect.stringContaining(`id="${field}"`)]);
    expect(invalid[0]).toMatch(new RegExp(`aria-describedby="${field}-fault[^>]* autofocus`));
    expect(text).not.toContain('tprv');
  });

  it('is refused a second time, at the field of its key', async () => {
    const { text } = await check(testKey(50));
    const { form_key: _, ...carried } = hidden(text);
    const again = await browser.press(WALLETS, `${WALLETS}/add`, { ...carried, matches: '1' });
    expect(again.status).toBe(422);
    expect(again.text).toMatch(/<p id="key-fault">This wallet has been added already\./);
  });

  it('is listed with its next index and whether it is authentic', async () => {
    const { text } = await browser.get(WALLETS);
    expect(text).toContain('&lt;b>Corner');
    expect(text).not.toContain('<b>Corner');
  });
});

describe('a secret', () => {
  it('is rotated, and shown once, in no page that is loaded again', async () => {
    const { headers, status, text } = await browser.press(SECRETS, `${SECRETS}/${shop.pos.id}/rotate`);
    const secret = /[0-9a-f]{64}/.exec(text)?.[0] ?? '';
    expect([status, headers.get('cache-control'), secret.length]).toEqual([200, 'no-store', 64]);
    expect((await browser.get(SECRETS)).text).not.toContain(secret);
    const again = await browser.press(SECRETS, `${SECRETS}/${shop.pos.id}/rotate`);
    expect(again.status).toBe(422);
    const completed = await browser.press(SECRETS, `${SECRETS}/${shop.pos.id}/complete`);
    expect(completed.headers.get('location')).toBe(`${SECRETS}?note=done`);
    const entries = await test.gateway.context.store.audit.list({ subject: undefined, before: undefined, limit: 2 });
    expect(entries.map(({ action }) => action)).toEqual(['secret.complete', 'secret.rotate']);
    expect(JSON.stringify(entries)).not.toContain(secret);
  });

  it('of an unknown POS is not found', async () => {
    for (const id of ['0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d02', 'x'])
      expect((await browser.press(SECRETS, `${SECRETS}/${id}/rotate`)).status).toBe(404);
  });
});
