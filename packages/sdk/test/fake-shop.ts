import { vi } from 'vitest';
import { dropRepeats, type HandleCallback, standardWebhooks, webCallbacks } from '../src/adapters/index.ts';
import { CallbackHandler, type ReceivedCallback } from '../src/callbacks/index.ts';
import { Client } from '../src/client.ts';
import { createFakePlatform, type FakePlatform, type FakePlatformOptions } from '../src/testing/index.ts';
import { WEBHOOK_SECRET } from './callbacks.ts';

/** The callback URL of the shop on a fake platform. */
export const HOOK = 'https://shop.example/callback';
/** The time on a fake platform until a test moves it. */
const START_MS: number = Date.parse('2026-11-23T18:00:00.000Z');

export interface FakeShop {
  platform: FakePlatform;
  client: Client;
}

/** Opens a fake platform and a client for it. */
export function openFakeShop(options: FakePlatformOptions = {}): FakeShop {
  // Only `advance` moves the clock, so that a busy machine does not age an order.
  const platform = createFakePlatform({ now: () => START_MS, ...options });
  return { platform, client: new Client({ ...platform.clientOptions, maxRetries: 0 }) };
}

/** Opens a fake platform, a client for it, and a shop that receives its callbacks. */
export function openListeningShop(
  options: FakePlatformOptions = {},
): FakeShop & { handle: ReturnType<typeof vi.fn<HandleCallback>> } {
  const handle = vi.fn<HandleCallback>();
  const callbacks = new CallbackHandler({
    secret: 'fake-secret',
    standardWebhooks: standardWebhooks(WEBHOOK_SECRET),
    maxAgeMs: 60_000,
    now: () => made.platform.now(),
  });
  const deliver = webCallbacks(callbacks, dropRepeats(handle), { onError: () => undefined });
  const made = openFakeShop({ standardWebhooksSecret: WEBHOOK_SECRET, deliver, ...options });
  return { ...made, handle };
}

/** Returns the events that a shop has handled, in order. */
export function eventsOf(handle: ReturnType<typeof vi.fn<HandleCallback>>): string[] {
  return handle.mock.calls.map(([callback]: [ReceivedCallback, ...unknown[]]) => callback.event);
}
