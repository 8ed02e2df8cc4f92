import { afterEach, beforeEach, vi } from 'vitest';
import { Client } from '../src/client.ts';
import type { Fetch } from '../src/http/fetch.ts';
import type { ClientOptions } from '../src/options/client-options.ts';
import { processTokens } from '../src/auth/token-store.ts';
import { type Route, startGateway, type TestGateway } from './gateway.ts';

/** The gateway of the current test, once `useGateway` or `clientOf` has started it; closed after the test. */
export let gateway: TestGateway;
const toClose: TestGateway[] = [];
/** The transport of clients in the current test file. */
let ownTransport: Fetch | undefined;

/** Starts the gateway of a test. */
export async function useGateway(routes: Readonly<Record<string, Route>> = {}): Promise<TestGateway> {
  gateway = await startGateway(routes);
  toClose.push(gateway);
  return gateway;
}

/** Starts the gateway of a test, and makes a client for it. */
export async function clientOf(
  routes: Readonly<Record<string, Route>> = {},
  options: Partial<ClientOptions> = {},
): Promise<Client> {
  const { baseUrl } = await useGateway(routes);
  const http = { fetch: ownTransport, ...options.http };
  return new Client({ mode: 'sandbox', clientId: 'shop', secret: 's€cret', baseUrl, ...options, http });
}

/** Makes the tests imported after it use a transport other than the global `fetch`. */
export function useTransport(fetch: Fetch): void {
  ownTransport = fetch;
}

/** Returns the transport of the current test. */
export function transport(): Fetch {
  return ownTransport ?? fetch;
}

// Full jitter with the smallest number: retries follow at once.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(async () => {
  vi.restoreAllMocks();
  // The next test may get the same port.
  processTokens.clear();
  await Promise.all(toClose.splice(0).map((open) => open.close()));
});
