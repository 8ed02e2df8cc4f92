/** A small shop with some days of orders, as its people see it in the panel: for pictures. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Gateway } from '@webpos/gateway';
import { epochMs } from '../../../packages/gateway/src/kernel/clock.ts';
import { DAY_MS } from '../../../packages/gateway/src/kernel/durations.ts';
import type { MerchantId, OrderId } from '../../../packages/gateway/src/kernel/ids.ts';
import { listCallbacks } from '../../../packages/gateway/src/services/callbacks/callback-log.ts';
import { createPerson } from '../../../packages/gateway/src/services/people/manage-people.ts';
import { openCheckoutStage, type CheckoutStateName } from '../../../test/support/checkout-stage.ts';
import { freePorts } from '../../../test/support/free-ports.ts';
import { createSandboxPos } from '../sandbox-pos.ts';
import { makeRefunds } from './panel-refunds.ts';
import { visitPanel, type PanelVisit } from './panel-visit.ts';

export interface PanelStage extends AsyncDisposable {
  readonly url: string;
  /** The cookie of the owner who looks at the pages. */
  readonly secret: string;
  /** The paths of pages that are about one thing. */
  readonly paths: {
    readonly order: string;
    readonly refund: string;
    readonly callback: string;
    readonly link: string;
    readonly publicLink: string;
    readonly merchant: string;
    readonly pos: string;
    readonly welcome: string;
  };
  /** What pictures show in place of the addresses of this machine. */
  readonly publicNames: Readonly<Record<string, string>>;
}

const SALES: readonly (readonly [daysAgo: number, state: CheckoutStateName, amount: string, reference: string])[] = [
  [2, 'paid', '12.80', 'Table 2'],
  [2, 'paid', '6.50', 'Counter'],
  [1, 'paid', '23.40', 'Table 7'],
  [1, 'expired', '9.00', 'Table 1'],
  [1, 'overpaid', '15.00', 'Table 3'],
  [0, 'paid', '4.50', 'Counter'],
  [0, 'paid', '18.20', 'Table 4'],
  [0, 'cancelled', '7.00', 'Counter'],
  [0, 'short', '11.00', 'Table 5'],
  [0, 'late', '10.00', 'Table 6'],
  [0, 'partial', '24.00', 'Table 2'],
  [0, 'pending', '9.80', 'Counter'],
  [0, 'confirming', '31.50', 'Table 7'],
  [0, 'seen', '5.20', 'Table 1'],
];

/** Their callbacks are answered with an error. */
const FAILING: ReadonlySet<CheckoutStateName> = new Set(['short', 'late']);

export async function openPanelStage(): Promise<PanelStage> {
  const [port = 0] = await freePorts(1);
  const url = `http://localhost:${port}`;
  let daysAgo = 3;
  const clock = { now: () => epochMs(Date.now() - daysAgo * DAY_MS) };
  const [shop, down] = [await receiver(204), await receiver(500)];
  const settings = {
    WEBPOS_PORT: String(port),
    WEBPOS_PUBLIC_URL: url,
    WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
    WEBPOS_LOG_LEVEL: 'silent',
    // Nothing is sent: the only subscription is a POST.
    WEBPOS_SMTP_URL: 'smtp://127.0.0.1:9',
    WEBPOS_SMTP_FROM: 'Corner Café <panel@corner.example>',
  };
  const stage = await openCheckoutStage(settings, { clock });
  const { gateway } = stage;
  await createSandboxPos(gateway, 1, {}, 'Market Stall');
  const orders = new Map<CheckoutStateName, string>();
  for (const [day, state, amount, reference] of SALES) {
    daysAgo = day;
    const callbackUrl = `${FAILING.has(state) ? down.url : shop.url}/callback`;
    const { uuid } = await stage.orderIn(state, { amount, reference, callback_url: callbackUrl });
    orders.set(state, uuid);
  }
  const owner = await visitPanel(gateway, { login: 'ada', name: 'Ada Rossi', role: 'owner' });
  const welcome = await invitePeople(gateway);
  const merchant = await nameMerchant(gateway, owner);
  const refund = await makeRefunds(stage, owner, orders);
  const [pos] = await gateway.context.store.pos.list();
  const link = await makeLinks(owner, pos?.id ?? '');
  await owner.send('/panel/notifications/new', { ...SUBSCRIPTION, recipient: `${shop.url}/notify` });
  const order = orders.get('paid') ?? '';
  await owner.send(`/panel/orders/${order}/notes`, { text: 'The guest asked for an invoice with the company’s address.' });
  return {
    url,
    secret: owner.secret,
    paths: {
      order: `/panel/orders/${order}`,
      refund,
      callback: await callbackOf(gateway, orders.get('late') ?? ''),
      link,
      publicLink: '/l/tasting',
      merchant,
      pos: `/panel/settings/pos/${pos?.id ?? ''}`,
      welcome,
    },
    publicNames: {
      [url]: 'https://pay.corner.example',
      [shop.url]: 'https://shop.corner.example',
      [down.url]: 'https://till.corner.example',
    },
    [Symbol.asyncDispose]: async () => {
      await stage[Symbol.asyncDispose]();
      for (const { server } of [shop, down]) server.close();
    },
  };
}

const SUBSCRIPTION = {
  channel: 'post',
  timing: 'immediately',
  time_zone: 'Europe/Rome',
  all_pos: 'yes',
  'kind.order.attention': 'yes',
  'kind.refund.requested': 'yes',
};

/** @returns the path on which the last of them sets up the login. */
async function invitePeople({ context }: Gateway): Promise<string> {
  let welcome = '';
  for (const [login, name, role] of [
    ['ben', 'Ben Okafor', 'manager'],
    ['chiara', 'Chiara Conti', 'accountant'],
    ['dan', 'Dan Weiss', 'cashier'],
  ] as const) {
    const wanted = { login, name, role, email: `${login}@corner.example`, scope: { kind: 'all' } } as const;
    const { invitation } = await createPerson(context, { kind: 'command' }, wanted);
    welcome = `/panel/welcome?code=${invitation.secret}`;
  }
  return welcome;
}

/** @returns the path of the page of the business. */
async function nameMerchant({ context: { store } }: Gateway, owner: PanelVisit): Promise<string> {
  const path = await owner.send('/panel/settings/merchants/new', {
    name: 'Corner Café Srl',
    time_zone: 'Europe/Rome',
    address: 'Via dei Portici 12\n39100 Bolzano',
    tax_id: 'IT01234567890',
    email: 'hello@corner.example',
    phone: '+39 0471 123456',
    website: 'https://corner.example',
  });
  const [id = ''] = /[0-9a-f-]{36}/.exec(path) ?? [];
  for (const pos of await store.pos.list())
    await store.transaction((tx) => tx.pos.update({ ...pos, merchantId: id as MerchantId }));
  return `/panel/settings/merchants/${id}`;
}

/** @returns the path of the page of a link. */
async function makeLinks(owner: PanelVisit, pos: string): Promise<string> {
  await owner.send('/panel/links/new', {
    pos,
    name: 'donation',
    title: 'A coffee for the next guest',
    min_amount: '2',
    takes_note: '1',
  });
  await owner.send('/panel/links/new', { pos, name: 'beans', title: 'House blend, 250 g', amount: '11.50' });
  const path = await owner.send('/panel/links/new', {
    pos,
    name: 'tasting',
    title: 'Coffee tasting on Friday',
    description: 'Six coffees from three farms, with something sweet.\nFriday, 19:00, at the counter.',
    amount: '25.00',
    quantity: '12',
    takes_note: '1',
  });
  return path.split('?')[0] ?? path;
}

/** @returns the path of the page of a callback that was attempted more than once. */
async function callbackOf({ context }: Gateway, order: string): Promise<string> {
  const query = {
    orderId: order as OrderId,
    posId: undefined,
    status: undefined,
    endpoint: undefined,
    before: undefined,
    limit: 1,
  };
  for (let waits = 0; waits < 300; waits += 1) {
    const [callback] = (await listCallbacks(context, query)).callbacks;
    const isFailing = (await context.store.endpoints.failing()).length > 0;
    if (callback !== undefined && callback.attempts > 1 && isFailing) return `/panel/callbacks/${callback.id}`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no callback has failed twice within 30 s');
}

interface Receiver {
  readonly server: Server;
  readonly url: string;
}

/** An endpoint of callbacks that always answers the same. */
async function receiver(status: number): Promise<Receiver> {
  const server = createServer((request, response) =>
    request.resume().on('end', () => response.writeHead(status).end(status === 204 ? '' : 'Fatal error: no database')),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
