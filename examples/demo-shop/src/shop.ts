/**
 * A shop that takes bitcoin. It shows the three things that every integration does:
 *
 * 1. Buying makes a payment order and sends the buyer to its checkout page (`buy`).
 * 2. WebPOS tells the shop what became of the order by signed callbacks (`takeCallback`).
 * 3. The page that the buyer comes back to asks how the order stands (`thanks`). That the buyer came back proves nothing:
 *    anybody can type that address.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type BlockchainStatus, type Client, NotFoundError, ValidationError } from '@webpos/sdk';
import { CallbackError, CallbackHandler, type ReceivedCallback } from '@webpos/sdk/callbacks';

import { type Answer, listener, redirect, type Request, type Routes } from './http.ts';
import { OrderBook } from './order-book.ts';
import * as pages from './pages.ts';
import { GOODS } from './goods.ts';

export interface ShopOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  client: Pick<Client, 'createPaymentOrder' | 'getPaymentOrder'>;
  /** The secret of the POS, which signs the callbacks. */
  callbackSecret: string;
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
  server.on('request', listener(routes(options, url)));
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function routes({ client, callbackSecret, onCallback }: ShopOptions, url: string): Routes {
  const callbacks = new CallbackHandler({ secret: callbackSecret });
  const book = new OrderBook();

  async function buy({ body }: Request): Promise<Answer> {
    const good = GOODS.find(({ id }) => id === new URLSearchParams(body.toString()).get('good'));
    if (good === undefined) return pages.message(404, 'Sold out', 'There is no such thing on our shelf.');

    const order = await client.createPaymentOrder({
      amount: good.price,
      details: good.name,
      reference: randomUUID().slice(0, 8),
      callback_url: `${url}/callbacks`,
      continue_url: `${url}/thanks`,
      cancel_url: `${url}/cancelled`,
    });
    if (order.redirect_url === null) throw new Error(`payment order ${order.uuid} has no checkout page`);
    return redirect(order.redirect_url);
  }

  async function takeCallback({ headers, body }: Request): Promise<Answer> {
    // The signature covers the bytes as they came: verify first, and let nothing parse them before.
    const callback = await callbacks.parse(headers, body);
    await book.take(callback, async () => await onCallback?.(callback));
    // Any 2xx says "got it"; anything else makes WebPOS try again later.
    return { status: 204 };
  }

  async function thanks({ query }: Request): Promise<Answer> {
    const uuid = query.get('payment_id') ?? '';
    return pages.thanks(await statusOf(uuid));
  }

  /** Asks WebPOS; while that fails, what the last callback said still holds. */
  async function statusOf(uuid: string): Promise<BlockchainStatus> {
    try {
      return (await client.getPaymentOrder(uuid)).state.blockchain_status;
    } catch (error) {
      const reported = book.status(uuid);
      if (reported === undefined) throw error;
      return reported;
    }
  }

  return {
    '/': { GET: () => pages.shelf(GOODS) },
    '/buy': { POST: (request) => buy(request).catch(refusedOrder) },
    '/thanks': { GET: (request) => thanks(request).catch(unreadableOrder) },
    '/cancelled': { GET: () => pages.cancelled() },
    '/callbacks': { POST: (request) => takeCallback(request).catch(refusedCallback) },
    '/shop.css': { GET: () => pages.style() },
  };
}

function refusedOrder(error: unknown): Answer {
  console.error('the order could not be made:', error);
  return pages.message(502, 'That did not work', 'We cannot take payments just now. You were not charged; please try again.');
}

function unreadableOrder(error: unknown): Answer {
  // An id that cannot be one, and one that is nobody's, are the same to a buyer.
  if (error instanceof NotFoundError || error instanceof ValidationError) {
    return pages.message(404, 'Order not found', 'We know no order by this address.');
  }
  console.error('the order could not be read:', error);
  return pages.unknownYet();
}

function refusedCallback(error: unknown): Answer {
  if (error instanceof CallbackError) return { status: 400, body: error.problem };
  console.error('the callback could not be handled, so it will come again:', error);
  return { status: 500 };
}
