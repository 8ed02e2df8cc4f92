import type { CallbackEvent } from '../wire/index.ts';
import type { FakeOrder } from './fake-order.ts';
import { callbackBody } from './order-wire.ts';
import { signCallback, signStandardWebhook } from './sign-callback.ts';

/** Takes a callback, as the shop's server would; what `webCallbacks` of `@webpos/sdk/adapters` makes is one. */
export type Deliver = (request: Request) => Response | Promise<Response>;

/** A callback of a fake platform. */
export interface FakeCallback {
  /** The `webhook-id`, the same for each time that it is sent. */
  id: string;
  uuid: string;
  event: CallbackEvent;
  /** Where it goes; null where the order has no callback URL: it is then never sent. */
  url: string | null;
  /** The body, as it is signed and sent. */
  body: string;
  /** How often it was sent. */
  attempts: number;
  /** Whether a 2xx came back. */
  acknowledged: boolean;
}

/** Signs and sends the callbacks of a fake platform, one after the other, in the order of what happened. */
export class FakeCallbacks {
  readonly all: FakeCallback[] = [];
  readonly #options: {
    secret: string;
    standardWebhooksSecret?: string | undefined;
    deliver?: Deliver | undefined;
    now: () => number;
  };

  constructor(options: {
    secret: string;
    standardWebhooksSecret?: string | undefined;
    deliver?: Deliver | undefined;
    now: () => number;
  }) {
    this.#options = options;
  }

  add(event: CallbackEvent, order: FakeOrder): void {
    const body = JSON.stringify(callbackBody(event, order, this.#options.now()));
    const id = `msg_${this.all.length + 1}`;
    this.all.push({ id, uuid: order.uuid, event, url: order.urls.callback_url, body, attempts: 0, acknowledged: false });
  }

  /** Sends those that were never sent; or all that nobody has acknowledged. */
  async send(which: 'new' | 'unacknowledged' = 'new'): Promise<void> {
    for (const callback of this.all) {
      const isDue = callback.attempts === 0 || which === 'unacknowledged';
      if (isDue && !callback.acknowledged) await this.#send(callback);
    }
  }

  async #send(callback: FakeCallback): Promise<void> {
    const { secret, standardWebhooksSecret, deliver, now } = this.#options;
    const { id, url, body } = callback;
    if (url === null || deliver === undefined) return;
    callback.attempts += 1;
    const sentAtS = Math.floor(now() / 1000);
    const headers = {
      'content-type': 'application/json',
      'chainside-signature': await signCallback(body, secret),
      ...(standardWebhooksSecret === undefined ? {} : await signStandardWebhook(body, standardWebhooksSecret, { id, sentAtS })),
    };
    const request = new Request(url, { method: 'POST', headers, body });
    callback.acknowledged = await Promise.resolve(request)
      .then(deliver)
      .then(
        ({ ok }) => ok,
        // A shop that breaks down has not acknowledged.
        () => false,
      );
  }
}
