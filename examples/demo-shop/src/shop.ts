/**
 * A shop that takes bitcoin. It shows the three things that every integration does:
 *
 * 1. Buying creates a payment order and sends the buyer to its checkout page, or opens that in a dialog (`buy`).
 * 2. WebPOS tells the shop what happened to the order by signed callbacks (`takeCallback`).
 * 3. The page that the buyer returns to asks for the order's status (`order`). That the buyer returned proves nothing:
 *    anybody can type that address.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Client, NotFoundError, ValidationError } from '@webpos/sdk';
import { CallbackError, CallbackHandler, type ReceivedCallback } from '@webpos/sdk/callbacks';

import { describe, readCart, total } from './cart.ts';
import { type Answer, json, listener, redirect, type Request, type Routes } from './http.ts';
import { OrderBook } from './order-book.ts';
import { orderPage, type OrderView } from './pages/order-page.ts';
import { message, type Surroundings } from './pages/page.ts';
import { shelfPage } from './pages/shelf-page.ts';
import { sourcePage } from './pages/source-page.ts';
import { staticFiles } from './static-files.ts';

export interface ShopOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  client: Pick<Client, 'createPaymentOrder' | 'getPaymentOrder'>;
  /** The secret of the POS, which signs the callbacks. */
  callbackSecret: string;
  /** Where the gateway is, for its checkout script and for links to it. */
  gatewayUrl: string;
  /** Where browsers and WebPOS reach the shop. Default: `http://host:port`. */
  publicUrl?: string | undefined;
  /** Called once for each callback; if it throws, WebPOS will send that callback again. */
  onCallback?: (callback: ReceivedCallback) => void | Promise<void>;
}

export interface Shop {
  url: string;
  close(): Promise<void>;
}

/** Opens the shop. */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { address, family, port } = server.address() as AddressInfo;
  const url = options.publicUrl?.replace(/\/+$/, '') ?? `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  const around: Surroundings = { gatewayUrl: options.gatewayUrl.replace(/\/+$/, '') };
  const nothing = message(around, 404, 'Page not found', 'This shop has no page at this address.');
  server.on('request', listener(routes(options, url, around), nothing));
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function routes({ client, callbackSecret, onCallback }: ShopOptions, url: string, around: Surroundings): Routes {
  const callbacks = new CallbackHandler({ secret: callbackSecret });
  const book = new OrderBook();

  /** Step 1. */
  async function buy({ headers, body }: Request): Promise<Answer> {
    const cart = readCart(new URLSearchParams(body.toString()));
    if (cart.every(({ quantity }) => quantity === 0))
      return message(around, 400, 'Your cart is empty', 'Choose something first.');

    const order = await client.createPaymentOrder({
      amount: total(cart),
      details: describe(cart),
      reference: randomUUID().slice(0, 8),
      callback_url: `${url}/callbacks`,
      continue_url: `${url}/order`,
      cancel_url: `${url}/order`,
    });
    if (order.redirect_url === null) throw new Error(`payment order ${order.uuid} has no checkout page`);
    // The page's script asks for JSON and opens the dialog; a form wants to go to the checkout page.
    return headers.accept === 'application/json' ? json({ url: order.redirect_url }) : redirect(order.redirect_url);
  }

  /** Step 2. */
  async function takeCallback({ headers, body }: Request): Promise<Answer> {
    // The signature covers the bytes as they came: verify first, and let nothing parse them before.
    const callback = await callbacks.parse(headers, body);
    await book.take(callback, body.toString(), async () => await onCallback?.(callback));
    // Any 2xx says "got it"; anything else makes WebPOS try again later.
    return { status: 204 };
  }

  /** Step 3. */
  async function order({ query }: Request): Promise<Answer> {
    const uuid = query.get('payment_id') ?? '';
    return orderPage(around, await viewOf(uuid));
  }

  /** Asks WebPOS; while that fails, what the newest callback said still holds. */
  async function viewOf(uuid: string): Promise<OrderView> {
    const received = book.callbacks(uuid);
    try {
      const { state, amount, currency, details, reference, redirect_url } = await client.getPaymentOrder(uuid);
      const format = new Intl.NumberFormat('en', { style: 'currency', currency: currency.name });
      const price = format.format(amount as Intl.StringNumericLiteral);
      return { uuid, status: state.blockchain_status, callbacks: received, facts: { price, details, reference, redirect_url } };
    } catch (error) {
      const status = book.status(uuid);
      if (status === undefined) throw error;
      return { uuid, status, callbacks: received };
    }
  }

  return {
    '/': { GET: ({ query }) => shelfPage(around, query) },
    '/buy': { POST: (request) => buy(request).catch((error: unknown) => refusedOrder(around, error)) },
    '/order': { GET: (request) => order(request).catch((error: unknown) => unreadableOrder(around, error)) },
    '/callbacks': { POST: (request) => takeCallback(request).catch(refusedCallback) },
    '/source': { GET: ({ query }) => sourcePage(around, query.get('file') ?? 'shop.ts') },
    ...staticFiles,
  };
}

function refusedOrder(around: Surroundings, error: unknown): Answer {
  console.error('the order could not be created:', error);
  return message(around, 502, 'That did not work', 'We cannot take payments just now. You were not charged; please try again.');
}

function unreadableOrder(around: Surroundings, error: unknown): Answer {
  // An id that cannot be one, and one that is nobody's, are the same to a buyer.
  if (error instanceof NotFoundError || error instanceof ValidationError) {
    return message(around, 404, 'Order not found', 'We have no order with this number.');
  }
  console.error('the order could not be read:', error);
  return message(around, 503, 'One moment', 'We cannot see your order just now, and keep trying.', { isWaiting: true });
}

function refusedCallback(error: unknown): Answer {
  if (error instanceof CallbackError) return { status: 400, body: error.problem };
  console.error('the callback could not be handled, so it will come again:', error);
  return { status: 500 };
}
