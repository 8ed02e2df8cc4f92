/** Sends the requests of a shop to one of the processes. */
import type { ShopAccess } from '../kill/make-shops.ts';
import type { Ledger } from './ledger.ts';

export interface Target {
  readonly name: string;
  readonly url: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Shorter than most events, so that a shop goes on to another process. */
const TIMEOUT_MS = 3_000;
const COMMON = { accept: 'application/json', 'x-api-version': 'v1' };

export class ShopClient {
  readonly #ledger: Ledger;
  /** Tokens are valid at every process, because they share the key file. */
  readonly #tokens = new Map<ShopAccess, string>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Returns undefined if the request was not answered, or not authorised. */
  async ask(
    target: Target,
    shop: ShopAccess,
    method: string,
    path: string,
    { key, body }: { readonly key?: string; readonly body?: object } = {},
  ): Promise<Answer | undefined> {
    try {
      const headers = { ...(await this.headersOf(target, shop)), ...(key !== undefined && { 'idempotency-key': key }) };
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(`${target.url}${path}`, {
        method,
        headers,
        ...content,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const parsed = { status: answer.status, body: JSON.parse(await answer.text()) as unknown };
      this.#note(target, method, path, parsed);
      if (answer.status !== 401) return parsed;
      this.#tokens.delete(shop);
    } catch {
      // Cut off, stopped, killed, or not started yet.
    }
    return undefined;
  }

  async headersOf(target: Target, shop: ShopAccess): Promise<Record<string, string>> {
    const token = this.#tokens.get(shop) ?? (await this.#login(target, shop));
    return { ...COMMON, authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  }

  #note({ name }: Target, method: string, path: string, { status, body }: Answer): void {
    const { error_code: code = '', message = '' } = body as { error_code?: string; message?: string };
    if (status === 503) this.#ledger.refused(code, `${name}: ${message}`);
    else if (status >= 500) this.#ledger.wrong.push(`${name}: ${method} ${path} was answered ${status}: ${JSON.stringify(body)}`);
  }

  async #login(target: Target, shop: ShopAccess): Promise<string> {
    const answer = await fetch(`${target.url}/token`, {
      method: 'POST',
      headers: {
        ...COMMON,
        authorization: `Basic ${Buffer.from(`${shop.clientId}:${shop.secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials&scope=*',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`login: ${answer.status} ${text}`);
    const { access_token: token } = JSON.parse(text) as { access_token: string };
    this.#tokens.set(shop, token);
    return token;
  }
}
