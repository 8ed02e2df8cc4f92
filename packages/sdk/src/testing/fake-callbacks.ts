import type { CallbackEvent } from '../wire/index.ts';
import type { FakeOrder } from './fake-order.ts';
import { callbackBody } from './order-wire.ts';
import { signCallback, signStandardWebhook } from './sign-callback.ts';

/** Receives a callback, as the shop's server would, such as the result of `webCallbacks` of `@webpos/sdk/adapters`. */
export type Deliver = (request: Request) => Response | Promise<Response>;

/** A callback of a fake platform. */
export interface FakeCallback {
  /** The `webhook-id`, the same in every attempt. */
  id: string;
  uuid: string;
  event: CallbackEvent;
  /** Where it is sent; null if the order has no callback URL, so that it is never sent. */
  url: string | null;
  /** The body, as signed and sent. */
  body: string;
  /** The number of attempts. */
  attempts: number;
  /** Whether an attempt was answered with a 2xx status. */
  acknowledged: boolean;
}

/** Signs and sends the callbacks of a fake platform, one after the other, in the order of their events. */
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

  /** Sends the callbacks never sent before, or all unacknowledged ones. */
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
        // A shop that throws has not acknowledged.
        () => false,
      );
  }
}
