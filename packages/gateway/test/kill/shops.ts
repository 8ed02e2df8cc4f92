/**
 * Shops that send requests to the gateway whenever it serves, and record what it acknowledges. A creation that was not answered because
 * the gateway was killed is sent again, with the same Idempotency-Key, when the next gateway serves.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShopAccess } from './make-shops.ts';

/** What gateways have acknowledged over HTTP. */
interface Acknowledged {
  readonly orders: readonly AcknowledgedOrder[];
  /** Ids of orders. */
  readonly cancelled: ReadonlySet<string>;
  /** How many creations had to be sent again. */
  readonly sentAgain: number;
  /** Answers that should never occur. */
  readonly wrong: readonly string[];
}

export interface AcknowledgedOrder {
  readonly id: string;
  readonly address: string;
  /** The reference of the order, which is also its idempotency key. */
  readonly reference: string;
}

interface Made extends AcknowledgedOrder {
  readonly shop: ShopAccess;
}

export class Shops implements Acknowledged {
  readonly orders: Made[] = [];
  readonly cancelled: Set<string> = new Set();
  readonly wrong: string[] = [];
  sentAgain = 0;
  readonly #access: readonly ShopAccess[];
  readonly #tokens = new Map<ShopAccess, string>();
  readonly #working: Promise<void>;
  #url: string | undefined;
  #closing = false;
  #abandoned = false;
  #answered: () => void = () => {};

  constructor(access: readonly ShopAccess[]) {
    this.#access = access;
    this.#working = Promise.all([this.#creates(), this.#creates(), this.#reads(), this.#cancels()]).then(() => undefined);
  }

  /** Sets the URL of the gateway that serves now, or undefined if none does. */
  serves(url: string | undefined): void {
    this.#url = url;
  }

  /** Resolves when the next order is acknowledged. */
  nextAnswer(): Promise<void> {
    return new Promise((resolve) => (this.#answered = resolve));
  }

  /** Starts no new requests, and resolves when all creations have been answered. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#working;
  }

  /** Ends at once, without waiting for answers. */
  abandon(): void {
    this.#closing = true;
    this.#abandoned = true;
  }

  async #creates(): Promise<void> {
    while (!this.#closing) {
      await sleep(Math.random() * 30);
      const reference = randomUUID();
      const body = { amount: '10.00', required_confirmations: Math.floor(Math.random() * 3), reference };
      const shop = this.#pick();
      const answer = await this.#ask(shop, 'POST', '/payment-order', { key: reference, body, untilAnswered: true });
      if (answer === undefined) return;
      const { uuid: id, address } = answer.body as { uuid?: string; address?: string };
      if (answer.status === 201 && id !== undefined && address !== undefined) {
        this.orders.push({ id, address, reference, shop });
        this.#answered();
      } else this.wrong.push(`a creation was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
  }

  /** Checks that acknowledged orders can be read. */
  async #reads(): Promise<void> {
    while (!this.#closing) {
      await sleep(Math.random() * 40);
      const order = this.orders.at(-1 - Math.floor(Math.random() * 20));
      const answer = order && (await this.#ask(order.shop, 'GET', `/payment-order/${order.id}`));
      if (order === undefined || answer === undefined || answer.status >= 500) continue;
      const { address } = answer.body as { address?: string };
      if (address !== order.address)
        this.wrong.push(
          `order ${order.id} was acknowledged with the address ${order.address}, and read with ${address} (status ${answer.status})`,
        );
    }
  }

  async #cancels(): Promise<void> {
    while (!this.#closing) {
      await sleep(Math.random() * 200);
      const order = this.orders.at(-1 - Math.floor(Math.random() * 5));
      const answer = order && (await this.#ask(order.shop, 'DELETE', `/payment-order/${order.id}`));
      if (order !== undefined && answer?.status === 200) this.cancelled.add(order.id);
    }
  }

  /** Sends a request. Returns undefined if it is not answered; with `untilAnswered`, it is sent again until it is. */
  async #ask(
    shop: ShopAccess,
    method: string,
    path: string,
    { key, body, untilAnswered = false }: { key?: string; body?: object; untilAnswered?: boolean } = {},
  ): Promise<{ status: number; body: unknown } | undefined> {
    let sent = 0;
    while (!this.#abandoned) {
      const url = this.#url;
      try {
        if (url === undefined) throw new Error('no gateway serves');
        sent += 1;
        const headers = {
          accept: 'application/json',
          'x-api-version': 'v1',
          authorization: `Bearer ${await this.#token(shop, url)}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        };
        const content = body === undefined ? {} : { body: JSON.stringify(body) };
        const answer = await fetch(`${url}${path}`, { method, headers, ...content, signal: AbortSignal.timeout(5_000) });
        const text = await answer.text();
        // The gateway is busy or stopping.
        if (answer.status >= 500 && untilAnswered) throw new Error(`answered ${answer.status}`);
        if (sent > 1) this.sentAgain += 1;
        return { status: answer.status, body: JSON.parse(text || '{}') };
      } catch {
        if (!untilAnswered) return undefined;
      }
      await sleep(15);
    }
    return undefined;
  }

  async #token(shop: ShopAccess, url: string): Promise<string> {
    const known = this.#tokens.get(shop);
    if (known !== undefined) return known;
    const answer = await fetch(`${url}/token`, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'x-api-version': 'v1',
        authorization: `Basic ${Buffer.from(`${shop.clientId}:${shop.secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials&scope=*',
      signal: AbortSignal.timeout(5_000),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    // Valid across restarts, because the signing key is in a file.
    this.#tokens.set(shop, token);
    return token;
  }

  #pick(): ShopAccess {
    const shop = this.#access[Math.floor(Math.random() * this.#access.length)];
    if (shop === undefined) throw new Error('no shop exists');
    return shop;
  }
}
