import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { newPanelPerson } from '../../../../test/support/panel-people.ts';
import { sampleCallback, sampleOrder } from '../../../../test/support/samples.ts';
import type { CallbackId } from '../../../kernel/ids.ts';
import { closePanel, issueCode } from '../../../services/people/panel-access.ts';
import { HOUR_MS } from '../../../kernel/durations.ts';

let test: TestGateway;
let shop: Shop;
let receiver: Server;
let receiverUrl: string;
let status = 204;
beforeAll(async () => {
  receiver = createServer((request, response) => void request.resume().on('end', () => response.writeHead(status).end('ok')));
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/callback`;
  test = await openTestGateway({ WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' });
  shop = await test.newPos({ name: '<b>Corner</b> & Co', defaults: { callbackUrl: receiverUrl } });
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
  receiver.close();
});
beforeEach(() => {
  status = 204;
});

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (path: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
  test.call('POST', path, { body: new URLSearchParams(fields).toString(), headers: { ...FORM, ...headers } });
const newCode = async (): Promise<string> => (await issueCode(test.gateway.context)).secret;
/** What a page says, without its elements. */
const pageText = async (answer: Promise<Answer>): Promise<string> => (await answer).text.replaceAll(/<[^>]*>/g, '');
const redirect = ({ status: code, headers }: Answer): unknown[] => [code, headers.get('location')];

interface Browser {
  readonly cookie: string;
  get(path: string): Promise<Answer>;
  press(path: string, fields?: Readonly<Record<string, string>>): Promise<Answer>;
}

async function logIn(): Promise<Browser> {
  const entered = await post('/panel/login', { code: await newCode() });
  const cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
  const get: Browser['get'] = (path) => test.call('GET', path, { headers: { cookie } });
  return {
    cookie,
    get,
    press: async (path, fields = {}) => {
      const [, key = ''] = /name="form_key" value="([^"]+)"/.exec((await get('/panel/callbacks')).text) ?? [];
      return post(path, { form_key: key, ...fields }, { cookie });
    },
  };
}

/** Stores an event of a new order. */
async function newEvent(url: string | null = receiverUrl): Promise<CallbackId> {
  const { store, clock } = test.gateway.context;
  const order = sampleOrder(shop.pos, { callbackUrl: url });
  await store.orders.insert(order);
  const event = sampleCallback(order, { url, createdAt: clock.now(), body: '{"event":"<script>"}' });
  await store.callbacks.insert([event]);
  test.gateway.context.callbacksStored();
  return event.id;
}

const stateOf = async (id: CallbackId): Promise<string | undefined> =>
  (await test.gateway.context.store.callbacks.get(id))?.delivery.status;

describe('the login to the panel', () => {
  it('opens one session for a code, however it is typed', async () => {
    expect(redirect(await test.call('GET', '/panel'))).toEqual([303, '/panel/login']);
    expect(redirect(await test.call('GET', '/panel/callbacks'))).toEqual([303, '/panel/login']);
    const { text } = await test.call('GET', '/panel/login');
    for (const command of ['webpos panel login', 'npm run webpos -- panel login'])
      expect(text).toContain(`<code translate="no">${command}</code>`);
    const code = await newCode();
    expect(code).toMatch(/^[\dA-HJKMNP-TV-Z]{4}-[\dA-HJKMNP-TV-Z]{4}-[\dA-HJKMNP-TV-Z]{4}$/);
    const spelled = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    const entered = await post('/panel/login', { code: spelled });
    expect(redirect(entered)).toEqual([303, '/panel']);
    const cookie = entered.headers.get('set-cookie')!;
    expect(cookie).toMatch(/^webpos_panel=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    expect((await test.call('GET', '/panel/callbacks', { headers: { cookie } })).status).toBe(200);
    const again = await post('/panel/login', { code });
    expect([again.status, again.text]).toEqual([401, expect.stringContaining('Wrong or expired code.')]);
  });

  it('opens one session if two browsers use the same code at once', async () => {
    const code = await newCode();
    const both = await Promise.all([post('/panel/login', { code }), post('/panel/login', { code })]);
    expect(new Set(both.map((answer) => answer.status))).toEqual(new Set([303, 401]));
  });

  it('expires after ten minutes for a code and twelve hours for a session, and all can be revoked', async () => {
    const code = await newCode();
    test.clock.advance(10 * 60_000);
    expect((await post('/panel/login', { code })).status).toBe(401);
    const browser = await logIn();
    test.clock.advance(12 * HOUR_MS - 1);
    expect((await browser.get('/panel/callbacks')).status).toBe(200);
    test.clock.advance(1);
    expect((await browser.get('/panel/callbacks')).status).toBe(303);
    const other = await logIn();
    await closePanel(test.gateway.context, { kind: 'command' });
    expect((await other.get('/panel/callbacks')).status).toBe(303);
  });

  it('is undone by logging out', async () => {
    const browser = await logIn();
    const out = await browser.press('/panel/logout');
    expect([...redirect(out), out.headers.get('set-cookie')]).toEqual([
      303,
      '/panel/login',
      expect.stringContaining('Max-Age=0'),
    ]);
    expect((await browser.get('/panel/callbacks')).status).toBe(303);
  });

  it.each(['', 'x', '0000-0000-0000', "' or 1=1"])('refuses the code "%s"', async (code) => {
    expect((await post('/panel/login', { code })).status).toBe(401);
  });

  it('stores and logs neither codes nor sessions in plain text', async () => {
    const code = await newCode();
    const { cookie } = await logIn();
    const session = cookie.split('=')[1]!;
    const log = test.logLines.join('');
    for (const secret of [code, code.replaceAll('-', ''), session]) {
      expect(log).not.toContain(secret);
      expect(await test.gateway.context.store.sessions.byHash(secret)).toBeUndefined();
    }
  });
});

describe('a panel below a path of its host, over HTTPS', () => {
  it('limits its cookie and its links to its path', async () => {
    await using proxied = await openTestGateway({ WEBPOS_PUBLIC_URL: 'https://pay.example.com/shop' });
    const { secret: code } = await issueCode(proxied.gateway.context);
    expect((await proxied.call('GET', '/panel/login')).text).toContain('action="/shop/panel/login"');
    const entered = await proxied.call('POST', '/panel/login', { body: `code=${code}`, headers: FORM });
    const cookie = entered.headers.get('set-cookie')!;
    expect(redirect(entered)).toEqual([303, '/shop/panel']);
    expect(cookie).toMatch(
      /^__Secure-webpos_panel=[\w-]{43}; Path=\/shop\/panel; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/,
    );
    const { text } = await proxied.call('GET', '/shop/panel/callbacks', { headers: { cookie } });
    for (const [, link] of text.matchAll(/(?:href|action)="([^"]+)"/g)) expect(link).toMatch(/^\/shop\/(?:panel|assets\/)|^#/);
  });
});

describe('the pages of the panel', () => {
  it('load only their own files, run no inline script, and may be neither cached nor framed', async () => {
    const browser = await logIn();
    for (const path of ['/panel/login', '/panel/callbacks', `/panel/callbacks/${await newEvent(null)}`]) {
      const { headers, text } = path === '/panel/login' ? await test.call('GET', path) : await browser.get(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; " +
          "base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('cache-control')).toBe('no-store');
      expect(text).not.toMatch(/<script|<style|<img| on[a-z]+=| style=/);
      for (const [, url] of text.matchAll(/<link[^>]+href="([^"]+)"/g)) expect(url).toMatch(/^\/assets\//);
    }
  });

  it('show failing endpoints, every callback, and every attempt', async () => {
    const browser = await logIn();
    status = 500;
    const ids = [await newEvent(), await newEvent(), await newEvent()];
    await expect.poll(() => pageText(browser.get('/panel/callbacks'))).toContain('1 endpoint keeps failing.');
    const { text } = await browser.get('/panel/callbacks');
    expect(text).toContain('&lt;b>Corner&lt;/b> &amp; Co');
    expect(text).toMatch(/Last error<\/dt><dd><p class="said"><bdi[^>]*>answered 500/);
    const one = (await browser.get(`/panel/callbacks/${ids[0]}`)).text;
    expect(one).toContain('{&quot;event&quot;:&quot;&lt;script>&quot;}');
    expect(one).toMatch(/<span class="badge bad">500<\/span>.*<p class="said"><bdi[^>]*>ok</);
    status = 204;
    for (const id of ids) await browser.press(`/panel/callbacks/${id}/redeliver`);
    await expect.poll(() => Promise.all(ids.map(stateOf))).toEqual(['delivered', 'delivered', 'delivered']);
    await expect.poll(async () => (await browser.get('/panel/callbacks')).text).toContain('All good');
  });

  it('filter and paginate callbacks', async () => {
    const browser = await logIn();
    const ids: CallbackId[] = [];
    for (let n = 0; n < 30; n += 1) ids.push(await newEvent(null));
    const shown = async (query: string): Promise<string[]> => {
      const { text } = await browser.get(`/panel/callbacks?${query}`);
      return [...text.matchAll(/class="event" href="\/panel\/callbacks\/([^"]+)"/g)].map(([, id = '']) => id);
    };
    const first = await shown('status=not_wanted');
    expect(first).toHaveLength(25);
    const [, next = ''] = /rel="next" href="\/panel\/callbacks\?([^"]+)"/.exec(
      (await browser.get('/panel/callbacks?status=not_wanted')).text,
    )!;
    const second = await shown(next.replaceAll('&amp;', '&'));
    expect(ids.every((id) => [...first, ...second].includes(id))).toBe(true);
    const { orderId } = (await test.gateway.context.store.callbacks.get(ids[0]!))!;
    const ofOrder = await shown(`order=${orderId.toUpperCase()}`);
    expect(ofOrder).toContain(ids[0]);
    // The order may have expired meanwhile, which is another event.
    for (const id of ofOrder) expect((await test.gateway.context.store.callbacks.get(id as CallbackId))!.orderId).toBe(orderId);
    expect(await shown(`pos=${shop.pos.id}&status=not_wanted`)).toEqual(first);
    for (const query of ['order=x', 'pos=%27', 'before=x', 'endpoint=nowhere', `order=${ids[0]}`])
      expect(await shown(query)).toEqual([]);
    expect((await browser.get('/panel/callbacks?status=lost&status=lost')).status).toBe(200);
  });

  it('redeliver what was given up within a period', async () => {
    const browser = await logIn();
    status = 410;
    const id = await newEvent();
    await expect.poll(() => stateOf(id)).toBe('failed');
    status = 204;
    test.clock.advance(2 * HOUR_MS);
    expect(redirect(await browser.press('/panel/callbacks/redeliver', { within_s: '3600' }))).toEqual([
      303,
      '/panel/callbacks?note=many&due=0&busy=0&damaged=0',
    ]);
    const done = await browser.press('/panel/callbacks/redeliver', { within_s: '86400' });
    expect(redirect(done)).toEqual([303, '/panel/callbacks?note=many&due=1&busy=0&damaged=0']);
    expect(await pageText(browser.get(done.headers.get('location')!))).toContain('1 callback is being sent again.');
    // The page without a note shows what came of the last one, for some minutes.
    expect(await pageText(browser.get('/panel/callbacks'))).toContain('1 callback is being sent again.');
    test.clock.advance(HOUR_MS);
    expect(await pageText(browser.get('/panel/callbacks'))).not.toContain('is being sent again.');
    await expect.poll(() => stateOf(id)).toBe('delivered');
  });

  it('redeliver for one POS, and only so for somebody who sees some', async () => {
    const [{ pos: other }, browser] = [await test.newPos(), await logIn()];
    const { browser: manager } = await newPanelPerson(test, 'manager', { kind: 'some', merchants: [], pos: [shop.pos.id] });
    status = 410;
    const id = await newEvent();
    await expect.poll(() => stateOf(id)).toBe('failed');
    status = 204;
    const path = '/panel/callbacks/redeliver';
    const none = await browser.press(path, { within_s: '3600', pos: other.id });
    expect(redirect(none)).toEqual([303, '/panel/callbacks?note=many&due=0&busy=0&damaged=0']);
    for (const pos of ['', 'x', other.id]) expect((await manager.press(path, { within_s: '3600', pos })).status).toBe(404);
    const form = (await manager.get('/panel/callbacks')).text;
    expect(form).toMatch(new RegExp(`<select id="resend-pos" name="pos"><option value="${shop.pos.id}" selected>`));
    const one = await manager.press(path, { within_s: '3600', pos: shop.pos.id });
    expect(redirect(one)).toEqual([303, '/panel/callbacks?note=many&due=1&busy=0&damaged=0']);
    await expect.poll(() => stateOf(id)).toBe('delivered');
  });

  it('report callbacks that cannot be redelivered', async () => {
    const browser = await logIn();
    const id = await newEvent(null);
    expect(redirect(await browser.press(`/panel/callbacks/${id}/redeliver`))).toEqual([
      303,
      `/panel/callbacks/${id}?note=not_wanted`,
    ]);
    for (const none of ['x', '00000000-0000-4000-8000-000000000000']) {
      expect((await browser.press(`/panel/callbacks/${none}/redeliver`)).status).toBe(404);
      expect((await browser.get(`/panel/callbacks/${none}`)).text).toContain('Not found');
    }
  });

  it('send a test event, and show the outcome', async () => {
    const browser = await logIn();
    const press = (pos: string): Promise<string> => pageText(browser.press('/panel/callbacks/test', { pos }));
    expect(await press(shop.pos.id)).toContain(`${receiverUrl} acknowledged the test event with 204`);
    status = 503;
    expect(await press(shop.pos.id)).toContain(`${receiverUrl} did not acknowledge the test event: answered 503`);
    const { pos } = await test.newPos();
    expect(await press(pos.id)).toContain('has no callback URL');
    expect(await press('x')).toContain('Not found');
  });
});

describe('the forms of the panel', () => {
  it('do nothing without a session, without their key, or with the key of another session', async () => {
    const [browser, other] = [await logIn(), await logIn()];
    status = 410;
    const id = await newEvent();
    await expect.poll(() => stateOf(id)).toBe('failed');
    const [, key = ''] = /name="form_key" value="([^"]+)"/.exec((await other.get('/panel/callbacks')).text)!;
    const path = `/panel/callbacks/${id}/redeliver`;
    const { cookie } = browser;
    expect(redirect(await post(path, { form_key: key }))).toEqual([303, '/panel/login']);
    for (const fields of [{}, { form_key: '' }, { form_key: key }])
      expect(redirect(await post(path, fields, { cookie }))).toEqual([303, '/panel/callbacks?note=stale']);
    expect(await stateOf(id)).toBe('failed');
  });

  it.each([{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }])(
    'are refused when another site submits them: %j',
    async (headers) => {
      const browser = await logIn();
      const answers = [
        await post('/panel/callbacks/redeliver', { within_s: '1' }, { cookie: browser.cookie, ...headers }),
        await post('/panel/login', { code: await newCode() }, headers),
      ];
      for (const answer of answers) expect(answer.status).toBe(403);
    },
  );
});
