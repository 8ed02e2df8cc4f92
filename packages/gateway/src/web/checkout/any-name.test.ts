import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWebpos } from '../../../test/support/run-webpos.ts';
import { openTestGateway, testKey, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';
import { parseName } from '../../merchants/name.ts';
import { changePos } from '../../services/merchants/change-pos.ts';
import { issueCode } from '../../services/people/panel-access.ts';

let test: TestGateway;
let shop: Shop;
let cookie: string;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_RATE_LIMIT_PAGES: '0' });
  shop = await test.newPos({ defaults: { callbackUrl: 'https://shop.invalid/' } });
  const { secret } = await issueCode(test.gateway.context);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const entered = await test.call('POST', '/panel/login', { headers, body: `code=${secret}` });
  cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
});
afterAll(() => test[Symbol.asyncDispose]());

const EMOJI = '👩‍👩‍👧‍👦';
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  fc.constantFrom(
    '😀'.repeat(200),
    'é'.repeat(300),
    EMOJI.repeat(12),
    '\u202eabc',
    'a\nb',
    '東京'.repeat(150),
    `z${'\u0301'.repeat(290)}`,
  ),
);

/** Loads every page that shows an order with this name and reference. */
async function expectPages(name: string, reference: string): Promise<void> {
  await changePos(test.gateway.context.store, shop.pos.id, (pos) => ({ ...pos, name }));
  const made = await test.call('POST', '/payment-order', {
    token: shop.token,
    body: { amount: '10.00', reference, details: reference },
  });
  if (made.status === 400) return;
  const { uuid, uri } = made.body as { uuid: string; uri: string };
  expect([made.status, uri.length < 1_000]).toEqual([201, true]);
  for (const path of [`/checkout/${uuid}`, `/checkout/${uuid}/receipt`, `/checkout/${uuid}/cancel`])
    expect([path, (await test.call('GET', path)).status]).toEqual([path, 200]);
  expect((await test.call('DELETE', `/payment-order/${uuid}`, { token: shop.token })).status).toBe(200);
  expect((await test.call('GET', `/checkout/${uuid}`)).status).toBe(200);
  expect((await test.call('GET', '/panel/callbacks', { headers: { cookie } })).status).toBe(200);
}

describe('pages are rendered', () => {
  it('with every name that the command accepts, and every reference that the API accepts', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, async (name, reference) => {
        let taken = 'Shop';
        try {
          taken = parseName(name);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
        await expectPages(taken, reference);
      }),
      { numRuns: 40 },
    );
  }, 240_000);

  it.each(['😀'.repeat(200), 'x'.repeat(5_000), 'a\nb\u202ec', EMOJI.repeat(100), `z${'\u0301'.repeat(2_000)}`])(
    'by a name that a database has from before there were bounds: %.20s',
    async (name) => {
      await expectPages(name, 'order 7');
      expect((await test.gateway.context.store.pos.get(shop.pos.id))?.name).toBe(name);
    },
  );
});

it.each([
  ['pos', 'create'],
  ['pos', 'update'],
  ['account', 'create'],
])('webpos %s %s takes no name that cannot be shown', async (...words) => {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-names-'));
  const more =
    words[0] === 'account'
      ? ['--xpub', testKey(3)]
      : words[1] === 'update'
        ? ['--pos', randomUUID()]
        : ['--account', randomUUID(), '--currency', 'EUR'];
  for (const [name, expected] of [
    ['😀'.repeat(200), 'expected at most 64 characters, got 200'],
    ['a\nb', 'got one with U+000A'],
    ['shop\u202egnp', 'got one with U+202E'],
    ['\u200b', 'expected at least one visible character'],
  ] as const) {
    const { status, err } = await runWebpos(folder, [...words, `--name=${name}`, ...more]);
    expect([status, err]).toEqual([2, expect.stringContaining(`--name: `)]);
    expect(err).toContain(expected);
  }
  await rm(folder, { recursive: true, force: true });
});
