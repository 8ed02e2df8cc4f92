/**
 * A shop that creates and reads orders without pause. A request that is not answered, or answered 502 or 503, is repeated, a creation with
 * the same idempotency key.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShopAccess } from '../kill/make-shops.ts';

export interface Asked {
  readonly status: number;
  readonly body: unknown;
}

export interface RequestToSend {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request once, to whichever process it chooses. */
export type Send = (request: RequestToSend) => Promise<Asked>;

const MAX_ATTEMPTS = 40;
const PAUSE_MS = 250;
const COMMON = { accept: 'application/json', 'x-api-version': 'v1' };

export class PatientShop {
  readonly #send: Send;
  readonly #access: ShopAccess;
  #token: string | undefined;
  #isOpen = true;
  #working: Promise<void> = Promise.resolve();
  /** Requests that were answered otherwise than they should be, after all attempts. */
  readonly failed: string[] = [];
  readonly orders: { readonly uuid: string; readonly address: string }[] = [];
  repeated = 0;

  constructor(access: ShopAccess, send: Send) {
    this.#access = access;
    this.#send = send;
  }

  open(): void {
    this.#working = this.#work();
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#isOpen) {
      await this.#round().catch((error: unknown) => this.failed.push(String(error)));
      await sleep(20);
    }
  }

  async #round(): Promise<void> {
    const created = await this.#ask('POST', '/payment-order', JSON.stringify({ amount: '10.00' }));
    const { uuid, address } = created as { uuid: string; address: string };
    this.orders.push({ uuid, address });
    const read = (await this.#ask('GET', `/payment-order/${uuid}`)) as { address?: string };
    if (read.address !== address) throw new Error(`order ${uuid} was read as ${JSON.stringify(read)}`);
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: string): Promise<unknown> {
    const key = { 'idempotency-key': randomUUID(), 'content-type': 'application/json' };
    this.#token ??= await this.#login();
    const headers = { ...COMMON, authorization: `Bearer ${this.#token}`, ...(body !== undefined && key) };
    return this.#answered({ method, path, headers, ...(body !== undefined && { body }) });
  }

  async #login(): Promise<string> {
    const { clientId, secret } = this.#access;
    const headers = {
      ...COMMON,
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const body = 'grant_type=client_credentials&scope=*';
    return ((await this.#answered({ method: 'POST', path: '/token', headers, body })) as { access_token: string }).access_token;
  }

  async #answered(request: RequestToSend): Promise<unknown> {
    let last = '';
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      try {
        const { status, body } = await this.#send(request);
        if (status < 300) return body;
        last = `${status} ${JSON.stringify(body)}`;
        if (status !== 502 && status !== 503) break;
      } catch (error) {
        last = String(error);
      }
      this.repeated += 1;
      await sleep(PAUSE_MS);
    }
    throw new Error(`${request.method} ${request.path}: ${last}`);
  }
}
