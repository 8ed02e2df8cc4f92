/** What `pos list --json` shows: everything that `pos update` can change. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runWebpos } from '../../../test/support/run-webpos.ts';
import { testKey } from '../../../test/support/test-gateway.ts';
import { POS_CHANGES } from './pos-options.ts';

let folder: string;
let [first, second, merchant, logo] = ['', '', '', ''];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-pos-json-'));
  logo = join(folder, 'logo.svg');
  await writeFile(logo, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>');
  [first, second] = [await newAccount(1), await newAccount(2)];
  merchant = (await json<{ uuid: string }>('merchant', 'create', '--name', 'Corner Shop')).uuid;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function json<T>(...words: string[]): Promise<T> {
  const { status, out, err } = await runWebpos(folder, [...words, '--json']);
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out) as T;
}

const newAccount = async (key: number): Promise<string> =>
  (await json<{ uuid: string }>('account', 'create', '--name', 'Wallet', '--xpub', testKey(key))).uuid;

/** For each option a value other than that of a new POS, and the field that shows it. */
const SHOWN: Readonly<Record<string, readonly [value: () => string, field: string, shown: () => unknown]>> = {
  name: [() => 'Bar', 'name', () => 'Bar'],
  merchant: [() => merchant, 'merchant', () => merchant],
  account: [() => second, 'account', () => second],
  currency: [() => 'CHF', 'currency', () => 'CHF'],
  type: [() => 'mobile', 'type', () => 'mobile'],
  'callback-url': [() => 'https://shop.example/c', 'callback_url', () => 'https://shop.example/c'],
  'continue-url': [() => 'https://shop.example/t', 'continue_url', () => 'https://shop.example/t'],
  'cancel-url': [() => 'https://shop.example/x', 'cancel_url', () => 'https://shop.example/x'],
  'required-confirmations': [() => '2', 'required_confirmations', () => 2],
  rates: [() => 'kraken', 'rate_provider', () => 'kraken'],
  spread: [() => '0.5', 'rate_spread_bps', () => 50],
  tolerance: [() => '0.25', 'tolerance_bps', () => 25],
  'tolerance-sats': [() => '1000', 'tolerance_sats', () => 1000],
  return: [() => 'paid', 'return_when', () => 'paid'],
  'try-again': [() => 'yes', 'try_again', () => true],
  'transaction-changed': [() => 'yes', 'transaction_changed', () => true],
  'refund-events': [() => 'yes', 'refund_events', () => true],
  support: [() => 'help@shop.example', 'support', () => 'help@shop.example'],
  accent: [() => '#123456', 'accent', () => '#123456'],
  logo: [() => logo, 'logo', () => expect.stringMatching(/./) as unknown],
  origin: [() => 'https://shop.example', 'origins', () => ['https://shop.example']],
};

it.each(Object.keys(POS_CHANGES))('shows what --%s has changed', async (option) => {
  const [value, field, shown] = SHOWN[option]!;
  const { uuid } = await json<{ uuid: string }>('pos', 'create', '--name', 'Till', '--account', first, '--currency', 'EUR');
  const listed = async (): Promise<Record<string, unknown> | undefined> =>
    (await json<Record<string, unknown>[]>('pos', 'list')).find((pos) => pos['uuid'] === uuid);
  expect((await listed())?.[field]).not.toEqual(shown());
  await json('pos', 'update', '--pos', uuid, `--${option}`, value());
  expect((await listed())?.[field]).toEqual(shown());
});
