/**
 * Shops that ask the gateway over HTTP whenever it serves, and remember what it acknowledged. What was not answered, since the gateway was
 * killed, is asked for again with its Idempotency-Key when the next one serves.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShopAccess } from './make-shops.ts';

/** What gateways have acknowledged over HTTP. */
interface Acknowledged {
  readonly orders: readonly AcknowledgedOrder[];
  /** The ids of orders. */
  readonly cancelled: ReadonlySet<string>;
  /** How many creations had to be asked for again. */
  readonly askedAgain: number;
  /** Answers that should never be. */
  readonly wrong: readonly string[];
}

export interface AcknowledgedOrder {
  readonly id: string;
  readonly address: string;
  /** What its shop gave it, a new one with each key. */
  readonly reference: string;
}

interface Made extends AcknowledgedOrder {
  readonly shop: ShopAccess;
}

export class Shops implements Acknowledged {
  readonly orders: Made[] = [];
  readonly cancelled: Set<string> = new Set();
  readonly wrong: string[] = [];
  askedAgain = 0;
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

  /** A gateway serves there from now on, or nobody does. */
  serves(url: string | undefined): void {
    this.#url = url;
  }

  /** Settles when one of them has been given an order. */
  nextAnswer(): Promise<void> {
    return new Promise((resolve) => (this.#answered = resolve));
  }

  /** Asks for nothing new, and settles when all that was asked for has its answer. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#working;
  }

  /** Ends at once, whatever has no answer yet. */
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

  /** What was acknowledged can be read from then on. */
  async #reads(): Promise<void> {
    while (!this.#closing) {
      await sleep(Math.random() * 40);
      const order = this.orders.at(-1 - Math.floor(Math.random() * 20));
      const answer = order && (await this.#ask(order.shop, 'GET', `/payment-order/${order.id}`));
      if (order === undefined || answer === undefined || answer.status >= 500) continue;
      const { address } = answer.body as { address?: string };
      if (address !== order.address)
        this.wrong.push(`order ${order.id} was acknowledged at ${order.address}, and read with ${answer.status} at ${address}`);
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

  /** Undefined when there was no answer; with `untilAnswered` it asks until there is one. */
  async #ask(
    shop: ShopAccess,
    method: string,
    path: string,
    { key, body, untilAnswered = false }: { key?: string; body?: object; untilAnswered?: boolean } = {},
  ): Promise<{ status: number; body: unknown } | undefined> {
    let asked = 0;
    while (!this.#abandoned) {
      const url = this.#url;
      try {
        if (url === undefined) throw new Error('nobody serves');
        asked += 1;
        const headers = {
          accept: 'application/json',
          'x-api-version': 'v1',
          authorization: `Bearer ${await this.#token(shop, url)}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        };
        const sent = body === undefined ? {} : { body: JSON.stringify(body) };
        const answer = await fetch(`${url}${path}`, { method, headers, ...sent, signal: AbortSignal.timeout(5_000) });
        const text = await answer.text();
        // Busy, or stopping.
        if (answer.status >= 500 && untilAnswered) throw new Error(`answered ${answer.status}`);
        if (asked > 1) this.askedAgain += 1;
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
    // Good across restarts, since the key that signs it is in a file.
    this.#tokens.set(shop, token);
    return token;
  }

  #pick(): ShopAccess {
    const shop = this.#access[Math.floor(Math.random() * this.#access.length)];
    if (shop === undefined) throw new Error('there is no shop');
    return shop;
  }
}
