import { afterEach, beforeEach, vi } from 'vitest';
import { Client } from '../src/client.ts';
import type { ClientOptions } from '../src/options.ts';
import { processTokens } from '../src/token-store.ts';
import { type Route, startGateway, type TestGateway } from './gateway.ts';

/** The gateway of the present test, once `useGateway` or `clientOf` has started it; closed after the test. */
export let gateway: TestGateway;
const toClose: TestGateway[] = [];

/** Starts the gateway of a test. */
export async function useGateway(routes: Readonly<Record<string, Route>> = {}): Promise<TestGateway> {
  gateway = await startGateway(routes);
  toClose.push(gateway);
  return gateway;
}

/** Starts the gateway of a test, and makes a client of it. */
export async function clientOf(
  routes: Readonly<Record<string, Route>> = {},
  options: Partial<ClientOptions> = {},
): Promise<Client> {
  const { baseUrl } = await useGateway(routes);
  return new Client({ mode: 'sandbox', clientId: 'shop', secret: 's€cret', baseUrl, ...options });
}

// Full jitter with the smallest number: a retry follows at once.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(async () => {
  vi.restoreAllMocks();
  // The next test may get the same port.
  processTokens.clear();
  await Promise.all(toClose.splice(0).map((open) => open.close()));
});
