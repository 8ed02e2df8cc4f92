/** Manual decisions of a merchant while the gateway serves: they are noticed, emitted and shown within seconds. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallbackBody, PaymentOrderRetrieval } from '@webpos/sdk/wire';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findPostgres, freshSchema } from '../../../test/support/postgres.ts';
import { runWebpos } from './support/run-webpos.ts';
import { ask, loginAt, serveGateway, type ServedGateway } from './support/served-gateway.ts';
import { testKey } from './support/test-gateway.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const WAIT = { timeout: 30_000, interval: 50 };

let folder: string;
let settings: Record<string, string>;
let gateway: ServedGateway | undefined;
let shop: { readonly server: Server; readonly url: string; readonly reported: CallbackBody[] };
beforeEach(async () => {
  folder = await temporaryFolder();
  settings = { WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '3600', WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' };
  shop = await openShop();
});
afterEach(async () => {
  await gateway?.kill('SIGKILL');
  gateway = undefined;
  shop.server.closeAllConnections();
  await new Promise((resolve) => shop.server.close(resolve));
});

async function openShop(): Promise<typeof shop> {
  const reported: CallbackBody[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      reported.push(JSON.parse(Buffer.concat(chunks).toString()) as CallbackBody);
      response.writeHead(200).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, reported, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback` };
}

async function command(...words: string[]): Promise<Record<string, unknown>> {
  const { status, out, err } = await runWebpos(folder, [...words, '--json'], settings);
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out) as Record<string, unknown>;
}

interface Served {
  readonly url: string;
  readonly pos: string;
  order(): Promise<string>;
  read(uuid: string): Promise<PaymentOrderRetrieval>;
  press(uuid: string, form: Record<string, string>): Promise<void>;
}

async function served(): Promise<Served> {
  gateway = await serveGateway(folder, settings);
  const { url } = gateway;
  const { uuid: account } = await command('account', 'create', '--name', 'Wallet', '--xpub', testKey(12));
  const words = ['--name', 'Till', '--account', String(account), '--currency', 'EUR', '--callback-url', shop.url];
  const pos = (await command('pos', 'create', ...words)) as { uuid: string; client_id: string; secret: string };
  const { token } = await loginAt(url, pos.client_id, pos.secret);
  const bearer = `Bearer ${token}`;
  return {
    url,
    pos: pos.uuid,
    order: async () => String((await ask(url, 'POST', '/payment-order', bearer, { amount: '10.00' }))['uuid']),
    read: async (uuid) => (await ask(url, 'GET', `/payment-order/${uuid}`, bearer)) as unknown as PaymentOrderRetrieval,
    press: async (uuid, form) => {
      const body = new URLSearchParams(form);
      const { status } = await fetch(`${url}/checkout/${uuid}/sandbox`, { method: 'POST', redirect: 'manual', body });
      expect(status).toBe(303);
    },
  };
}

/** Listens as a checkout page does, and returns a function that tells whether the order has changed since. */
async function changeOf(url: string, uuid: string): Promise<() => boolean> {
  const answer = await fetch(`${url}/checkout/${uuid}/events`);
  let text = '';
  void (async () => {
    for await (const chunk of answer.body!) text += Buffer.from(chunk as Uint8Array).toString();
  })().catch(() => undefined);
  await vi.waitFor(() => expect(text).toContain('event: version'), WAIT);
  return () => text.includes('event: change');
}

const eventsOf = (uuid: string): string[] => shop.reported.filter(({ object }) => object.uuid === uuid).map(({ event }) => event);

async function decides(): Promise<void> {
  const { url, order, read, press } = await served();

  // A part was paid, and the merchant accepts it as the whole.
  const short = await order();
  const owed = (await read(short)).btc_amount;
  await press(short, { action: 'send-part', sats: String(owed - 600) });
  expect((await read(short)).state.blockchain_status).toBe('partial');
  const hasChanged = await changeOf(url, short);
  const settled = await command('order', 'settle', short, '--reason', 'the exchange kept its fee');
  expect(settled).toMatchObject({ uuid: short, status: 'paid', events: ['payment.completed'], repeated: false });
  await vi.waitFor(() => expect([eventsOf(short), hasChanged()]).toEqual([['payment.completed'], true]), WAIT);
  expect(shop.reported.at(-1)?.object.state).toMatchObject({
    status: 'paid',
    paid: { crypto: 0, fiat: '10.00' },
    in_confirmation: { crypto: owed - 600 },
    unpaid: { crypto: 0, fiat: '0.00' },
  });
  await vi.waitFor(async () => expect((await read(short)).state.blockchain_status).toBe('paid'), WAIT);
  expect(await command('order', 'settle', short, '--reason', 'once more')).toMatchObject({
    repeated: true,
    reason: 'the exchange kept its fee',
  });
  // The payment is still watched.
  await press(short, { action: 'mine' });
  await vi.waitFor(
    async () => expect((await read(short)).state).toMatchObject({ paid: { crypto: owed - 600, fiat: '10.00' } }),
    WAIT,
  );
  expect(eventsOf(short)).toEqual(['payment.completed']);
  // If the payment is lost, the order is disputed like any other.
  await press(short, { action: 'reorganize' });
  await press(short, { action: 'replace' });
  await vi.waitFor(() => expect(eventsOf(short)).toEqual(['payment.completed', 'payment.dispute.start']), WAIT);

  // An open order is refused, and an expired one was paid in cash.
  const [unwanted, cash] = [await order(), await order()];
  await command('order', 'refuse', unwanted, '--reason', 'out of stock');
  await press(cash, { event: 'payment.expired' });
  await command('order', 'settle', cash, '--reason', 'paid in cash');
  await vi.waitFor(
    () => expect([eventsOf(unwanted), eventsOf(cash)]).toEqual([['payment.cancelled'], ['payment.expired', 'payment.completed']]),
    WAIT,
  );
  await vi.waitFor(
    async () => expect([(await read(unwanted)).state.status, (await read(cash)).state.status]).toEqual(['cancelled', 'paid']),
    WAIT,
  );
  const { history } = await command('order', 'show', cash);
  expect(history).toMatchObject([
    { actor: 'command', action: 'settle', reason: 'paid in cash', before: 'expired', after: 'paid', received: 0 },
  ]);
  const impossible = await runWebpos(folder, ['order', 'refuse', cash, '--reason', 'too late'], settings);
  expect([impossible.status, impossible.err]).toEqual([
    1,
    expect.stringMatching(/expected one that can be refused, got .* is paid/),
  ]);
}

async function changesItsTerms(): Promise<void> {
  const { pos, order, read } = await served();
  const before = await order();
  const old = await read(before);
  const url = `${shop.url}/new`;
  const words = ['--required-confirmations', '2', '--callback-url', url, '--currency', 'USD', '--tolerance', '1'];
  expect(await command('pos', 'update', '--pos', pos, ...words)).toMatchObject({ currency: 'USD', tolerance_bps: 100 });
  await vi.waitFor(async () => {
    const next = await read(await order());
    expect([next.currency.name, next.required_confirmations, next.callback_url]).toEqual(['USD', 2, url]);
  }, WAIT);
  const unchanged = await read(before);
  expect([unchanged.currency, unchanged.required_confirmations, unchanged.callback_url, unchanged.btc_amount]).toEqual([
    old.currency,
    1,
    shop.url,
    old.btc_amount,
  ]);
  expect((await command('order', 'show', before))['tolerance']).toBe(0);
}

describe('on SQLite, while the gateway serves', () => {
  it('orders are settled and refused manually', decides, 120_000);
  it('the terms of a POS are changed, and existing orders keep theirs', changesItsTerms, 120_000);
});

describe('on PostgreSQL, while the gateway serves', () => {
  const onPostgres = async (skip: (why: string) => void, work: () => Promise<void>): Promise<void> => {
    const postgres = await findPostgres('merchant-decides-process.test.ts');
    if (postgres === undefined) return skip('no PostgreSQL is available');
    await using schema = await freshSchema(postgres);
    const url = new URL(postgres);
    url.searchParams.set('options', `-c search_path=${schema.name}`);
    settings['WEBPOS_DATABASE_URL'] = url.href;
    await work();
    await gateway?.kill('SIGKILL');
    gateway = undefined;
  };
  it('orders are settled and refused manually', async (context) => onPostgres(context.skip, decides), 120_000);
  it(
    'the terms of a POS are changed, and existing orders keep theirs',
    async (context) => onPostgres(context.skip, changesItsTerms),
    120_000,
  );
});
